#!/usr/bin/env python3
"""What a quick look costs, on loopback only.

    benches/doctor.py [--rounds N] [--round-trip MS] [--program PATH] [--simulator PATH]

near: processor time of a whole `doctor --quick` against the simulator, beside one request of curl that reads the
system's certificates; interleaved in random order in one run, as benches/startup.py does it.

far: wall time of the same look to a server behind a relay that holds every piece of data for half a round trip, in
round trips; once with a model that is named, and once with one that is picked from the list. The relay is that of
benches/alias.py: a connection takes a round trip, as TCP's handshake does.

Ends with 1 when a goal is missed beyond noise: by the whole 95 % interval near, by every round far.
"""

import argparse
import os
import pathlib
import sys
import tempfile
import time

import alias
import startup

MODEL = "gemini-3.5-flash"
# Of the processor time of one curl request, and of wall time.
MOST_OF_CURL, MOST_MIB, MOST_ROUND_TRIPS = 1.0, 19, 8


def main():
    options = arguments()
    reason = startup.what_is_missing(options)
    if reason:
        print(f"skipped: {reason}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        with startup.simulator(options, scratch) as server:
            goal = near(options.program, server, scratch)
            startup.measure([goal], options.rounds)
            trips = far(options, server)
    print(f"{options.rounds} rounds, load {os.getloadavg()[0]:.1f}, {options.program.name} of "
          f"{options.program.stat().st_size / 2**20:.1f} MiB")
    missed = startup.verdicts(goal)
    for name, found in trips.items():
        line = f"{name}: at most {MOST_ROUND_TRIPS} round trips; {alias.spread(found, '.2f')}"
        print(line)
        if min(found) > MOST_ROUND_TRIPS:
            missed.append(line)
    for line in missed:
        print(f"MISSED   {line}")
    return 1 if missed else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    release = startup.ROOT / "target" / "release" / "gemini-doctor"
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--round-trip", type=float, default=40, metavar="MS")
    parser.add_argument("--program", type=pathlib.Path, default=release)
    parser.add_argument("--simulator", type=pathlib.Path, help="another build that simulates")
    options = parser.parse_args()
    options.program = options.program.resolve()
    options.simulator = options.simulator or options.program
    return options


def look(program, server, port, *more):
    return [program, "doctor", "--quick", "-q", "--ca-file", server["ca"],
            "--base-url", f"https://localhost:{port}", *more]


def near(program, server, scratch):
    # A small project, since the look at this machine reads the sources of where it stands.
    (scratch / "requirements.txt").write_text("google-genai==2.30.1\n")
    os.chdir(scratch)
    # The request of curl is that of the other benchmark, with its bundle.
    *_, beside = startup.the_goals(program, server, scratch)
    return startup.Goal("doctor --quick beside one curl request",
                        look(program, server, server["port"], "--model", MODEL), beside.commands["curl"],
                        {"GEMINI_API_KEY": server["key"]}, MOST_OF_CURL, MOST_MIB)


def far(options, server):
    """The wall time of each round, in round trips, by what was asked."""
    relay = alias.Relay(int(server["port"]), options.round_trip / 1000)
    relay.start()
    words = {
        "a named model": look(options.program, server, relay.port, "--model", MODEL),
        "a picked model": look(options.program, server, relay.port),
    }
    rounds = max(options.rounds // 8, 3)
    return {name: [wall_ms(command, server) / options.round_trip for _ in range(rounds)]
            for name, command in words.items()}


def wall_ms(command, server):
    began = time.monotonic()
    startup.processor_seconds(command, alias.environment(server["key"]))
    return (time.monotonic() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
