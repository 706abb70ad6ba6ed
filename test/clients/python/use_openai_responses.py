"""`openai` with its responses; the conversation is repeated, and nothing is stored."""

import json

import openai


class Session:
    def __init__(self, job, tool, key):
        self.client = openai.OpenAI(api_key=key, base_url=job["url"] + "/v1", max_retries=0)
        self.job = job
        self.input = []
        function = {"type": "function", "name": tool["name"], "description": tool["description"]}
        function.update({"parameters": tool["schema"], "strict": False})
        self.options = {"tools": [function]} if job["tools"] else {}
        if job["thinking"]:
            self.options["reasoning"] = {"effort": "medium", "summary": "auto"}

    def ask(self, prompt, image):
        content = [{"type": "input_text", "text": prompt}]
        if image is not None:
            content.append({"type": "input_image", "image_url": "data:image/png;base64," + image, "detail": "auto"})
        self.input.append({"role": "user", "content": content})
        return self.send()

    def answer(self, results):
        for call, result in results:
            self.input.append({"type": "function_call_output", "call_id": call["id"], "output": result})
        return self.send()

    def send(self):
        request = {"model": self.job["model"], "input": self.input, "store": False, **self.options}
        request["include"] = ["reasoning.encrypted_content"]
        if self.job["stream"]:
            with self.client.responses.stream(**request) as stream:
                for _ in stream:
                    pass
                response = stream.get_final_response()
        else:
            response = self.client.responses.create(**request)
        assert response.status == "completed" and response.usage.total_tokens > 0
        calls = []
        for item in response.output:
            kept = item.model_dump(exclude_none=True)
            kept.pop("parsed_arguments", None)
            for part in kept.get("content", []):
                part.pop("parsed", None)
            self.input.append(kept)
            if item.type == "function_call":
                calls.append({"id": item.call_id, "name": item.name, "args": json.loads(item.arguments)})
        return response.output_text, calls
