"""`google-genai`, whose chats keep the conversation."""

import base64

from google import genai
from google.genai import types


class Session:
    def __init__(self, job, tool, key):
        options = types.HttpOptions(base_url=job["url"], retry_options=types.HttpRetryOptions(attempts=1))
        self.client = genai.Client(api_key=key, http_options=options)
        self.job = job
        declaration = types.FunctionDeclaration(
            name=tool["name"], description=tool["description"], parameters_json_schema=tool["schema"]
        )
        config = types.GenerateContentConfig(
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True)
        )
        if job["tools"]:
            config.tools = [types.Tool(function_declarations=[declaration])]
        if job["thinking"]:
            config.thinking_config = types.ThinkingConfig(include_thoughts=True)
        self.chat = self.client.chats.create(model=job["model"], config=config)

    def ask(self, prompt, image):
        parts = [types.Part.from_text(text=prompt)]
        if image is not None:
            parts.append(types.Part.from_bytes(data=base64.b64decode(image), mime_type="image/png"))
        return self.send(parts)

    def answer(self, results):
        return self.send([
            types.Part(function_response=types.FunctionResponse(id=call["id"], name=call["name"], response={"output": text}))
            for call, text in results
        ])

    def send(self, parts):
        if self.job["stream"]:
            chunks = list(self.chat.send_message_stream(parts))
        else:
            chunks = [self.chat.send_message(parts)]
        assert any(chunk.usage_metadata and chunk.usage_metadata.total_token_count > 0 for chunk in chunks)
        finishes = [chunk.candidates[0].finish_reason for chunk in chunks if chunk.candidates]
        assert finishes[-1] == types.FinishReason.STOP, finishes
        said = [part for chunk in chunks for part in (chunk.candidates[0].content.parts or [])]
        calls = [
            {"id": part.function_call.id, "name": part.function_call.name, "args": part.function_call.args}
            for part in said
            if part.function_call
        ]
        return "".join(part.text for part in said if part.text and not part.thought), calls
