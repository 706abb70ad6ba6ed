"""Holds conversations with one of the vendors' libraries: each line of the input asks for one, each line of the output tells it.

A conversation is `url`, `model`, `prompts`, `stream`, `tools`, `thinking`, perhaps `image` (PNG in base64), and `results`, what the
tool tells of each city. What is told is `answers`, the last words to each prompt, and `calls`; or `error`, its class and message.
"""

import importlib
import json
import sys
import traceback

TOOL = {
    "name": "get_weather",
    "description": "Tells the weather of a city.",
    "schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
KEY = "sk-client-0000000000"


def converse(session, job):
    answers, calls = [], []
    for at, prompt in enumerate(job["prompts"]):
        said, wanted = session.ask(prompt, job.get("image") if at == 0 else None)
        while wanted:
            calls += [{"name": call["name"], "args": call["args"]} for call in wanted]
            said, wanted = session.answer([(call, job["results"][call["args"]["city"]]) for call in wanted])
        answers.append(said)
    return {"answers": answers, "calls": calls}


def main():
    library = importlib.import_module(sys.argv[1])
    for line in sys.stdin:
        job = json.loads(line)
        try:
            told = converse(library.Session(job, TOOL, KEY), job)
        except Exception as error:
            family = [parent.__name__ for parent in type(error).__mro__]
            told = {"error": {"family": family, "message": str(error), "trace": traceback.format_exc()[-2000:]}}
        print(json.dumps(told), flush=True)


main()
