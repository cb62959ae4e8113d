#!/usr/bin/env python3
"""Runs the shell steps of the GitHub Action as a runner would, and reads its JUnit reports twice.

The steps come from action.yml itself: their commands, their variables, their order. What a runner fills in is filled
in here. Prints lines of the form that .ci/checks/tally.bash counts.
"""

import argparse
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ET

import junitparser
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
ACTION = ROOT / "deploy/github-action"
failed = False


def said(good, what, why=""):
    print(f"ok       {what}" if good else f"FAILED   {what}: {why}")


class Runner:
    """One job with one use of the action."""

    def __init__(self, scratch, name):
        self.action = yaml.safe_load((ACTION / "action.yml").read_text())
        self.home = pathlib.Path(scratch) / f"job-{name}"
        (self.home / "temp").mkdir(parents=True)
        (self.home / "work").mkdir()
        self.outputs = {}
        self.log = ""
        self.code = 0

    def run(self, inputs):
        known = self.action["inputs"]
        unknown = set(inputs) - set(known)
        assert not unknown, unknown
        self.inputs = {name: inputs.get(name, one.get("default", "")) for name, one in known.items()}
        for step in self.action["runs"]["steps"]:
            if "run" in step and self.code == 0:
                self.step(step)
        return self

    def step(self, step):
        assert step["shell"] == "bash", step
        output = self.home / f"output-{step['id']}"
        output.touch()
        variables = {name: self.filled(text) for name, text in step.get("env", {}).items()}
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ACTION),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.home / "summary.md"),
            "RUNNER_TEMP": str(self.home / "temp"),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
            **variables,
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        ran = subprocess.run(
            command, env=environment, cwd=self.home / "work", capture_output=True, text=True, timeout=120
        )
        self.log += ran.stdout + ran.stderr
        self.code = ran.returncode
        lines = (line.split("=", 1) for line in output.read_text().splitlines())
        self.outputs[step["id"]] = dict(lines)

    def filled(self, text):
        def value(found):
            words = found.group(1).split(".")
            if words[0] == "inputs":
                return self.inputs[words[1]]
            if words[0] == "steps":
                return self.outputs[words[1]].get(words[3], "")
            raise AssertionError(found.group(0))

        return re.sub(r"\$\{\{ ([a-z0-9_.-]+) \}\}", value, text)

    def report(self, name):
        return pathlib.Path(self.outputs["gate"]["reports"]) / name


def read_twice(path, schema):
    """The cases with their results, which both parsers have to see alike."""
    by_tree = {}
    for case in ET.parse(path).getroot().iter("testcase"):
        kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
        by_tree[case.get("name")] = kinds.pop() if kinds else "passed"
    by_parser = {}
    suites = junitparser.JUnitXml.fromfile(str(path))
    for suite in suites:
        assert suite.tests == len(list(suite)), f"{suite.tests} tests are said to be there"
        for case in suite:
            kinds = [type(result).__name__.lower() for result in case.result]
            by_parser[case.name] = kinds[0] if kinds else "passed"
    assert by_tree == by_parser, f"{by_tree} {by_parser}"
    if schema:
        schema.validate(str(path))
    return by_tree


def jenkins():
    """The schema of Jenkins' xUnit plugin, as pytest's own tests carry it."""
    path = ROOT / "target/checks/junit/junit-10.xsd"
    if not path.exists():
        print("skipped: the schema of JUnit is not here (.ci/run installs it)")
        return None
    import xmlschema

    return xmlschema.XMLSchema(str(path))


