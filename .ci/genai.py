#!/usr/bin/env python3
"""Google's own Python SDK, and OpenAI's, against the simulator: they must get what this program gets from it. Whatever they
cannot read would be wrong in the simulator, however well the two halves of this project agreed about it.

    genai.py DOCTOR
"""

import contextlib
import json
import logging
import os
import re
import subprocess
import sys
import tempfile

DOCTOR = sys.argv[1]
# Its advice on how to call tools is none of the matter here.
logging.disable(logging.WARNING)
SCRATCH = tempfile.mkdtemp(prefix="genai-")
MODEL = "gemini-2.5-flash"
QUESTION = "Reply with the word ok."
# A model that does not think, and the room for an answer that this program gives such a one.
PLAIN, ROOM = "gemma-4-31b-it", 16


def told(name, ok, why=""):
    print(f"ok       {name}" if ok else f"FAILED   {name}: {why}", flush=True)


def same(name, ours, theirs):
    told(name, ours == theirs, f"this program {ours!r}, the SDK {theirs!r}")


@contextlib.contextmanager
def simulator(scenario):
    """The scenario as a server: its base URL, its key, and the file of its authority."""
    ca = os.path.join(SCRATCH, f"{scenario}.pem")
    line = [DOCTOR, "simulate", scenario, "--listen", "127.0.0.1:0", "--for", "120", "--ca-out", ca]
    server = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found = {}
    for said in server.stderr:
        if match := re.match(r"note: (base URL|key|CA) +(\S+)", said):
            found[match[1]] = match[2]
        if "CA" in found:
            break
    try:
        yield found["base URL"], found["key"], ca
    finally:
        server.terminate()
        server.wait()


def ours(where, line, text=None):
    """The report of a run of this program against the same server."""
    base_url, key, ca = where
    if text is not None:
        with open(os.path.join(SCRATCH, "prompt.txt"), "w", encoding="utf-8") as file:
            file.write(text)
    words = [DOCTOR, *line.split(), "--format", "json", "--base-url", base_url, "--ca-file", ca]
    env = {"PATH": os.environ["PATH"], "GEMINI_API_KEY": key}
    ran = subprocess.run(words, capture_output=True, text=True, cwd=SCRATCH, env=env, timeout=60)
    return json.loads(ran.stdout)


def client(where):
    from google import genai

    base_url, key, ca = where
    # From its third major version on it asks v1 unless told otherwise, and this program v1beta.
    options = {"base_url": base_url, "api_version": "v1beta", "client_args": {"verify": ca}}
    return genai.Client(api_key=key, http_options=options)


def attempt(report, method):
    return next(one for one in report["attempts"] if one["method"] == method)


def answers():
    """Everything works: the list, an entry, a count, an answer, and one in pieces."""
    from google.genai import types

    with simulator("healthy") as where:
        sdk = client(where)
        listed = ours(where, "list-models")["data"]["models"]
        theirs = list(sdk.models.list(config={"page_size": 5}))
        names = lambda models: sorted(name.removeprefix("models/") for name in models)
        same("models.list over all pages: names", names(one["name"] for one in listed), names(one.name for one in theirs))

        entry = sdk.models.get(model=MODEL)
        own = next(one for one in listed if one["name"].endswith(MODEL))
        same("models.get: limits", (own["input_token_limit"], own["output_token_limit"]),
             (entry.input_token_limit, entry.output_token_limit))
        same("models.get: methods", own["methods"], entry.supported_actions)

        text = "The quick brown fox jumps over the lazy dog, twice."
        counted = ours(where, f"count-tokens prompt.txt --verify --allow-host 127.0.0.1 --model {MODEL}", text)
        same("countTokens", counted["data"]["verify"]["total_tokens"],
             sdk.models.count_tokens(model=MODEL, contents=text).total_tokens)

        config = types.GenerateContentConfig(
            max_output_tokens=16, thinking_config=types.ThinkingConfig(thinking_budget=0))
        whole = sdk.models.generate_content(model=MODEL, contents=QUESTION, config=config)
        report = ours(where, f"check-key --deep --model {MODEL}")
        got = attempt(report, "models.generateContent")
        usage = whole.usage_metadata
        same("generateContent: model", got["model_version"], whole.model_version)
        same("generateContent: tokens", (got["input_tokens"], got["output_tokens"]),
             (usage.prompt_token_count, usage.candidates_token_count))

        pieces = list(sdk.models.generate_content_stream(model=MODEL, contents=QUESTION, config=config))
        same("streamGenerateContent: text", whole.text, "".join(piece.text or "" for piece in pieces))
        same("streamGenerateContent: end", whole.candidates[0].finish_reason, pieces[-1].candidates[0].finish_reason)
        streamed = attempt(report, "models.streamGenerateContent")
        same("streamGenerateContent: tokens", streamed["output_tokens"],
             pieces[-1].usage_metadata.candidates_token_count)

        # The id is made of the request alone: the same for the same request, and for no other. The SDK writes the settings
        # of thinking in another of the two spellings, so that a model without any is asked.
        plain = ours(where, f"check-key --model {PLAIN}")
        config = types.GenerateContentConfig(max_output_tokens=ROOM)
        same("generateContent: the very same answer", attempt(plain, "models.generateContent")["response_id"],
             sdk.models.generate_content(model=PLAIN, contents=QUESTION, config=config).response_id)

        form = {"type": "OBJECT", "properties": {"n": {"type": "INTEGER"}}, "required": ["n"]}
        structured = sdk.models.generate_content(
            model=MODEL, contents="A number, please.",
            config={"response_mime_type": "application/json", "response_schema": form})
        told("a structured answer is JSON of the form", isinstance(json.loads(structured.text)["n"], int), structured.text)

        def lucky_number(town: str) -> int:
            """Gives the lucky number of a town."""
            return len(town)

        used = sdk.models.generate_content(
            model=MODEL, contents="What is the lucky number of Example?", config={"tools": [lucky_number]})
        told("a tool is called, and its result is answered", bool(used.text), used)


