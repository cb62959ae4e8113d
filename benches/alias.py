#!/usr/bin/env python3
"""How fast an alias is asked: 25 calls one after the other at 40 ms of round trip, on loopback only.

Three ways to make the same POST request, header by header, to the simulator: `gemini-doctor probe-alias`
over one connection; one curl process that keeps its connection; and the loop of a bug report, which starts
curl 25 times. Interleaved in random order. Time and processor time (user and system, of a whole process and
its children) are what wait4 says in every round.

A relay holds each piece of data for half a round trip in either direction, and the first one of a connection
for a whole round trip more, which is what TCP's own handshake takes: the relay itself cannot be far away.

    benches/alias.py [--rounds N] [--http 1.1|2] [--round-trip MS] [--program PATH] [--simulator PATH]

Ends with 1 when every round misses a goal, so that noise alone cannot fail a build.
"""

import argparse
import contextlib
import heapq
import itertools
import json
import os
import pathlib
import random
import re
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = "gemini-3.5-flash"
CALLS = 25
OURS, KEPT, LOOP = "probe-alias", "one curl", "a loop of curl"
# Nothing failed, and 25 calls are too few for a verdict.
ENDS_WELL = {OURS: (0, 5), KEPT: (0,), LOOP: (0,)}
# How many connections the simulator must have seen.
CONNECTIONS = {OURS: 1, KEPT: 1, LOOP: CALLS}


class Goal:
    """At most, or at least, so much of one way's figure in another's."""

    def __init__(self, ours, theirs, what, bound, at_most):
        self.ours, self.theirs, self.what = ours, theirs, what
        self.bound, self.at_most = bound, at_most

    def is_missed_by(self, ratio):
        return ratio > self.bound if self.at_most else ratio < self.bound

    def __str__(self):
        word = "most" if self.at_most else "least"
        return f"{self.what}, {self.ours} beside {self.theirs}: at {word} {self.bound}"


GOALS = [
    Goal(OURS, KEPT, "time", 1.05, True),
    Goal(OURS, KEPT, "processor", 1.0, True),
    Goal(LOOP, OURS, "time", 2.8, False),
]


class Relay(threading.Thread):
    """Passes bytes on after a while. One thread: select wakes it to the microsecond."""

    def __init__(self, port, round_trip):
        super().__init__(daemon=True)
        self.goal, self.round_trip = ("127.0.0.1", port), round_trip
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.peers, self.not_before = {}, {}
        # What is on its way: a heap by when it arrives, and by when it came.
        self.travelling, self.came = [], itertools.count()

    def run(self):
        while True:
            readable, _, _ = select.select([self.listener, *self.peers], [], [], self.patience())
            for one in readable:
                self.take_up(one) if one is self.listener else self.receive(one)
            self.deliver()

    def patience(self):
        return max(self.travelling[0][0] - time.monotonic(), 0) if self.travelling else None

    def take_up(self, listener):
        near, _ = listener.accept()
        far = socket.create_connection(self.goal)
        self.peers[near], self.peers[far] = far, near
        # Without a relay its first bytes could leave only when TCP's handshake was over.
        self.not_before[near] = time.monotonic() + self.round_trip
        for one in (near, far):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def receive(self, one):
        try:
            piece = one.recv(65536)
        except ConnectionError:
            piece = b""
        arrives = max(time.monotonic(), self.not_before.get(one, 0)) + self.round_trip / 2
        heapq.heappush(self.travelling, (arrives, next(self.came), self.peers[one], piece))
        if not piece:
            # Its other side learns of the end in time, and may still have something to say till then.
            self.peers.pop(one)
            self.not_before.pop(one, None)

    def deliver(self):
        while self.travelling and self.travelling[0][0] <= time.monotonic():
            *_, goal, piece = heapq.heappop(self.travelling)
            with contextlib.suppress(OSError):
                goal.sendall(piece) if piece else goal.shutdown(socket.SHUT_WR)


def main():
    options = arguments()
    reason = what_is_missing(options)
    if reason:
        print(f"skipped: {reason}")
        return 0
    with tempfile.TemporaryDirectory() as scratch, simulator(options, pathlib.Path(scratch)) as server:
        relay = Relay(server["port"], options.round_trip / 1000)
        relay.start()
        ways = the_ways(options, server, f"https://127.0.0.1:{relay.port}", pathlib.Path(scratch))
        check_connections(ways, server)
        costs = measure(ways, options.rounds)
    print(f"{options.rounds} rounds, load {os.getloadavg()[0]:.1f}, HTTP/{options.http}, "
          f"{options.round_trip} ms of round trip, {options.program.name} of "
          f"{options.program.stat().st_size / 2**20:.1f} MiB")
    show(costs)
    missed = [line for goal in GOALS for line in verdict(goal, costs)]
    for line in missed:
        print(f"MISSED   {line}")
    return 1 if missed else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    release = ROOT / "target" / "release" / "gemini-doctor"
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--http", choices=["1.1", "2"], default="2")
    parser.add_argument("--round-trip", type=float, default=40, metavar="MS")
    parser.add_argument("--program", type=pathlib.Path, default=release)
    parser.add_argument("--simulator", type=pathlib.Path, help="another build that simulates")
    options = parser.parse_args()
    options.program = options.program.resolve()
    options.simulator = options.simulator or options.program
    return options


