#!/usr/bin/env python3
"""What it costs to explain: `gemini-doctor explain` beside jq and grep, interleaved in random order.

Inputs, all on standard input: one small error as the API sends it, and logs of some megabytes,
generated from a seed, in which errors of several kinds lie among lines of JSON and of text. jq picks
the status of every error out of the lines that are JSON; grep counts the lines with a known word.
Neither names a cause, so they show what reading alone costs. Processor time (user and system, of the
whole process) and its largest memory are what wait4 says in every round; of memory it says no less than
what this script has itself.

    benches/explain.py [--rounds N] [--megabytes N...] [--program PATH]

It sets no goals; it ends with 1 when a program fails, or when the log's errors are not recognised.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEED = 20261120
RESAMPLES = 4000
WARM_UP_ROUNDS = 1
# A line in so many is an error.
NOISE = 200
OURS = "gemini-doctor"
PICK = "fromjson? | objects | .error? | objects | .status? // empty"
WORDS = "RESOURCE_EXHAUSTED|INVALID_ARGUMENT|UNAVAILABLE|NOT_FOUND|DEADLINE_EXCEEDED"
ERRORS = [
    (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota. Please retry in 23.4s.",
     [{"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [
         {"quotaId": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "quotaValue": "10"}]}]),
    (503, "UNAVAILABLE", "The model is overloaded. Please try again later.", []),
    (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.",
     [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID",
       "domain": "googleapis.com"}]),
    (504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.", []),
]


class Input:
    """A file, the programs that read it, and what each round of them cost."""

    def __init__(self, name, path, rounds, commands):
        self.name, self.path, self.rounds = name, path, rounds
        self.megabytes = path.stat().st_size / 1e6
        self.commands = {name: words for name, words in commands.items() if is_here(words[0])}
        self.seconds = {name: [] for name in self.commands}
        self.memory = {name: 0.0 for name in self.commands}


def main():
    options = arguments()
    reason = what_is_missing(options)
    if reason:
        print(f"skipped: {reason}")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        inputs = the_inputs(options, pathlib.Path(scratch))
        for one in inputs:
            measure(one)
    print(f"seed {SEED}, load {os.getloadavg()[0]:.1f}, {options.program.name} of "
          f"{options.program.stat().st_size / 2**20:.1f} MiB")
    for one in inputs:
        show(one)
    return 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    release = ROOT / "target" / "release" / OURS
    parser.add_argument("--rounds", type=int, default=60, help="of the small error; fewer of logs")
    parser.add_argument("--megabytes", type=int, nargs="+", default=[10, 64], help="of each log")
    parser.add_argument("--program", type=pathlib.Path, default=release)
    options = parser.parse_args()
    options.program = options.program.resolve()
    return options


def what_is_missing(options):
    if not hasattr(os, "wait4"):
        return "this system has no wait4"
    if not options.program.is_file():
        return f"{options.program} is not built: cargo build --release"
    return None


def is_here(program):
    if shutil.which(program) is None:
        print(f"skipped: {program} is not installed")
        return False
    return True


def the_inputs(options, scratch):
    small = scratch / "error.json"
    small.write_text(error_text(random.Random(SEED), indent=2))
    ours = [str(options.program), "explain", "-"]
    grep = ["grep", "-cE", WORDS]
    inputs = [Input("one small error", small, options.rounds,
                    {OURS: ours, "jq": ["jq", "-r", ".error.status"], "grep": grep})]
    for megabytes in options.megabytes:
        log = scratch / f"calls-{megabytes}.log"
        write_log(log, megabytes * 1e6)
        inputs.append(Input("a log", log, max(options.rounds * 2 // max(megabytes, 1), 3),
                            {OURS: ours, "jq": ["jq", "-R", "-r", PICK], "grep": grep}))
    return inputs


def write_log(path, size):
    """The same bytes every time."""
    chance, written = random.Random(SEED), 0
    with path.open("w") as log:
        while written < size:
            written += log.write(log_line(chance))


def log_line(chance):
    stamp = f"2026-11-20T{chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02}Z"
    if chance.randrange(NOISE) == 0:
        return f"{chance.choice([error_text, python_text])(chance)}\n"
    if chance.random() < 0.3:
        return f"{stamp} INFO worker-{chance.randrange(8)} batch {chance.getrandbits(32)} took " \
               f"{chance.randrange(900)} ms\n"
    served = {"time": stamp, "level": "info", "message": "served", "path": "/api/summary", "status": 200,
              "request": f"{chance.getrandbits(128):032x}", "latency_ms": chance.randrange(4000),
              "tokens": {"prompt": chance.randrange(9000), "answer": chance.randrange(900)}}
    return json.dumps(served) + "\n"


def error_text(chance, indent=None):
    return json.dumps({"error": error(chance)}, indent=indent)


def python_text(chance):
    one = error(chance)
    return f"google.genai.errors.APIError: {one['code']} {one['status']}. {{'error': {one}}}"


def error(chance):
    code, status, message, details = chance.choice(ERRORS)
    return {"code": code, "message": message, "status": status, "details": details}


def measure(one):
    for number in range(-WARM_UP_ROUNDS, one.rounds):
        for name in random.sample(list(one.commands), len(one.commands)):
            seconds, memory = cost(one.commands[name], one.path)
            if number >= 0:
                one.seconds[name].append(seconds)
                one.memory[name] = max(one.memory[name], memory)


def cost(words, path):
    """Seconds of processor time, and MiB of memory at most. To a file: grep stops early for /dev/null."""
    files = [(os.POSIX_SPAWN_OPEN, 0, str(path), os.O_RDONLY, 0),
             (os.POSIX_SPAWN_OPEN, 1, str(path.with_suffix(".out")),
              os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    child = os.posix_spawnp(words[0], words, {"PATH": os.environ["PATH"]}, file_actions=files)
    _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        sys.exit(f"{' '.join(words)} on {path.name} ended with {code}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def show(one):
    print(f"{one.name}, {one.megabytes * 1e6:,.0f} bytes, {one.rounds} rounds")
    for name, seconds in one.seconds.items():
        mean = statistics.fmean(seconds)
        speed = f", {one.megabytes / max(mean, 1e-9):.1f} MB/s" if one.megabytes > 1 else ""
        print(f"    {name:14} {mean * 1000:8.1f} ms of processor time{speed}, "
              f"{one.memory[name]:.0f} MiB{beside(one, name)}")


def beside(one, name):
    """How much of ours is theirs: the ratio of the sums, for one short run is all noise."""
    if name == OURS or OURS not in one.seconds:
        return ""
    low, high = interval(list(zip(one.seconds[OURS], one.seconds[name])))
    ratio = ratio_of(list(zip(one.seconds[OURS], one.seconds[name])))
    return f"; ours is {ratio:.2f} of it, 95 % interval {low:.2f} to {high:.2f}"


def ratio_of(pairs):
    return sum(mine for mine, _ in pairs) / max(sum(theirs for _, theirs in pairs), 1e-9)


def interval(pairs):
    """A percentile bootstrap over rounds."""
    ratios = sorted(ratio_of(random.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    return ratios[int(RESAMPLES * 0.025)], ratios[int(RESAMPLES * 0.975) - 1]


if __name__ == "__main__":
    sys.exit(main())
