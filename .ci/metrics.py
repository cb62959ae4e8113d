"""Reads metrics with Prometheus' own client for Python, and says whether they tell what they should.

report TEXT OPENMETRICS JSON   three files of one run: both texts hold the same series, and what they count is what the
                               document counts
texts TEXT OPENMETRICS         both texts hold the same series
apart TEXT OPENMETRICS         both texts can be read; calls may have been counted between them
"""
import json
import sys
from collections import Counter

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as text


def series(parser, path):
    """Every sample by its name and labels; one that is there twice is an error."""
    found = {}
    with open(path, encoding="utf-8", newline="") as file:
        for family in parser(file.read()):
            if not family.documentation or family.type == "unknown":
                sys.exit(f"{path}: {family.name} has no help or no type")
            if not family.name.startswith("gemini_doctor_"):
                sys.exit(f"{path}: {family.name} is not named after the program")
            for sample in family.samples:
                key = (sample.name, frozenset(sample.labels.items()))
                if key in found:
                    sys.exit(f"{path}: {key} is there twice")
                found[key] = sample.value
    if not found:
        sys.exit(f"{path}: there are no samples")
    return found


def both(first, second):
    """The series of both files, which must be the same ones; only one format says since when they count."""
    one, other = series(text, first), series(openmetrics, second)
    other = {key: value for key, value in other.items() if not key[0].endswith("_created")}
    for key in one.keys() | other.keys():
        if repr(one.get(key)) != repr(other.get(key)):
            sys.exit(f"{key}: {one.get(key)} and {other.get(key)}")
    return one


def summed(found, name, label):
    """The values of a family, added up by one of its labels."""
    sums = Counter()
    for (own, labels), value in found.items():
        if own == name and value:
            sums[dict(labels)[label]] += value
    return sums


def same(what, metric, document):
    if metric != document:
        sys.exit(f"{what}: {metric} in the metrics and {document} in the document")


def report(first, second, document):
    found = both(first, second)
    with open(document, encoding="utf-8") as file:
        told = json.load(file)
    alone = {name: value for (name, _), value in found.items()}
    simulated = told["run"]["simulated"]
    for name, labels in found:
        same(f"{name} says that it is simulated", dict(labels).get("simulated"), simulated)
    same("checks", summed(found, "gemini_doctor_checks", "status"),
         Counter(check["status"] for check in told["checks"]))
    same("findings", summed(found, "gemini_doctor_findings", "id"),
         Counter(finding["id"] for finding in told["findings"]))
    same("status", list(summed(found, "gemini_doctor_run_status", "status")),
         [told["verdict"]["status"]])
    same("exit code", alone["gemini_doctor_run_exit_code"], told["verdict"]["exit_code"])
    budget = told["run"]["budget"]
    same("requests", alone["gemini_doctor_run_requests"], budget["requests_used"])
    tokens = {"input": budget["input_tokens"], "output": budget["output_tokens"]}
    same("tokens", dict(summed(found, "gemini_doctor_run_tokens", "direction")),
         {way: count for way, count in tokens.items() if count})
    same("timed calls", sum(summed(found, "gemini_doctor_run_calls", "arm").values()),
         len(told["samples"]))
    hosts = told["data"].get("hosts", [])
    same("certificates", len([host for host in hosts if host["chain"]]),
         len(summed(found, "gemini_doctor_certificate_expiry_timestamp_seconds", "host")))
    return len(found)


def texts(first, second):
    return len(both(first, second))


def apart(first, second):
    return min(len(series(text, first)), len(series(openmetrics, second)))


if __name__ == "__main__":
    command, *files = sys.argv[1:]
    print({"report": report, "texts": texts, "apart": apart}[command](*files), "series")