def what_is_missing(options):
    if not hasattr(os, "wait4"):
        return "this system has no wait4"
    if shutil.which("curl") is None:
        return "curl is not installed"
    if not options.program.is_file():
        return f"{options.program} is not built: cargo build --release"
    return None


@contextlib.contextmanager
def simulator(options, scratch):
    """A simulator: its port, its key, its CA and its log."""
    authority, log = scratch / "ca.pem", scratch / "log.ndjson"
    command = [options.simulator, "simulate", "healthy", "--listen", "127.0.0.1:0",
               "--for", "900", "--ca-out", authority, "--log", log]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        said = ""
        while "note: CA" not in said:
            line = process.stderr.readline()
            if not line:
                sys.exit(f"the simulator did not start: {said}")
            said += line
        yield {
            "port": int(re.search(r"base URL +https://127\.0\.0\.1:(\d+)", said).group(1)),
            "key": re.search(r"key +(\S+)", said).group(1),
            "ca": authority,
            "log": log,
        }
    finally:
        process.terminate()
        process.wait()


def the_ways(options, server, base_url, scratch):
    """The words of each way, by its name."""
    ours = [options.program, "probe-alias", MODEL, "--samples", CALLS, "--siblings", "none",
            "--connections", 1, "--no-preflight", "--yes", "--ca-file", server["ca"], "-q",
            "--format", "json"]
    path, headers, body = what_it_sends(ours, server["key"])
    request = ["curl", "-sS", "--fail", f"--http{options.http}", "--cacert", server["ca"],
               *(word for header in headers for word in ("-H", header)), "--data-raw", body]
    url = ["-o", os.devnull, f"{base_url}{path}"]
    loop = scratch / "loop.sh"
    loop.write_text('calls=$1; shift; for ((call = 0; call < calls; call++)); do "$@"; done\n')
    return {
        OURS: (server["key"], [*ours, "--http", options.http, "--base-url", base_url]),
        KEPT: (server["key"], [*request, *url * CALLS]),
        LOOP: (server["key"], ["bash", loop, CALLS, *request, *url]),
    }


def what_it_sends(command, key):
    """Path, headers and body of one request, as a server without TLS sees them."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        words = [*command, "--base-url", f"http://127.0.0.1:{listener.getsockname()[1]}", "--http", "1.1"]
        words = [str(word) for word in words]
        process = subprocess.Popen(words, env=environment(key), stdout=subprocess.DEVNULL)
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as stream:
            path = stream.readline().split()[1].decode()
            lines = [line.decode().strip() for line in iter(stream.readline, b"\r\n")]
            length = next(int(line.split(":")[1]) for line in lines if "content-length" in line.lower())
            body = stream.read(length).decode()
        process.terminate()
        process.wait()
    own = ("host:", "content-length:")
    return path, [line for line in lines if not line.lower().startswith(own)], body


def environment(key):
    return {"PATH": os.environ["PATH"], "GEMINI_API_KEY": key}


def check_connections(ways, server):
    """Warms up, and looks that each way makes its calls over as many connections as it is said to."""
    for name, (key, words) in ways.items():
        before = len(server["log"].read_text().splitlines())
        cost(name, key, words)
        log = [json.loads(line) for line in server["log"].read_text().splitlines()[before:]]
        connections = {line["connection"] for line in log}
        if len(log) != CALLS or len(connections) != CONNECTIONS[name]:
            sys.exit(f"{name} made {len(log)} calls over {len(connections)} connections")


def measure(ways, rounds):
    """What each way cost in each round: its time, and its processor time."""
    costs = {name: [] for name in ways}
    for _ in range(rounds):
        for name in random.sample(list(ways), len(ways)):
            costs[name].append(cost(name, *ways[name]))
    return costs


def cost(name, key, words):
    words = [str(word) for word in words]
    quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1)]
    began = time.perf_counter()
    child = os.posix_spawnp(words[0], words, environment(key), file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    took = time.perf_counter() - began
    code = os.waitstatus_to_exitcode(status)
    if code not in ENDS_WELL[name]:
        sys.exit(f"{name} ended with {code}")
    return {"time": took, "processor": usage.ru_utime + usage.ru_stime}


def show(costs):
    for name, rounds in costs.items():
        print(f"{name:16} time {spread([one['time'] * 1000 for one in rounds], '.0f')} ms, "
              f"processor {spread([one['processor'] * 1000 for one in rounds], '.1f')} ms")


def verdict(goal, costs):
    """Prints a ratio; gives back its goal if every round has missed it."""
    pairs = zip(costs[goal.ours], costs[goal.theirs])
    ratios = [ours[goal.what] / max(theirs[goal.what], 1e-9) for ours, theirs in pairs]
    print(f"{goal}; {spread(ratios, '.3f')}")
    missed = all(goal.is_missed_by(ratio) for ratio in ratios)
    return [f"{goal}; {spread(ratios, '.3f')}"] if missed else []


def spread(figures, form):
    """The median, the least and the most."""
    return f"{statistics.median(figures):{form}} ({min(figures):{form}} to {max(figures):{form}})"


if __name__ == "__main__":
    sys.exit(main())
