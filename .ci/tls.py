#!/usr/bin/env python3
"""Holds tls-check against servers that are good or broken: the table is tests/tls/cases.toml.

  .ci/tls.py [--program PATH] [--only NAME]... [--jobs N]   what tls-check says of each
  .ci/tls.py --sanity [--only NAME]...                      whether each case is as it says, seen by openssl or curl
  .ci/tls.py --list                                         the cases and what is expected

--only takes patterns as a shell does. Prints a line a case, and FAILED before what went wrong; ends with 1 if any did.
A case that takes a program which is not here is skipped, with the reason."""

import argparse
import collections
import concurrent.futures
import contextlib
import fnmatch
import json
import os
import re
import subprocess
import sys
import time

try:
    import tomllib
except ImportError:
    print("skipped: tests/tls/cases.toml: this python3 is older than 3.11")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)

from tls_lab import HOST, ROOT, TESTS, Skipped, laboratory, needed, program

# What tls-check is given, and when it is a hang; the longest wait of a case is for silence.
BOUNDS = ["--connect-timeout", "2", "--deadline", "15"]
WALL = 25
PROBE = "openssl s_client -connect $AT -servername $HOST -verify_hostname $HOST -CAfile $CERTS/root.pem " \
        "-alpn h2,http/1.1 -showcerts"
PROBE_WALL = 15

Result = collections.namedtuple("Result", "case flaws seen seconds skipped")


def main():
    options = arguments()
    with open(TESTS / "cases.toml", "rb") as file:
        cases = [completed(case) for case in tomllib.load(file)["case"]]
    chosen = [case for case in cases if not options.only
              or any(fnmatch.fnmatch(case["name"], pattern) for pattern in options.only)]
    if not chosen:
        sys.exit(f"no case is called {', '.join(options.only)}")
    if options.list:
        return show_list(chosen)
    with laboratory() as lab:
        return run(lab, options, chosen)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    release = str(ROOT / "target" / "release" / "gemini-doctor")
    parser.add_argument("--program", default=os.environ.get("GEMINI_DOCTOR", release))
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--sanity", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--jobs", type=int, default=3, metavar="N", help="so many cases at once")
    parser.add_argument("--keep", metavar="DIRECTORY", help="leave the reports, or what the probes said, in there")
    options = parser.parse_args()
    options.program = os.path.realpath(options.program)
    if not (options.sanity or options.list or os.access(options.program, os.X_OK)):
        sys.exit(f"{options.program} is not built: cargo build --release")
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    return options


def completed(case):
    """With what is meant where nothing is said."""
    servers = case.get("servers", [case["server"]] if "server" in case else [])
    host = case.get("host", HOST)
    return {"address": "{server}", "trust": ["--ca-file", "{root}"], "args": [], "env": {}, "under": [], "words": [],
            "data": [], "never": [], "needs": [], "probe": PROBE, **case, "servers": servers, "host": host,
            "ids": several(case["id"]), "exits": several(case["exit"])}


def several(value):
    return value if isinstance(value, list) else [value]


def show_list(cases):
    lines = (f"{case['name']:32} {'|'.join(case['ids']):44} {'|'.join(map(str, case['exits'])):4} {case['says']}\n"
             for case in cases)
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.writelines(lines)
    return 0


def run(lab, options, cases):
    tally = collections.Counter()
    look = look_at_it if options.sanity else ask_the_doctor
    pool = concurrent.futures.ThreadPoolExecutor(options.jobs)
    try:
        # In the order of the table, each as soon as it and those before it are done.
        for result in pool.map(lambda case: judged(lab, options, case, look), cases):
            tally[show(result)] += 1
    except BaseException:
        lab.stop_all()
        pool.shutdown(cancel_futures=True)
        raise
    print(f"{tally['ok']} passed, {tally['FAILED']} failed, {tally['skipped']} skipped")
    return 1 if tally["FAILED"] else 0


def show(result):
    word = "skipped" if result.skipped else "FAILED" if result.flaws else "ok"
    name = result.case["name"]
    if result.skipped:
        print(f"skipped: {name}: {result.skipped}", flush=True)
    else:
        print(f"{word:8} {name:32} {result.seen} ({result.seconds:.1f} s)", flush=True)
    for flaw in result.flaws:
        print(f"         {flaw}", flush=True)
    return word


