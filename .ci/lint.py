#!/usr/bin/env python3
"""Request bodies, read by Google's own typed client: what the linter lets pass and what it has corrected must be something that
this client can say, too. OpenAI's types read chat completions. Nothing is sent.

    lint.py [--broken | --corrected PROGRAM] < BODIES

BODIES are lines of JSON: {"kind": "generateContent", "body": "the text of the body", "name": "what to call it"}. The kinds are
the methods, `batch lines`, and `chat/completions`. Each kind is judged by a line, each body that is refused by one of its own.
With `--broken` each body has one fault, which its name tells, and those that types can show must be refused. With `--corrected`
the program corrects each of them into a new file, and what it then calls free of errors must be read.
"""

import collections
import functools
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import typing
import warnings

import pydantic
from google.genai import types

# What the API takes and this client has no place for, by where it stands; it is taken out before the client reads, each with its
# reason. Brackets that the API does not insist on are put round single turns and single parts for the same reason: the client
# always sends lists.
LEFT_OUT = {
    ("request", "model"): "the client sends the model in the address and not in the body",
    ("embed", "model"): "the client sends the model in the address and not in the body",
    ("batch", "priority"): "the client has no argument for it",
    ("line", "key"): "the client uploads the file of a batch as it is",
    ("chat", "extra_body"): "its SDK sends what is in it beside its own arguments",
}

# Fields of a request that the client has in its configuration under the same name.
AROUND = ("systemInstruction", "toolConfig", "safetySettings", "cachedContent", "serviceTier", "store")


def told(name, ok, why=""):
    print(f"ok       {name}" if ok else f"FAILED   {name}: {why}", flush=True)


def camel(name):
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


def members(message):
    """The fields of a message by their names in camelCase; one that is there twice is an error."""
    found = {}
    for name, value in message.items():
        if camel(name) in found:
            raise ValueError(f"{name} stands there twice")
        found[camel(name)] = value
    return found


def known(place, message):
    """The same without what the client has no place for."""
    return {name: value for name, value in members(message).items() if (place, name) not in LEFT_OUT}


def once(pairs):
    """An object whose names differ."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError(f"a name stands there twice among {[name for name, _ in pairs]}")
    return dict(pairs)


def no_constant(word):
    raise ValueError(f"{word} is no JSON")


def document(text):
    return json.loads(text, object_pairs_hook=once, parse_constant=no_constant)


def read(kind, value):
    """As the client reads JSON: bytes are base64, and fields that it does not know are refused. Where it only warns, as of words
    that an enumeration does not have, that counts as well."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return kind.model_validate_json(json.dumps(value))


def listed(value):
    return value if isinstance(value, list) else [value]


def content(value):
    if isinstance(value, dict) and isinstance(value.get("parts"), dict):
        value = {**value, "parts": [value["parts"]]}
    return read(types.Content, value)


def request(body):
    """A request for content: its turns, its tools, and everything else as the client's configuration."""
    found = known("request", body)
    for turn in listed(found.pop("contents")):
        content(turn)
    for tool in found.pop("tools", None) or []:
        read(types.Tool, tool)
    config = members(found.pop("generationConfig", None) or {})
    misplaced = sorted(name for name in ("tools", *AROUND) if name in config)
    if misplaced:
        raise ValueError(f"the settings have no {misplaced}")
    for name in AROUND:
        if name in found:
            config[name] = found.pop(name)
    if found:
        raise ValueError(f"the client knows no {sorted(found)}")
    if config.get("systemInstruction"):
        content(config.pop("systemInstruction"))
    # What is typed loosely in the configuration has a type of its own.
    for name, kind in (("responseSchema", types.Schema), ("speechConfig", types.SpeechConfig)):
        if config.get(name) is not None:
            read(kind, config.pop(name))
    read(types.GenerateContentConfig, config)


def count(body):
    found = members(body)
    request(found["generateContentRequest"] if "generateContentRequest" in found else found)


def embed(body):
    found = known("embed", body)
    content(found.pop("content"))
    read(types.EmbedContentConfig, found)


def embeds(body):
    (requests,) = members(body).values()
    for one in requests:
        embed(one)


def batch(body):
    found = known("batch", members(body)["batch"])
    read(types.CreateBatchJobConfig, {"displayName": found.pop("displayName")})
    (wrapped,) = members(found.pop("inputConfig")).values()
    (requests,) = members(wrapped).values()
    for one in requests:
        inlined = members(one)
        request(inlined.pop("request"))
        read(types.InlinedRequest, inlined)
    if found:
        raise ValueError(f"the client knows no {sorted(found)} of a batch")


def batch_line(body):
    found = known("line", body)
    request(found.pop("request"))
    if found:
        raise ValueError(f"a line has no {sorted(found)}")


def chat(body):
    """OpenAI's own types; what its SDK sends beside them as it is told, `extra_body` and `extra_content`, they do not have."""
    from openai.types.chat import completion_create_params as params

    body = {name: value for name, value in body.items() if ("chat", name) not in LEFT_OUT}
    kind = params.CompletionCreateParamsStreaming if body.get("stream") else params.CompletionCreateParamsNonStreaming
    unknown = set(body) - set(typing.get_type_hints(kind))
    if unknown:
        raise ValueError(f"the client knows no {sorted(unknown)}")
    to_the_end(adapter(kind).validate_python(body))


