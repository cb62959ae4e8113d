"""Reads reports with programs that others wrote, and holds their numbers against the JSON document of the same run.

    formats.py FOLDER CHECKS

FOLDER holds NAME.json beside NAME.junit, NAME.markdown, NAME.sarif; Markdown is left there as NAME-markdown.html, for a
browser. CHECKS is where schemas lie. Prints `ok` or `FAILED` a line, and `skipped:` where a schema is missing.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree

import junitparser
import jsonschema
import xmlschema
from markdown_it import MarkdownIt

# A page of Markdown with nothing of ours: letters that can be read, in light and in dark, and tables that scroll.
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,"><style>
:root{{color-scheme:light dark}}body{{font:16px/1.5 sans-serif;overflow-wrap:anywhere}}
h3{{font-size:18px}}code,pre{{font-size:14px}}table{{display:block;overflow-x:auto}}pre{{overflow-x:auto}}
</style></head><body>{}</body></html>"""

RESULTS = {"pass": "ok", "warn": "warn", "fail": "FAIL", "skip": "not run", "inconclusive": "unclear"}


def say(what, wrong):
    print(f"FAILED {what}: {'; '.join(wrong[:4])}" if wrong else f"ok {what}", flush=True)


def differ(pairs):
    return [f"{name} is {told} and should be {held}" for name, told, held in pairs if told != held]


def expected(report):
    """What a test tab must show: cases, failures, errors, skipped."""
    sums = report["verdict"]["summary"]
    red = sums["fail"] + sums["inconclusive"]
    exit_code = report["verdict"]["exit_code"]
    alone = not red and exit_code != 0
    broken = report["verdict"]["status"] == "fail" and report["error"] is None
    return {
        "tests": len(report["checks"]) + alone,
        "failures": sums["fail"] + (alone and broken),
        "errors": sums["inconclusive"] + (alone and not broken),
        "skipped": sums["skip"],
    }


def junit(path, report, schema):
    text = path.read_bytes()
    want = expected(report)
    read = junitparser.JUnitXml.fromstring(text)
    by_library = {name: getattr(read, name) for name in want}
    wrong = differ((f"junitparser's {name}", by_library[name], want[name]) for name in want)
    suite = read if isinstance(read, junitparser.TestSuite) else next(iter(read))
    kinds = collections.Counter()
    for case in suite:
        ends = [type(one).__name__ for one in case.result] or ["Passed"]
        kinds.update(ends)
    counted = {"failures": kinds["Failure"], "errors": kinds["Error"], "skipped": kinds["Skipped"]}
    wrong += differ((f"{name} among cases", counted[name], want[name]) for name in counted)
    # A second parser that shares no code with the first: cases by hand, over Python's own.
    suite = xml.etree.ElementTree.fromstring(text).find("testsuite")
    cases = suite.findall("testcase")
    wrong += differ([("cases", len(cases), want["tests"])])
    names = [case.get("name") for case in cases]
    wrong += [f"two cases are called {name!r}" for name, times in collections.Counter(names).items() if times > 1]
    properties = {one.get("name"): one.get("value") for one in suite.iter("property")}
    wrong += differ([
        ("the exit code", properties.get("exit_code"), str(report["verdict"]["exit_code"])),
        ("the findings", properties.get("findings"), str(len(report["findings"]))),
        ("the requests", properties.get("requests_used"), str(report["run"]["budget"]["requests_used"])),
    ])
    if schema:
        wrong += [f"the schema says: {one.reason} at {one.path}" for one in schema.iter_errors(text.decode())]
    return wrong


def sarif(path, report, schema, program):
    log = json.loads(path.read_text())
    wrong = [f"{one.json_path}: {one.message[:200]}" for one in schema.iter_errors(log)] if schema else []
    run = log["runs"][0]
    wrong += differ([
        ("the exit code", run["invocations"][0]["exitCode"], report["verdict"]["exit_code"]),
        ("the findings", run["invocations"][0]["properties"]["findings"], len(report["findings"])),
    ])
    table = path.with_suffix(".csv")
    done = subprocess.run([program, "csv", "--output", table, path], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return wrong + [f"sarif-tools ended with {done.returncode}: {done.stderr[-200:]}"]
    return wrong + differ([("sarif-tools' rows", len(table.read_text().splitlines()) - 1, len(run["results"]))])


def markdown(path, report):
    text = path.read_text()
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    inline = [child for token in tokens for child in token.children or []]
    raw = [token.content for token in tokens + inline if token.type.startswith("html")]
    wrong = [f"holds markup: {one[:80]}" for one in raw]
    heads = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    wrong += differ([("the number of headings", len(heads), 1)])
    rows, row, cells = [], None, False
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "inline" and row is not None:
            row.append(token.content)
        elif token.type == "tr_close":
            rows.append(row)
            row = None
    widths = {len(one) for one in rows}
    wrong += ["a row is empty"] if 0 in widths else []
    shown = collections.Counter(one[1] for one in rows if len(one) == 4 and re.match(r"\d", one[0]))
    for status, word in RESULTS.items():
        count = sum(one["status"] == status for one in report["checks"])
        # Checks that were skipped for one reason share a row.
        if status != "skip" and report["checks"]:
            wrong += differ([(f"the rows with {word}", shown[word], count)])
    exit_code = report["verdict"]["exit_code"]
    wrong += [] if report["run"]["dry_run"] or f"Exit {exit_code} (" in text else [f"no exit {exit_code}"]
    page = MarkdownIt("commonmark").enable("table").render(text)
    path.with_name(path.stem + "-markdown.html").write_text(PAGE.format(page))
    return wrong


def wrong_ones_are_found(schema_of_junit, schema_of_sarif):
    """Documents that are wrong in one way each, or nothing else counts."""
    found = []
    if schema_of_junit:
        broken = '<testsuites><testsuite name="x" tests="1" failures="0" errors="0"><case/></testsuite></testsuites>'
        found += [] if list(schema_of_junit.iter_errors(broken)) else ["JUnit with an unknown element is valid"]
    if schema_of_sarif:
        broken = {"version": "2.1.0", "runs": [{"results": []}]}
        found += [] if list(schema_of_sarif.iter_errors(broken)) else ["SARIF without a tool is valid"]
    say("what is wrong is found wrong", found)


def main(folder, checks):
    folder, checks = pathlib.Path(folder), pathlib.Path(checks)
    path = checks / "junit/junit-10.xsd"
    schema_of_junit = xmlschema.XMLSchema(str(path)) if path.exists() else None
    if not schema_of_junit:
        print("skipped: the schema of JUnit is not installed")
    paths = sorted((checks / "sarif").glob("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0*.json"))
    schema_of_sarif = None
    if paths:
        schema = json.loads(paths[0].read_text())
        schema_of_sarif = jsonschema.validators.validator_for(schema)(schema)
    else:
        print("skipped: the schema of SARIF is not installed")
    wrong_ones_are_found(schema_of_junit, schema_of_sarif)
    program = checks / "readers/bin/sarif"
    for path in sorted(folder.glob("*.json")):
        report = json.loads(path.read_text())
        told = path.with_suffix(".junit")
        if told.exists():
            say(f"{path.stem}: JUnit", junit(told, report, schema_of_junit))
        told = path.with_suffix(".markdown")
        if told.exists():
            say(f"{path.stem}: Markdown", markdown(told, report))
        told = path.with_suffix(".sarif")
        if told.exists():
            say(f"{path.stem}: SARIF", sarif(told, report, schema_of_sarif, program))


main(*sys.argv[1:])
