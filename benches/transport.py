#!/usr/bin/env python3
"""What `bench-transport` itself costs, beside oha and h2load; and whether it says of a far server what curl says.

    benches/transport.py load [--rounds N] [--calls N] [--shape NAME]... [--program PATH] [--oha PATH]
    benches/transport.py far [--rounds N] [--round-trip MS] [--program PATH]

load: the same GET request, header by header, to the same nginx on loopback over TLS, one and fifty at once; over
HTTP/1.1 each of the fifty has a connection of its own, over HTTP/2 they share one. Interleaved in random order.
Processor time (user and system, of the whole process) is what wait4 says, for 10,000 calls, and nothing is
taken off for what comes before the first timed call. Memory is what /usr/bin/time says. Medians of latencies
are each program's own.

far: nginx and its client in two network namespaces with nothing between them but a relay that holds every packet
for half a round trip, handshakes included. A new HTTP/1.1 connection for each call, and an HTTP/2 connection that
stays, in interleaved rounds of ours and of curl's: both must find the one as many times slower as the other does.

Ends with 1 when every round of load misses a goal, so that noise alone cannot fail a build, or when the medians of far
are too far apart.
"""

import argparse
import json
import os
import pathlib
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile

from rounds import SERVER_ADDRESS, TIME, free_port, inside, namespaces, nginx, spent, spread, why_no_namespaces

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEY = "FAKE-key-for-a-server-on-loopback"
MODEL = "gemini-3.5-flash"
# What the server answers with: the entry of a model.
ENTRY = json.dumps({"name": f"models/{MODEL}", "version": "001", "displayName": "A model", "description": "d" * 120,
                    "inputTokenLimit": 1048576, "supportedGenerationMethods": ["generateContent", "countTokens"]})
OURS, OHA, H2LOAD = "bench-transport", "oha", "h2load"
# HTTP version and calls at once.
SHAPES = {"h1-1": ("1.1", 1), "h1-50": ("1.1", 50), "h2-1": ("2", 1), "h2-50": ("2", 50)}

MOST_PROCESSOR = 1.1
# h2load is C, has no task for a call and verifies nothing; it stands in where oha is not installed.
MOST_BESIDE_H2LOAD = 2.2
MOST_ADDED_MS = 0.1
MOST_MIB = 24
FAR_TOLERANCE = 0.10


def main():
    options = arguments()
    reason = what_is_missing(options)
    if reason:
        print(f"skipped: {reason}")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        missed = options.measure(options, pathlib.Path(scratch))
    for line in missed:
        print(f"MISSED   {line}")
    return 1 if missed else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    kinds = parser.add_subparsers(required=True)
    load, far = kinds.add_parser("load"), kinds.add_parser("far")
    for kind in (load, far):
        kind.add_argument("--rounds", type=int, default=7)
        kind.add_argument("--program", type=pathlib.Path, default=ROOT / "target" / "release" / "gemini-doctor")
    load.add_argument("--calls", type=int, default=10_000)
    load.add_argument("--shape", action="append", choices=list(SHAPES))
    load.add_argument("--oha", default="oha")
    load.set_defaults(measure=load_rounds, needs=["nginx", "openssl"])
    far.add_argument("--calls", type=int, default=12, help="rounds of ours, and calls of curl, in each round")
    far.add_argument("--round-trip", type=float, default=40, metavar="MS")
    far.set_defaults(measure=far_rounds, needs=["nginx", "openssl", "curl", "ip", "unshare", "nsenter"])
    options = parser.parse_args()
    options.program = options.program.resolve()
    return options


def what_is_missing(options):
    for program in options.needs:
        if shutil.which(program) is None:
            return f"{program} is not installed"
    if not options.program.is_file():
        return f"{options.program} is not built: cargo build --release"
    if options.measure is load_rounds:
        if not peers(options):
            return "neither oha (cargo install oha) nor h2load is installed"
        return None if os.path.exists(TIME) else f"{TIME} is not installed"
    return why_no_namespaces()


# Load


def peers(options):
    return [name for name, program in [(OHA, options.oha), (H2LOAD, H2LOAD)] if shutil.which(program)]


