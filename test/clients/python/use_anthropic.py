"""`anthropic` with its messages."""

import anthropic


class Session:
    def __init__(self, job, tool, key):
        self.client = anthropic.Anthropic(api_key=key, base_url=job["url"], max_retries=0)
        self.job = job
        self.messages = []
        function = {"name": tool["name"], "description": tool["description"], "input_schema": tool["schema"]}
        self.options = {"tools": [function]} if job["tools"] else {}
        if job["thinking"]:
            self.options["thinking"] = {"type": "enabled", "budget_tokens": 2048}

    def ask(self, prompt, image):
        content = [{"type": "text", "text": prompt}]
        if image is not None:
            source = {"type": "base64", "media_type": "image/png", "data": image}
            content.insert(0, {"type": "image", "source": source})
        self.messages.append({"role": "user", "content": content})
        return self.send()

    def answer(self, results):
        content = [{"type": "tool_result", "tool_use_id": call["id"], "content": text} for call, text in results]
        self.messages.append({"role": "user", "content": content})
        return self.send()

    def send(self):
        request = {"model": self.job["model"], "messages": self.messages, "max_tokens": 4096, **self.options}
        if self.job["stream"]:
            with self.client.messages.stream(**request) as stream:
                for _ in stream:
                    pass
                message = stream.get_final_message()
        else:
            message = self.client.messages.create(**request)
        assert message.usage.input_tokens > 0 and message.usage.output_tokens > 0
        self.messages.append({"role": "assistant", "content": [tell(block) for block in message.content]})
        calls = [
            {"id": block.id, "name": block.name, "args": block.input}
            for block in message.content
            if block.type == "tool_use"
        ]
        assert message.stop_reason == ("tool_use" if calls else "end_turn")
        return "".join(block.text for block in message.content if block.type == "text"), calls


def tell(block):
    kept = block.model_dump(exclude_none=True)
    kept.pop("parsed_output", None)
    return kept
