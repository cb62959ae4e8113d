#!/usr/bin/env python3
"""What `read-log` costs beside jq, for a log of a million calls.

    benches/read_log.py [--rounds N] [--lines N] [--program PATH]

The log is made from a seed: an object a call with the fields of an application's log, a day long, with an hour in
which a third of the calls fail. `read-log` answers everything it can; jq answers one of the questions, how many calls
ended with which status, reading line by line (`jq -n 'reduce inputs ...'`). Both are whole processes on one core;
processor time (user and system) is what wait4 says, memory what time says. A tenth of the log shows that memory does
not grow with it, and the statuses that both count must be the same.

Machines differ and have other things to do, so that the goal is a ratio in one run. Ends with 1 when the best round
misses it, so that noise alone cannot fail a build.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile

from rounds import TIME, spent

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEED = 20261130
PICK = 'reduce inputs.status_code as $status ({}; .[$status | tostring] += 1)'
# Of jq's processor time, for one question of many.
MOST_OF_JQ = 0.3
MOST_MIB, MOST_MIB_MORE = 24, 4


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
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target" / "release" / "gemini-doctor")
    options = parser.parse_args()
    options.program = options.program.resolve()
    return options


def measure(options, scratch):
    whole, tenth = scratch / "whole.ndjson", scratch / "tenth.ndjson"
    make(whole, options.lines)
    make(tenth, options.lines // 10)
    ours = lambda path: spent(scratch, [options.program, "read-log", path, "--top", "100", "--format", "json"], {})
    commands = {
        "read-log": lambda: ours(whole),
        "a tenth": lambda: ours(tenth),
        "jq": lambda: spent(scratch, [shutil.which("jq"), "-n", "-c", PICK, whole], {}),
    }
    runs = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name in random.sample(list(commands), len(commands)):
            runs[name].append(commands[name]())
    megabytes = whole.stat().st_size / 1e6
    print(f"{options.rounds} rounds, {options.lines} lines, {megabytes:.0f} MB, load {os.getloadavg()[0]:.1f}; medians")
    for name, some in runs.items():
        print(f"{name:10}{median([run.wall for run in some]):8.2f} s wall{median([run.processor for run in some]):8.2f}"
              f" s processor{median([run.memory for run in some]):8.1f} MiB")
    yield from verdicts(runs)


def verdicts(runs):
    for name, some in runs.items():
        if any(run.status != 0 for run in some):
            yield f"{name} failed: {some[0].complained.strip()[:200]}"
            return
    if counted_by_us(runs["read-log"][0].said) != json.loads(runs["jq"][0].said):
        yield "read-log and jq count other statuses"
    share = min(ours.processor / theirs.processor for ours, theirs in zip(runs["read-log"], runs["jq"]))
    print(f"the best round takes {share:.2f} of jq's processor time")
    if share > MOST_OF_JQ:
        yield f"{share:.2f} of jq's processor time in the best round, and {MOST_OF_JQ} is the most"
    memory = min(run.memory for run in runs["read-log"])
    more = memory - min(run.memory for run in runs["a tenth"])
    if memory > MOST_MIB:
        yield f"{memory:.1f} MiB, and {MOST_MIB} is the most"
    if more > MOST_MIB_MORE:
        yield f"{more:.1f} MiB more than for a tenth of the log, and {MOST_MIB_MORE} is the most"


def counted_by_us(said):
    data = json.loads(said)["data"]
    counts = {"200": data["answered"]}
    for failure in data["failures"]:
        counts[str(failure["status"])] = counts.get(str(failure["status"]), 0) + failure["calls"]
    return counts


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


def make(path, lines):
    dice = random.Random(SEED)
    models = ["gemini-2.5-flash", "gemini-2.5-pro", "gemini-2.5-flash-lite"]
    tasks, teams = ["summary", "classification", "code_review"], ["red", "blue", "green", "grey"]
    with open(path, "w", encoding="utf-8") as file:
        for number in range(lines):
            second = number * 86400 / lines
            fails = dice.random() < (0.3 if 40000 < second < 43600 else 0.005)
            hours, rest = divmod(second, 3600)
            minutes, seconds = divmod(rest, 60)
            file.write(json.dumps({
                "at": f"2026-05-29T{int(hours):02}:{int(minutes):02}:{seconds:06.3f}Z",
                "request_id": f"req_{number:08}", "provider": "gemini", "task_type": dice.choice(tasks),
                "model_used": dice.choice(models), "latency_ms": round(dice.lognormvariate(6.5, 0.6), 1),
                "status_code": dice.choice([429, 429, 429, 503]) if fails else 200, "retry_count": 0,
                "input_tokens": int(dice.lognormvariate(7, 1)),
                "output_tokens": None if fails else int(dice.lognormvariate(5, 0.7)),
                "team_id": dice.choice(teams), "business_tag": "spring" if dice.random() < 0.87 else "autumn",
            }, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    sys.exit(main())