def main():
    parser = argparse.ArgumentParser()
    for name in ["scratch", "version", "key", "archive"]:
        parser.add_argument(f"--{name}", required=True)
    given = parser.parse_args()
    scratch = pathlib.Path(given.scratch)
    schema = jenkins()
    releases = f"file://{scratch}/releases"
    usual = {"version": given.version, "download-from": releases, "api-key": given.key}

    def world(name):
        url = (scratch / f"{name}.url").read_text().strip()
        return f"--no-proxy --base-url {url} --ca-file {scratch}/{name}.pem"

    cases = [
        ("healthy", {"arguments": world("healthy")}, 0, {"api.list": "passed", "api.alias": "passed"}),
        (
            "refused",
            {"arguments": world("api-key-invalid")},
            1,
            {"net.tls": "passed", "api.list": "failure", "api.model": "skipped"},
        ),
        (
            "file",
            {"arguments": world("healthy"), "gate": f"{scratch}/gate.toml"},
            0,
            {"api.list": "passed", "slo.latency_p50_ms": "passed"},
        ),
        ("flaky", {"arguments": f"{world('alias-404')} --model gemini-3.5-flash"}, 3, {"api.alias": "failure"}),
        (
            "fork",
            {"arguments": world("healthy"), "api-key": "", "without-key": "skip"},
            0,
            {"api.list": "skipped"},
        ),
        ("fork-fails", {"arguments": world("healthy"), "api-key": ""}, 2, {"key.source": "failure"}),
        ("bad-file", {"arguments": world("healthy"), "gate": "no-such.toml"}, 2, {"verdict": "error"}),
    ]
    for name, inputs, code, expected in cases:
        job = Runner(scratch, name).run({**usual, **inputs})
        said(job.code == code, f"{name}: the action ends with {code}", f"{job.code}\n{job.log}")
        if "gate" not in job.outputs:
            continue
        said(job.outputs["gate"].get("exit-code") == str(code), f"{name}: and says so", str(job.outputs))
        try:
            seen = read_twice(job.report("gate.xml"), schema)
            wrong = {case: seen.get(case) for case, result in expected.items() if seen.get(case) != result}
            said(not wrong, f"{name}: both parsers read the same {len(seen)} cases", f"{wrong} of {seen}")
        except Exception as error:  # A schema's complaint is as good as a failed assertion.
            said(False, f"{name}: both parsers read the same cases", str(error)[:2000])
        there = [job.report(f"gate.{kind}").exists() for kind in ["json", "md", "html"]]
        said(all(there), f"{name}: all reports are there", str(there))
        annotations = [line for line in job.log.splitlines() if line.startswith("::")]
        few = all(sum(line.startswith(f"::{kind} ") for line in annotations) <= 10 for kind in ["error", "warning"])
        secret = "add-mask" in job.log or given.key in job.log
        files = [path.read_text() for path in job.home.rglob("*") if path.is_file() and "output" not in path.name
                 and path.suffix in {".xml", ".json", ".md", ".html"}]
        secret = secret or any(given.key in text for text in files)
        said(few and not secret, f"{name}: few annotations, no mask and no key", "\n".join(annotations))

    empty = Runner(scratch, "named").run({**usual, "api-key": "", "arguments": world("healthy")})
    said("input api-key is empty" in empty.log, "an empty secret is named", empty.log)

    good = subprocess.run(["sha256sum", given.archive], capture_output=True, text=True).stdout.split()[0]
    pinned = Runner(scratch, "pinned").run({**usual, "sha256": good.upper(), "arguments": world("healthy")})
    said(pinned.code == 0, "a checksum that is given is enough", pinned.log)
    for name, inputs, words in [
        ("wrong-checksum", {"sha256": "0" * 64}, "it was thrown away"),
        ("no-version", {"version": "latest"}, "has to name a release"),
        ("no-release", {"version": "9.9.9"}, "could not fetch"),
        ("injected", {"version": "1.0.0; echo injected"}, "has to name a release"),
    ]:
        job = Runner(scratch, name).run({**usual, **inputs})
        refused = job.code == 2 and words in job.log and "gate" not in job.outputs
        said(refused, f"{name}: nothing is run", f"{job.code}\n{job.log}")
    sums = pathlib.Path(given.archive).parent / "SHA256SUMS"
    sums.write_text(sums.read_text().replace(good, "1" * 64))
    spoiled = Runner(scratch, "spoiled").run({**usual, "arguments": world("healthy")})
    said(spoiled.code == 2 and "it was thrown away" in spoiled.log, "an archive that was changed is not run", spoiled.log)


main()
