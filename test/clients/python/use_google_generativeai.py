"""`google-generativeai` over REST, which is no longer developed and still much used."""

import base64

import google.generativeai as genai
from google.generativeai import protos


class Session:
    def __init__(self, job, tool, key):
        genai.configure(api_key=key, transport="rest", client_options={"api_endpoint": job["url"]})
        self.job = job
        declaration = {
            "name": tool["name"],
            "description": tool["description"],
            "parameters": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}, "required": ["city"]},
        }
        tools = [{"function_declarations": [declaration]}] if job["tools"] else None
        self.chat = genai.GenerativeModel(job["model"], tools=tools).start_chat()

    def ask(self, prompt, image):
        parts = [prompt]
        if image is not None:
            parts.append({"mime_type": "image/png", "data": base64.b64decode(image)})
        return self.send(parts)

    def answer(self, results):
        return self.send([
            protos.Part(function_response=protos.FunctionResponse(name=call["name"], response={"output": text}))
            for call, text in results
        ])

    def send(self, parts):
        # a thing of its own repeats requests for minutes
        response = self.chat.send_message(parts, stream=self.job["stream"], request_options={"retry": None})
        response.resolve()
        assert response.usage_metadata.total_token_count > 0
        calls = [
            {"name": part.function_call.name, "args": dict(part.function_call.args)}
            for part in response.parts
            if part.function_call
        ]
        return "".join(part.text for part in response.parts if part.text), calls