@functools.cache
def adapter(kind):
    """Kept, since lists are still read by it when its first answer is there."""
    return pydantic.TypeAdapter(kind)


def to_the_end(value):
    """Lists are read only as far as somebody asks for their elements."""
    if isinstance(value, dict):
        value = value.values()
    if not isinstance(value, (str, bytes)) and hasattr(value, "__iter__"):
        for one in value:
            to_the_end(one)


READERS = {
    "generateContent": request,
    "streamGenerateContent": request,
    "countTokens": count,
    "embedContent": embed,
    "batchEmbedContents": embeds,
    "batchGenerateContent": batch,
    "batch lines": batch_line,
    "chat/completions": chat,
}


def judge(kind, text):
    """What is said against a body, or nothing."""
    try:
        texts = text.splitlines() if kind == "batch lines" else [text]
        for one in texts:
            READERS[kind](document(one))
    except Exception as error:  # Whatever is said against it is told.
        return f"{type(error).__name__}: {error}"
    return None


def read_all(cases):
    """Every body has to be read; each that is not is told, up to twenty of a kind."""
    read_well, refused = collections.Counter(), collections.Counter()
    for number, case in enumerate(cases, 1):
        kind, name = case["kind"], case.get("name", f"line {number}")
        why = judge(kind, case["body"])
        if why is None:
            read_well[kind] += 1
            continue
        refused[kind] += 1
        if refused[kind] <= 20:
            told(f"{kind}, {name}", False, " ".join(why.split())[:600])
    for kind in READERS:
        if read_well[kind] or refused[kind]:
            name = f"{kind}: {read_well[kind]} bodies are read by the typed client"
            told(name, not refused[kind], f"{refused[kind]} are not")
    told("there was something to read", bool(read_well + refused), "no bodies came")


# Faults that the types alone must show, by what their names begin with; the others are rules of the API that no type has.
OF_TYPES = (
    "a misspelt name", "a name ", "stream in the body", "temperature at the top", "thinkingBudget beside", "tools in the settings",
    "content in a turn", "temperature as a", "a whole number with a fraction", "a turn as a text", "parts as a text", "text as a",
    "bytes as a number", "a mode that calling", "a system instruction as a", "an answer as a text", "arguments as a text",
    "a signature that is not base64", "a level that is none", "functions as OpenAI", "$schema", "const", "oneOf", "allOf",
    "a list of types", "a type that is none", "numbers in an enumeration", "base64 behind", "a category that is none",
    "a threshold that is none", "contents where there is one", "text: NaN", "text: a comma", "text: cut short",
)


def refuse_all(cases):
    """Every body has one fault; those of names, types and spelling must not be read."""
    looked_at = [case for case in cases if case["name"].startswith(OF_TYPES)]
    read_well = [case["name"] for case in looked_at if judge(case["kind"], case["body"]) is None]
    told(f"{len(looked_at) - len(read_well)} bodies with a fault are refused by the typed client", not read_well, read_well)
    told("every fault of types came", len(looked_at) >= len(OF_TYPES), f"{len(looked_at)} of {len(OF_TYPES)}")


# What the linter calls the methods.
KINDS = {
    "generateContent": "generate", "streamGenerateContent": "generate", "countTokens": "count", "embedContent": "embed",
    "batchEmbedContents": "embed-batch", "batchGenerateContent": "batch", "batch lines": "batch-line", "chat/completions": "openai",
}


def corrected(program, scratch, case):
    """The body as the program wrote it, or nothing where it wrote none or left an error in it."""
    before, after = scratch / "body.json", scratch / "corrected.json"
    before.write_text(case["body"])
    after.unlink(missing_ok=True)
    words = [program, "lint", before, "--fix-to", after, "--kind", KINDS[case["kind"]], "--model", case["model"],
             "--api-version", case["version"], "--no-count", "--format", "json"]
    run = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    report = json.loads(run.stdout)
    return after.read_text() if after.exists() and report["data"]["errors"] == 0 else None


def read_corrected(cases, program):
    """What was corrected has to be read, and a good part of the faults has to be of the kind that can be."""
    read_well = 0
    with tempfile.TemporaryDirectory() as scratch:
        for case in cases:
            body = corrected(program, pathlib.Path(scratch), case)
            if body is None:
                continue
            why = judge(case["kind"], body)
            read_well += why is None
            if why is not None:
                told(f"{case['name']}, corrected", False, " ".join(why.split())[:600])
    told(f"{read_well} corrected bodies of {len(cases)} are read by the typed client", read_well >= 30, "at least 30 are expected")


def main():
    cases = [json.loads(line) for line in sys.stdin]
    if "--corrected" in sys.argv:
        read_corrected(cases, sys.argv[sys.argv.index("--corrected") + 1])
    elif "--broken" in sys.argv:
        refuse_all(cases)
    else:
        read_all(cases)


main()