def load_rounds(options, scratch):
    found = peers(options)
    if OHA not in found:
        print("skipped: the median latency: oha is not installed (cargo install oha)")
    shapes = options.shape or list(SHAPES)
    port = free_port()
    costs = {(shape, name): [] for shape in shapes for name in [OURS, *found]}
    with nginx(scratch, f"127.0.0.1:{port}", ENTRY):
        ways = {(shape, name): command(options, scratch, port, shape, name) for shape, name in costs}
        for way in ways:
            cost(options, scratch, way, ways[way])
        for _ in range(options.rounds):
            for way in random.sample(list(ways), len(ways)):
                costs[way].append(cost(options, scratch, way, ways[way]))
    print(f"{options.rounds} rounds, {options.calls} calls, load {os.getloadavg()[0]:.1f}, {options.program.name} of "
          f"{options.program.stat().st_size / 2**20:.1f} MiB")
    show(costs)
    return [line for shape in shapes for line in verdicts(shape, costs)]


def command(options, scratch, port, shape, name):
    http, at_once = SHAPES[shape]
    base, calls = f"https://127.0.0.1:{port}", options.calls
    ours = [options.program, "bench-transport", "--arms", "h1-warm" if http == "1.1" else "h2-warm", "--no-again",
            "--rounds", calls // at_once, "--concurrency", at_once, "--workload", "ping", "--model", MODEL,
            "--max-requests", 3 * calls, "--duration", "120s", "-q", "--color", "never",
            "--ca-file", scratch / "ca.pem", "--base-url", base]
    if name == OURS:
        return ours
    path, headers = what_it_sends(options.program)
    # As many connections as ours has, and as many requests at once over each.
    connections, streams = (at_once, 1) if http == "1.1" else (1, at_once)
    said = [word for header in headers for word in ("-H", header)]
    if name == OHA:
        # Neither a screen nor a search for addresses of its own.
        return [options.oha, "-n", calls, "-c", connections, "-p", streams, "--no-tui", "--output-format", "json",
                "--http-version", http, "--cacert", scratch / "ca.pem", *said, base + path]
    version = ["--h1"] if http == "1.1" else ["-m", streams]
    return ["h2load", "-n", calls, "-c", connections, "-t", 1, *version, *said, base + path]


