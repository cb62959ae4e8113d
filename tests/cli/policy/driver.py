"""Runs a printed policy through scenarios: `driver.py POLICY`, scenarios on stdin, traces on stdout.

A line is `scenario NAME MODELS CHANCE FALLBACK` or a step of it, `step STATUS MS RETRY-AFTER BODY`,
parted by tabs; the last step repeats. CHANCE `-` leaves chance to the policy.
"""

import importlib.util
import sys


class Refused(Exception):
    """As client libraries have it: a status, headers, a text."""

    def __init__(self, status, after, body):
        super().__init__(body)
        self.status_code = int(status)
        self.headers = {} if after == "-" else {"Retry-After": after}


def load(path):
    specification = importlib.util.spec_from_file_location("policy", path)
    module = importlib.util.module_from_spec(specification)
    sys.modules["policy"] = module
    specification.loader.exec_module(module)
    return module


def failure(status, after, body):
    if status == "timeout":
        return TimeoutError(body)
    return ValueError(body) if status == "bug" else Refused(status, after, body)


def run(policy, name, models, chance, fallback, steps):
    now = 1000.0

    def call(attempt):
        nonlocal now
        status, took, after, body = steps[min(attempt.number, len(steps)) - 1]
        print("attempt", attempt.model, round(attempt.seconds_left * 1000), int(attempt.new_connection), sep="\t")
        now += int(took) / 1000
        if status != "ok":
            raise failure(status, after, body)
        return "answer"

    def sleep(seconds):
        nonlocal now
        now += seconds
        print("sleep", round(seconds * 1000), sep="\t")

    own = {} if chance == "-" else {"chance": lambda: float(chance)}
    instead = {"fallback": lambda error: "instead"} if fallback == "fallback" else {}
    print("scenario", name, sep="\t")
    try:
        answer = policy.generate(call, models.split(","), **instead, sleep=sleep, clock=lambda: now, **own)
        print("end", answer, "", sep="\t")
    except policy.GaveUp as error:
        print("end", "gave up", error, sep="\t")
        assert error.__cause__ is not None


policy = load(sys.argv[1])
scenarios = []
for line in sys.stdin.read().splitlines():
    kind, *fields = line.split("\t")
    if kind == "scenario":
        scenarios.append((fields, []))
    else:
        scenarios[-1][1].append(fields)
for fields, steps in scenarios:
    run(policy, *fields, steps)
