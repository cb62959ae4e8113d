#!/usr/bin/env python3
"""Holds a report of bench-transport against the access log of the server that was asked.

  .ci/transport.py REPORT LOG [--server NAME] [--alpn NAME] [--gone LIST] [--lost WAY=WORDS]... [--whole]

LOG has one JSON object a request: of nginx or HAProxy with `server`, `connection`, `http`, `status`, `resumed`
and, where it is known, `bytes` and `length`; or as Caddy writes it. Only the lines of this server count. `--gone`
names the ways that calls went, `--lost` those that could not be gone and some words of the reason. `--whole` asks
for a run that nobody disturbed: no call failed, and connections agree one by one. With `--turned-away` calls may
fail, if the server has not taken them.

Prints what is wrong, a line each with FAILED before it, and else one line of figures."""

import argparse
import collections
import json
import sys
import time

# What TLS adds to an answer or a request: a head, a content type and a tag for each of a few records, and what
# HTTP/2 says about windows and settings.
ENCRYPTION = 160
# What a handshake adds: the chain, the tickets, the client's key shares.
HANDSHAKE = 4500
# How long a server may take to write its last lines.
PATIENCE = 3

Call = collections.namedtuple("Call", "connection http status bytes length resumed")
# One that the report tells of: its protocol, its calls, its handshake.
Connection = collections.namedtuple("Connection", "http calls handshake")


def main():
    options = arguments()
    with open(options.report) as file:
        report = json.load(file)
    calls = settled(options, report["run"]["budget"]["requests_used"])
    flaws = list(compared(options, report, calls))
    for flaw in flaws:
        print(f"FAILED {flaw}")
    if not flaws:
        print(figures(report, calls))
    return 1 if flaws else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("report")
    parser.add_argument("log")
    parser.add_argument("--from", type=int, default=0, dest="start", metavar="BYTE",
                        help="where the run begins in the log")
    parser.add_argument("--server", help="the name of the server within the log")
    parser.add_argument("--alpn", help="what is negotiated where both are offered; - for nothing")
    parser.add_argument("--gone", default="", help="the ways that calls went")
    parser.add_argument("--lost", action="append", default=[], metavar="WAY=WORDS")
    parser.add_argument("--whole", action="store_true", help="nobody disturbed the run")
    parser.add_argument("--under-way", type=int, default=0, metavar="N",
                        help="so many requests may not have arrived, or not have been written down")
    parser.add_argument("--turned-away", action="store_true", help="calls that failed are not in the log")
    parser.add_argument("--closed-after", type=int, metavar="N", help="the server closes connections after N calls")
    return parser.parse_args()


def settled(options, wanted):
    """The calls in the log, once there are as many as are waited for or none has come for a while."""
    until = time.monotonic() + PATIENCE
    calls = read_log(options)
    while len(calls) < wanted and time.monotonic() < until:
        time.sleep(0.05)
        calls = read_log(options)
    return calls


def read_log(options):
    with open(options.log) as file:
        file.seek(options.start)
        # A server that was killed may have left half a line.
        lines = [line for line in file if line.startswith("{") and line.endswith("}\n")]
    entries = (json.loads(line) for line in lines)
    return [call(entry) for entry in entries if entry.get("server", options.server) == options.server]


def call(entry):
    if "request" in entry:
        asked = entry["request"]
        return Call(asked["remote_port"], version(asked["proto"]), entry["status"], None, None,
                    asked["tls"]["resumed"])
    return Call(entry["connection"], version(entry["http"]), entry["status"], entry.get("bytes"),
                entry.get("length"), entry["resumed"] in ("r", "1"))


def version(http):
    return "HTTP/2" if http.startswith("HTTP/2") else "HTTP/1.1"


def compared(options, report, calls):
    data = report["data"]
    used = report["run"]["budget"]["requests_used"]
    turned_away = sum(arm["failed"] for arm in data["arms"]) if options.turned_away else 0
    if not used - options.under_way <= len(calls) + turned_away <= used:
        yield f"the report counts {used} requests, the server {len(calls)}"
    alpn = (data["negotiated"] or {}).get("alpn")
    if options.alpn and alpn != (None if options.alpn == "-" else options.alpn):
        yield f"negotiated is {alpn}"
    yield from ways(options, data)
    yield from samples(report)
    if options.whole:
        yield from undisturbed(options, report, calls)
    if options.closed_after:
        yield from closed(options.closed_after, report, calls)


def ways(options, data):
    """Which ways were gone, over which protocol, and why the others were not."""
    gone = [arm["name"] for arm in data["arms"] if arm["unavailable"] is None]
    if options.gone and sorted(gone) != sorted(options.gone.split(",")):
        yield f"gone are {', '.join(gone)}"
    for arm in data["arms"]:
        spoken = {"h1": "HTTP/1.1", "h2": "HTTP/2"}[arm["protocol"]]
        if arm["unavailable"] is None and arm["negotiated"] != spoken:
            yield f"{arm['name']} spoke {arm['negotiated']}"
    lost = {arm["name"]: arm["unavailable"] for arm in data["arms"] if arm["unavailable"] is not None}
    wanted = dict(reason.split("=", 1) for reason in options.lost)
    if sorted(lost) != sorted(wanted):
        yield f"not gone are {', '.join(lost) or 'none'}"
    for name in lost.keys() & wanted.keys():
        if wanted[name] not in lost[name]:
            yield f"{name} is not gone because {lost[name]!r}"