def what_it_sends(program):
    """Path and headers of one request, as a server without TLS sees them."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        words = [program, "bench-transport", "--arms", "h1", "--model", MODEL, "--base-url",
                 f"http://127.0.0.1:{listener.getsockname()[1]}"]
        words = [str(word) for word in words]
        process = subprocess.Popen(words, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as stream:
            path = stream.readline().split()[1].decode()
            lines = [line.decode().strip() for line in iter(stream.readline, b"\r\n")]
        process.kill()
        process.wait()
    return path, [line for line in lines if not line.lower().startswith("host:")]


def environment():
    return {"PATH": os.environ["PATH"], "GEMINI_API_KEY": KEY}


def cost(options, scratch, way, words):
    """What one run cost: processor time for 10,000 calls, its own median latency, and its memory."""
    run = spent(scratch, words, environment())
    if run.status != 0:
        sys.exit(f"{way} ended with {run.status}: {run.said}{run.complained}")
    answered, median = READERS[way[1]](run.said)
    if answered < options.calls - SHAPES[way[0]][1]:
        sys.exit(f"{way}: {answered} answers: {run.said}")
    return {"processor": run.processor * 10_000 / answered, "p50": median, "memory": run.memory}


def read_ours(text):
    answered = re.search(r"(\d+) of \d+ calls\s+answered", text)
    median = re.search(r"take no longer than\s+([\d.]+)\s+ms", text)
    return int(answered[1]), float(median[1])


def read_oha(text):
    told = json.loads(text)
    return told["statusCodeDistribution"].get("200", 0), told["latencyPercentiles"]["p50"] * 1000


def read_h2load(text):
    # It tells a mean and no median.
    return int(re.search(r"status codes: (\d+) 2xx", text)[1]), None


READERS = {OURS: read_ours, OHA: read_oha, H2LOAD: read_h2load}


def show(costs):
    for (shape, name), rounds in costs.items():
        of = {what: [one[what] for one in rounds] for what in ("processor", "p50", "memory")}
        median = f", p50 {spread(of['p50'], '.3f')} ms" if name != H2LOAD else ""
        print(f"{shape:6} {name:16} processor {spread(of['processor'], '.3f')} s{median}, "
              f"{max(of['memory']):.1f} MiB")


def verdicts(shape, costs):
    """Prints how ours is to its peer in each round; gives back the goals that every round has missed."""
    peer, most = (OHA, MOST_PROCESSOR) if (shape, OHA) in costs else (H2LOAD, MOST_BESIDE_H2LOAD)
    pairs = list(zip(costs[shape, OURS], costs[shape, peer]))
    figures = [
        (f"processor time, times that of {peer}: at most {most}", ".2f", most,
         [ours["processor"] / theirs["processor"] for ours, theirs in pairs]),
        (f"memory, MiB: at most {MOST_MIB}", ".1f", MOST_MIB, [ours["memory"] for ours, _ in pairs]),
    ]
    if peer == OHA:
        added = [ours["p50"] - theirs["p50"] for ours, theirs in pairs]
        figures.append((f"median latency, ms above oha's: at most {MOST_ADDED_MS}", ".3f", MOST_ADDED_MS, added))
    for what, form, most, values in figures:
        line = f"{shape}, {what}; {spread(values, form)}"
        print(line)
        if min(values) > most:
            yield line


# Far


def far_rounds(options, scratch):
    ratios = {OURS: [], "curl": []}
    with namespaces(options.round_trip / 1000) as (near, distant):
        with nginx(scratch, f"{SERVER_ADDRESS}:443", ENTRY, inside(distant)):
            asks = {OURS: our_ratio, "curl": curl_ratio}
            for _ in range(options.rounds):
                for name in random.sample(list(asks), len(asks)):
                    ratios[name].append(asks[name](options, scratch, inside(near)))
    print(f"{options.rounds} rounds of {options.calls} calls, load {os.getloadavg()[0]:.1f}, "
          f"{options.round_trip} ms of round trip")
    for name, found in ratios.items():
        print(f"{name:16} a new HTTP/1.1 connection beside one of HTTP/2 that stays: {spread(found, '.3f')} times")
    apart = statistics.median(ratios[OURS]) / statistics.median(ratios["curl"])
    line = f"ours beside curl's: within {FAR_TOLERANCE:.0%}; {apart:.3f} times"
    print(line)
    return [line] if abs(apart - 1) > FAR_TOLERANCE else []


def our_ratio(options, scratch, enter):
    words = [*enter, options.program, "bench-transport", "--arms", "h1-cold,h2-warm", "--no-again", "--rounds",
             options.calls, "--model", MODEL, "--format", "json", "-q", "--ca-file", scratch / "ca.pem",
             "--base-url", f"https://{SERVER_ADDRESS}"]
    done = subprocess.run([str(word) for word in words], env=environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"ours ended with {done.returncode}: {done.stdout[:2000]}{done.stderr}")
    pair = next(pair for pair in json.loads(done.stdout)["data"]["comparisons"]
                if (pair["a"], pair["b"]) == ("h1-cold", "h2-warm"))
    return pair["ratio"]


def curl_ratio(options, scratch, enter):
    """Its first call pays for its start, and is left out. New connections resume no session, as ours do not."""
    path, headers = what_it_sends(options.program)
    said = [word for header in headers for word in ("-H", header)]
    words = [*enter, "curl", "-sS", "--fail", "--cacert", scratch / "ca.pem", *said, "-w",
             "%{stderr}%{num_connects} %{time_total}\\n"]
    urls = ["-o", os.devnull, f"https://{SERVER_ADDRESS}{path}"] * (options.calls + 1)
    cold = times([*words, "--http1.1", "--no-sessionid", "-H", "connection: close", *urls], 1)
    warm = times([*words, "--http2", *urls], 0)
    return statistics.median(cold) / statistics.median(warm)


def times(words, connects):
    """The seconds of each call but the first; each has opened so many connections."""
    done = subprocess.run([str(word) for word in words], env=environment(), capture_output=True, text=True, check=True)
    calls = [line.split() for line in done.stderr.splitlines()][1:]
    if any(int(opened) != connects for opened, _ in calls):
        sys.exit(f"curl opened other connections than it was to: {calls}")
    return [float(seconds) for _, seconds in calls]


if __name__ == "__main__":
    sys.exit(main())
