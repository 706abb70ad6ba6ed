"""`openai` with its chat completions."""

import json

import openai


class Session:
    def __init__(self, job, tool, key):
        self.client = openai.OpenAI(api_key=key, base_url=job["url"] + "/v1", max_retries=0)
        self.job = job
        self.messages = []
        function = {"name": tool["name"], "description": tool["description"], "parameters": tool["schema"]}
        self.options = {"tools": [{"type": "function", "function": function}]} if job["tools"] else {}
        if job["thinking"]:
            self.options["reasoning_effort"] = "medium"

    def ask(self, prompt, image):
        content = prompt
        if image is not None:
            url = {"url": "data:image/png;base64," + image}
            content = [{"type": "text", "text": prompt}, {"type": "image_url", "image_url": url}]
        self.messages.append({"role": "user", "content": content})
        return self.send()

    def answer(self, results):
        for call, result in results:
            self.messages.append({"role": "tool", "tool_call_id": call["id"], "content": result})
        return self.send()

    def send(self):
        request = {"model": self.job["model"], "messages": self.messages, **self.options}
        if self.job["stream"]:
            usage = {"include_usage": True}
            with self.client.chat.completions.stream(**request, stream_options=usage) as stream:
                for _ in stream:
                    pass
                completion = stream.get_final_completion()
        else:
            completion = self.client.chat.completions.create(**request)
        assert completion.usage is not None and completion.usage.total_tokens > 0
        message = completion.choices[0].message
        # as a program does that keeps what it does not know
        kept = message.model_dump(exclude_none=True)
        for call in kept.get("tool_calls", []):
            call.pop("index", None)
            call["function"].pop("parsed_arguments", None)
        kept.pop("parsed", None)
        self.messages.append(kept)
        calls = [
            {"id": call.id, "name": call.function.name, "args": json.loads(call.function.arguments)}
            for call in message.tool_calls or []
        ]
        assert completion.choices[0].finish_reason == ("tool_calls" if calls else "stop")
        return message.content or "", calls