REFUSALS = [
    ("a bad key", "api-key-invalid", "check-key --model gemini-2.5-flash", MODEL),
    ("a model that is not known", "healthy", "check-key --model gemini-9", "gemini-9"),
    ("a day's quota", "quota-daily-exhausted", f"check-key --model {MODEL}", MODEL),
    ("a minute's quota", "quota-requests-per-minute", f"check-key --model {MODEL}", MODEL),
    ("an overloaded model", "model-overloaded-503", f"check-key --model {MODEL}", MODEL),
    ("a place that is not served", "user-location-unsupported", f"check-key --model {MODEL}", MODEL),
    ("an API that is off", "service-disabled", f"check-key --model {MODEL}", MODEL),
]


def refusals():
    """Each error with its status, its word, its reason and its sentence."""
    from google.genai import errors

    for name, scenario, line, model in REFUSALS:
        with simulator(scenario) as where:
            report = ours(where, line)
            refused = [one for one in report["attempts"] if one["status"] and one["status"] >= 400]
            sdk = client(where)
            try:
                sdk.models.generate_content(model=model, contents=QUESTION)
                told(f"{name}: the SDK", False, "it got an answer")
                continue
            except errors.APIError as error:
                refusal = error
            said = refused[-1]["summary"] if refused else "nothing was refused"
            same(f"{name}: status", refused[-1]["status"] if refused else None, refusal.code)
            details = (refusal.details.get("error") or {}).get("details") or []
            words = [refusal.status, *(one["reason"] for one in details if "reason" in one)]
            told(f"{name}: {' '.join(words)}", all(word in said for word in words), said)
            first = " ".join(refusal.message.split())[:60]
            told(f"{name}: the same sentence", first in " ".join(said.split()), f"{first!r} is not in {said!r}")


def compatible():
    """The compatible routes, read by OpenAI's own SDK."""
    import httpx
    import openai

    with simulator("healthy") as where:
        base_url, key, ca = where
        http = httpx.Client(verify=ca)
        sdk = openai.OpenAI(api_key=key, base_url=f"{base_url}/v1beta/openai/", http_client=http, max_retries=0)
        there = (f"{base_url}/v1beta/openai", key, ca)
        report = ours(there, f"check-key --deep --api openai --model {MODEL}")
        listed = ours(there, "list-models --api openai")["data"]["models"]
        same("OpenAI's list: names", sorted(one["name"].removeprefix("models/") for one in listed),
             sorted(one.id.removeprefix("models/") for one in sdk.models.list()))
        same("OpenAI's entry", f"models/{MODEL}", sdk.models.retrieve(MODEL).id)
        asked = {"model": MODEL, "messages": [{"role": "user", "content": QUESTION}], "max_tokens": 1024}
        whole = sdk.chat.completions.create(**asked)
        got = attempt(report, "models.generateContent")
        same("a completion: the same answer", got["response_id"], whole.id)
        same("a completion: tokens", (got["input_tokens"], got["output_tokens"]),
             (whole.usage.prompt_tokens, whole.usage.total_tokens - whole.usage.prompt_tokens))
        pieces = list(sdk.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True}))
        text = "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)
        same("a streamed completion: text", whole.choices[0].message.content, text)
        same("a streamed completion: tokens", whole.usage.total_tokens, pieces[-1].usage.total_tokens)
        form = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
        structured = sdk.chat.completions.create(
            **asked, response_format={"type": "json_schema", "json_schema": {"name": "form", "schema": form}})
        told("a structured completion", isinstance(json.loads(structured.choices[0].message.content)["n"], int), structured)
        bad = openai.OpenAI(api_key="AQ.FAKE-wrong-key-for-the-simulator-0009", base_url=f"{base_url}/v1beta/openai/",
                            http_client=http, max_retries=0)
        try:
            bad.models.list()
            told("OpenAI's SDK with a bad key", False, "it got an answer")
        except openai.APIStatusError as error:
            same("OpenAI's SDK with a bad key: status", 400, error.status_code)


def main():
    for part in (answers, refusals, compatible):
        try:
            part()
        except Exception as error:  # What a part cannot do is told, and the others go on.
            told(part.__name__, False, f"{type(error).__name__}: {error}"[:600])


main()