def judged(lab, options, case, look):
    """Whatever goes wrong in the lab itself is a failure of this case, and of no other."""
    began = time.monotonic()
    try:
        for server in case["servers"]:
            needed(server)
        for name in case["needs"]:
            program(name)
        with lab.servers(case["servers"]) as words:
            flaws, seen = look(options, case, words)
        return Result(case, flaws, seen, time.monotonic() - began, None)
    except Skipped as why:
        return Result(case, [], "", 0, str(why))
    except (OSError, RuntimeError, subprocess.SubprocessError) as why:
        return Result(case, [f"the lab: {why}"], "-", time.monotonic() - began, None)


# What the program says


def ask_the_doctor(options, case, words):
    command = [*case["under"], options.program, "tls-check", case["host"]]
    command += ["--address", case["address"]] if case["address"] else []
    command += [*case["trust"], *case["args"], *BOUNDS, "--format", "json"]
    command = [word.format(**words) for word in command]
    variables = {name: value.format(**words) for name, value in case["env"].items()}
    home = os.path.dirname(words["certs"])
    environment = {"PATH": os.environ["PATH"], "HOME": home, **variables}
    try:
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, timeout=WALL,
                              stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        return [f"it hangs: no end after {WALL} s", " ".join(command)], "-"
    said, complained = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    keep(options, case, "json", said)
    flaws = list(compared(case, words, done.returncode, said, complained))
    if flaws:
        flaws.append("$ " + " ".join(command))
    return flaws, gist(said, done.returncode)


def compared(case, words, code, said, complained):
    try:
        report = json.loads(said)
    except ValueError:
        yield f"no report: exit {code}, {(complained or said)[-300:]!r}"
        return
    if "panicked" in complained:
        yield f"it panicked: {complained[-300:]!r}"
    if code not in case["exits"] or report["verdict"]["exit_code"] != code:
        yield f"exit {code}, in its report {report['verdict']['exit_code']}; expected {case['exit']}"
    first = (report["findings"] or [{}])[0]
    found = first.get("id", "none")
    if found not in case["ids"] and not ("any" in case["ids"] and found != "none"):
        yield f"the first finding is {found}, expected {' or '.join(case['ids'])}"
    text, facts = json.dumps(first, ensure_ascii=False), json.dumps(report.get("data"), ensure_ascii=False)
    yield from missing("the first finding", text, case["words"], words)
    yield from missing("the data", facts, case["data"], words)
    for secret in case["never"]:
        if secret in said or secret in complained:
            yield f"{secret} is shown"


def missing(where, text, wanted, words):
    for alternatives in wanted:
        alternatives = alternatives.format(**words)
        if not any(one.lower() in text.lower() for one in alternatives.split("|")):
            yield f"{where} does not say {alternatives}: {text[:700]}"


def gist(said, code):
    try:
        findings = [finding["id"] for finding in json.loads(said)["findings"]]
    except (ValueError, KeyError):
        return f"exit {code}"
    return f"exit {code}  {', '.join(findings) or 'no finding'}"


# What others say


def look_at_it(options, case, words):
    """Everything in `sane` must be there, in what `probe` prints."""
    host = case["host"].rsplit(":", 1)[0]
    environment = {**os.environ, **{name.upper(): value for name, value in words.items()}, "HOST": host,
                   "AT": words.get("server", ""), "PORT": words.get("server_port", "")}
    done = subprocess.run(["bash", "-c", f"({case['probe']}) 2>&1"], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=PROBE_WALL, check=False)
    said = done.stdout.decode(errors="replace")
    keep(options, case, "probe", said)
    flaws = [f"others do not see {pattern!r}" for pattern in case["sane"] if not re.search(pattern, said)]
    if flaws:
        flaws.append("; ".join(telling(said)) or said[-500:])
    return flaws, "is as it says" if not flaws else "is not as it says"


def telling(said):
    """The lines that say most."""
    marks = ("Verify return", "verify error", "errno", "error:", "alert", "Protocol ", "Cipher", "Temp Key", "ALPN")
    return [line.strip() for line in said.splitlines() if any(mark in line for mark in marks)]


def keep(options, case, kind, text):
    if options.keep:
        with open(os.path.join(options.keep, f"{case['name']}.{kind}"), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    sys.exit(main())