def samples(report):
    """Every way's counts are those of its samples."""
    for arm in report["data"]["arms"]:
        mine = [sample for sample in report["samples"] if sample["arm"] == arm["name"]]
        answered = sum(sample["ended"] == "answered" for sample in mine)
        if (answered, len(mine) - answered) != (arm["answered"], arm["failed"]):
            yield f"{arm['name']}: {arm['answered']} answered and {arm['failed']} failed, by its samples not"


def undisturbed(options, report, calls):
    rounds = report["data"]["rounds"]
    for arm in gone(report):
        made = arm["answered"] + arm["failed"]
        if made != rounds["wanted"] * rounds["concurrency"] or arm["failed"] and not options.turned_away:
            yield f"{arm['name']}: {arm['answered']} answered, {arm['failed']} failed"
    if any(call.status != 200 for call in calls):
        yield "the server answered with something else than 200"
    yield from connections(report, calls)


def gone(report):
    return [arm for arm in report["data"]["arms"] if arm["unavailable"] is None]


def connections(report, calls):
    """The connections that the report tells of are those of the log, one by one."""
    ours, theirs = told(report), seen(calls)
    opened = sum(arm["connections_opened"] for arm in gone(report)) + 1
    if opened != len(theirs):
        yield f"{opened} connections were opened, the server saw {len(theirs)}"
    for arm in gone(report):
        used = {sample["connection"] for sample in report["samples"] if sample["arm"] == arm["name"]}
        # Of a way with new connections the one that was tried first has no sample.
        tried = arm["warmth"] != "warm" and not arm["again"]
        if (arm["connections"], arm["connections_opened"]) != (len(used), len(used) + tried):
            yield f"{arm['name']}: {arm['connections_opened']} opened, {len(used)} in its samples"
    in_turn = report["data"]["rounds"]["concurrency"] == 1
    shape = [(it.http, it.calls) for it in ours], [(it[0].http, len(it)) for it in theirs]
    if not in_turn:
        shape = sorted(shape[0]), sorted(shape[1])
    if shape[0] != shape[1]:
        yield f"calls by connection are {short(shape[0])}, by the server {short(shape[1])}"
    elif in_turn:
        yield from one_by_one(report, list(zip(sorted(all_told(report)), ours, theirs)))


def one_by_one(report, pairs):
    for number, ours, theirs in pairs:
        if ours.handshake is not None and (ours.handshake == "resumed") != theirs[0].resumed:
            yield f"connection {number} had a handshake that was {ours.handshake}, by the server not"
    theirs = {number: calls for number, _, calls in pairs}
    for sample in report["samples"]:
        call = theirs[sample["connection"]][sample["nth"] - 1]
        yield from weight(sample, call)


def weight(sample, call):
    """The bytes on the wire are at least what the server counts, and not much more."""
    more = HANDSHAKE if sample["nth"] == 1 else ENCRYPTION
    for mine, its, what in [(sample["bytes_received"], call.bytes, "received"),
                            (sample["bytes_sent"], call.length, "sent")]:
        if its is not None and not its <= mine <= its + more:
            yield f"a call of {sample['arm']} {what} {mine} bytes, by the server {its}"


def told(report):
    """The connections of a report, in the order of their numbers."""
    known = all_told(report)
    return [known[number] for number in sorted(known)]


def all_told(report):
    known = {}
    for attempt in report["attempts"]:
        if attempt["http"]:
            known[attempt["connection"]] = Connection(attempt["http"], 1 + attempt["reused"], None)
    spoken = {arm["name"]: arm["negotiated"] for arm in report["data"]["arms"]}
    for sample in report["samples"]:
        if isinstance(sample["ended"], dict):
            continue
        before = known.get(sample["connection"], Connection(spoken[sample["arm"]], 0, None))
        known[sample["connection"]] = Connection(before.http, max(before.calls, sample["nth"]),
                                                 before.handshake or sample["handshake"])
    return known


def seen(calls):
    """The calls of each connection, in the order in which the server saw it first."""
    by_connection = collections.OrderedDict()
    for call in calls:
        by_connection.setdefault(call.connection, []).append(call)
    return list(by_connection.values())


def closed(limit, report, calls):
    """Connections that the server closed after so many calls are told as such."""
    if any(len(it) > limit for it in seen(calls)):
        yield f"the server let a connection carry more than {limit} calls"
    for arm in gone(report):
        if set(arm["closed_after"]) != {limit}:
            yield f"{arm['name']}: closed after {arm['closed_after']}"
        full = {sample["connection"] for sample in report["samples"]
                if sample["arm"] == arm["name"] and sample["nth"] == limit}
        # The last one may have been closed when nobody wanted it any more.
        if not len(full) - report["data"]["rounds"]["concurrency"] <= len(arm["closed_after"]) <= len(full):
            yield f"{arm['name']}: {len(arm['closed_after'])} closed, of {len(full)} that were used up"


def short(shape):
    return " ".join(f"{http.removeprefix('HTTP/')}:{calls}" for http, calls in shape)


def figures(report, calls):
    resumed = sum(it[0].resumed for it in seen(calls))
    handshakes = f", {resumed} of them resumed" if resumed else ""
    failed = sum(arm["failed"] for arm in report["data"]["arms"])
    failures = f", {failed} calls failed" if failed else ""
    return f"{len(calls)} requests over {len(seen(calls))} connections{handshakes}{failures}"


if __name__ == "__main__":
    sys.exit(main())
