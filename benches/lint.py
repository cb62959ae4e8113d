#!/usr/bin/env python3
"""What `lint` costs beside jq, for a body of 50 MB.

    benches/lint.py [--rounds N] [--megabytes N] [--program PATH]

Two bodies are made from a seed, both without a fault: a conversation of many turns of a few kilobytes with function calls, and
one of media, a few turns with inline data of a megabyte each. `lint --no-count` looks through each with every rule, `jq .`
parses it and writes it anew, to nowhere. Both are whole processes on one core; processor time (user and system) is what wait4
says, memory what time says. With the count, `lint` may take no longer than without it and `count-tokens` for the same body
together.

Machines differ and have other things to do, so that the goals are ratios in one run. Ends with 1 when the best round misses
one, so that noise alone cannot fail a build.
"""

import argparse
import base64
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile

from rounds import TIME, spent
from texts import english

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEED = 20261201
MODEL = "gemini-3.8-flash"
# Of jq's processor time.
MOST_OF_JQ = 1 / 3
# Of what the two take apart: a whole process starts once and not twice.
MOST_OF_SUM = 1.05
# The file itself is held, and the places of its values beside it.
MOST_MIB_ABOVE_INPUT = 48


def main():
    options = arguments()
    if not options.program.is_file():
        print(f"skipped: {options.program} is not built: cargo build --release")
        return 0
    for program in (TIME, "jq"):
        if shutil.which(program) is None:
            print(f"skipped: {program} is not installed")
            return 0
    with tempfile.TemporaryDirectory() as scratch:
        missed = list(measure(options, pathlib.Path(scratch)))
    for line in missed:
        print(f"MISSED   {line}")
    return 1 if missed else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target" / "release" / "gemini-doctor")
    options = parser.parse_args()
    options.program = options.program.resolve()
    return options


def measure(options, scratch):
    print(f"{options.rounds} rounds, load {os.getloadavg()[0]:.1f}; medians")
    for name, make in (("turns", turns), ("media", media)):
        path = scratch / f"{name}.json"
        path.write_text(make(options.megabytes * 1_000_000))
        yield from one_body(options, scratch, name, path)


def one_body(options, scratch, name, path):
    lint = [options.program, "lint", path, "--model", MODEL, "--format", "json"]
    commands = {
        "lint": lambda: spent(scratch, [*lint, "--no-count"], {}),
        "jq": lambda: spent(scratch, ["sh", "-c", f"exec jq . {path} >/dev/null"], {}),
    }
    if name == "turns":
        commands["lint, counted"] = lambda: spent(scratch, lint, {})
        commands["count-tokens"] = lambda: spent(
            scratch, [options.program, "count-tokens", "--request", path, "--model", MODEL, "--jobs", "1"], {})
    runs = {which: [] for which in commands}
    for _ in range(options.rounds):
        for which in random.sample(list(commands), len(commands)):
            runs[which].append(commands[which]())
    megabytes = path.stat().st_size / 1e6
    for which, some in runs.items():
        print(f"{name:8}{which:16}{median([run.wall for run in some]):7.2f} s wall"
              f"{median([run.processor for run in some]):7.2f} s processor"
              f"{megabytes / median([run.processor for run in some]):8.1f} MB/s{median([run.memory for run in some]):8.1f} MiB")
    yield from verdicts(name, runs, path.stat().st_size / 2**20)


def verdicts(name, runs, mib):
    if runs["jq"][0].status != 0:
        yield f"{name}: jq failed: {runs['jq'][0].complained.strip()[:200]}"
        return
    report = json.loads(runs["lint"][0].said)
    if report["data"]["errors"]:
        yield f"{name}: a body without a fault has errors: {report['verdict']['sentence']}"
    share = min(ours.processor / theirs.processor for ours, theirs in zip(runs["lint"], runs["jq"]))
    print(f"{name}: the best round takes {share:.3f} of jq's processor time")
    if share > MOST_OF_JQ:
        yield f"{name}: {share:.2f} of jq's processor time in the best round, and {MOST_OF_JQ:.2f} is the most"
    above = min(run.memory for run in runs["lint"]) - mib
    if above > MOST_MIB_ABOVE_INPUT:
        yield f"{name}: {above:.1f} MiB above the input, and {MOST_MIB_ABOVE_INPUT} is the most"
    if "count-tokens" in runs:
        rounds = zip(runs["lint, counted"], runs["lint"], runs["count-tokens"])
        share = min(both.processor / (plain.processor + count.processor) for both, plain, count in rounds)
        print(f"{name}: with the count it takes {share:.2f} of lint and count-tokens together")
        if share > MOST_OF_SUM:
            yield f"{name}: with the count {share:.2f} of the two together, and {MOST_OF_SUM} is the most"


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


def turns(size):
    """Many turns of a few kilobytes, a call and its response now and then."""
    dice, prose = random.Random(SEED), english(4_000_000)
    contents, written = [], 0
    while written < size:
        start = dice.randrange(len(prose) - 8000)
        text = prose[start:start + dice.randrange(200, 6000)]
        contents.append({"role": "user", "parts": [{"text": text}]})
        if dice.random() < 0.3:
            call = {"name": "look_up", "args": {"query": text[:40], "limit": dice.randrange(1, 90)}}
            signed = {"functionCall": call, "thoughtSignature": base64.b64encode(dice.randbytes(60)).decode()}
            contents.append({"role": "model", "parts": [signed]})
            response = {"name": "look_up", "response": {"found": [text[40:90], dice.randrange(10 ** 6)]}}
            contents.append({"role": "user", "parts": [{"functionResponse": response}]})
        contents.append({"role": "model", "parts": [{"text": text[::2]}]})
        written += len(text) * 3 // 2 + 300
    contents.append({"role": "user", "parts": [{"text": "Go on."}]})
    return body(contents, indent=dice.choice([None, 2]))


def media(size):
    dice = random.Random(SEED + 1)
    image = lambda: b"\x89PNG\r\n\x1a\n" + dice.randbytes(750_000)
    parts = [{"inlineData": {"mimeType": "image/png", "data": base64.b64encode(image()).decode()}}
             for _ in range(size // 1_000_000)]
    return body([{"role": "user", "parts": [{"text": "What do these show?"}, *parts]}], indent=None)


def body(contents, indent):
    declaration = {"name": "look_up", "description": "Looks something up.", "parameters": {
        "type": "OBJECT", "properties": {"query": {"type": "STRING"}, "limit": {"type": "INTEGER"}}, "required": ["query"]}}
    return json.dumps({
        "contents": contents, "tools": [{"functionDeclarations": [declaration]}],
        "systemInstruction": {"parts": [{"text": "Be brief."}]}, "generationConfig": {"maxOutputTokens": 4096},
    }, indent=indent, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
