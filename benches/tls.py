#!/usr/bin/env python3
"""What `tls-check` costs beside its peers, and how many round trips it takes to a far server.

    benches/tls.py near [--rounds N] [--slow-rounds N] [--program PATH]
    benches/tls.py far [--rounds N] [--round-trip MS] [--program PATH]

near: the default check of one nginx on loopback, beside what answers a part of the same questions: six probes of
`openssl s_client` (four versions, two of ALPN), sslscan, sslyze, and testssl.sh with -p -S -P; those that are here.
Interleaved in random order, whole processes: wall time, processor time (user and system, with all children, as wait4
says) and memory (as /usr/bin/time says). testssl.sh takes half a minute, so that it is in the first rounds only.

far: nginx and its client in two network namespaces, and between them a relay that holds every packet for half a round
trip. Wall time of the same check, in round trips, beside one handshake of `openssl s_client` and the six probes.

Ends with 1 when every round misses a goal, so that noise alone cannot fail a build.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile

from rounds import SERVER_ADDRESS, TIME, free_port, inside, namespaces, nginx, spent, spread, why_no_namespaces

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOLS = ROOT / "target" / "checks"
OURS, OPENSSL, ONE = "tls-check", "openssl, six probes", "openssl, one"
SSLSCAN, PROTOCOLS, SSLYZE, TESTSSL = "sslscan", "sslscan, protocols", "sslyze", "testssl.sh"

MOST_BESIDE_OPENSSL = 1.0
LEAST_FASTER = {SSLYZE: 8, TESTSSL: 200}
# Three parts of four are the program's own text, which grew with the token tables' neighbours.
MOST_MIB = 19
MOST_ROUND_TRIPS = 6


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
    near, far = kinds.add_parser("near"), kinds.add_parser("far")
    for kind in (near, far):
        kind.add_argument("--rounds", type=int, default=9)
        kind.add_argument("--program", type=pathlib.Path, default=ROOT / "target" / "release" / "gemini-doctor")
    near.add_argument("--slow-rounds", type=int, default=1, help="of testssl.sh; 0 leaves it out")
    near.set_defaults(measure=near_rounds, needs=["nginx", "openssl", TIME])
    far.add_argument("--round-trip", type=float, default=40, metavar="MS")
    far.set_defaults(measure=far_rounds, needs=["nginx", "openssl", "ip", "unshare", "nsenter", TIME])
    options = parser.parse_args()
    options.program = options.program.resolve()
    return options


def what_is_missing(options):
    for program in options.needs:
        if shutil.which(program) is None:
            return f"{program} is not installed"
    if not options.program.is_file():
        return f"{options.program} is not built: cargo build --release"
    return why_no_namespaces() if options.measure is far_rounds else None


# Near


def near_rounds(options, scratch):
    address = f"127.0.0.1:{free_port()}"
    with nginx(scratch, address, "{}"):
        commands = {name: words for name, words in peers(options, scratch, address).items() if words}
        runs = {name: [] for name in commands}
        for name in set(commands) - {TESTSSL}:
            run(scratch, name, commands[name])
        for number in range(options.rounds):
            in_turn = [name for name in commands if name != TESTSSL or number < options.slow_rounds]
            for name in random.sample(in_turn, len(in_turn)):
                runs[name].append(run(scratch, name, commands[name]))
    runs = {name: found for name, found in runs.items() if found}
    print(f"{options.rounds} rounds, load {os.getloadavg()[0]:.1f}, {options.program.name} of "
          f"{options.program.stat().st_size / 2**20:.1f} MiB")
    show(runs)
    return list(verdicts(runs))


def peers(options, scratch, address):
    """How each is asked; None where it is not here, which is said."""
    ca = scratch / "ca.pem"
    found = {SSLSCAN: tool("sslscan"), SSLYZE: tool("sslyze"), TESTSSL: tool("testssl") or tool("testssl.sh")}
    for name, program in found.items():
        if program is None:
            print(f"skipped: {name} is not installed")
    return {
        OURS: ours(options, scratch, address),
        ONE: client(scratch, address),
        OPENSSL: six_probes(scratch, address),
        SSLSCAN: found[SSLSCAN] and [found[SSLSCAN], "--no-colour", "--show-certificate", address],
        PROTOCOLS: found[SSLSCAN] and [
            found[SSLSCAN], "--no-colour", "--no-ciphersuites", "--no-heartbleed", "--no-renegotiation",
            "--no-compression", "--no-fallback", "--no-groups", address],
        SSLYZE: found[SSLYZE] and [found[SSLYZE], address],
        TESTSSL: found[TESTSSL] and [found[TESTSSL], "--quiet", "--color", "0", "--warnings", "batch", "-p", "-S", "-P",
                                     "--add-ca", ca, address],
    }


def tool(name):
    """From a virtual environment of the checks, or from the system."""
    own = TOOLS / name / "bin" / name
    return str(own) if own.exists() else shutil.which(name)


def ours(options, scratch, address):
    return [options.program, "tls-check", address, "--ca-file", scratch / "ca.pem", "--format", "json", "-q"]


def client(scratch, address, *more):
    return ["openssl", "s_client", "-connect", address, "-CAfile", scratch / "ca.pem", "-alpn", "h2,http/1.1",
            "-verify_return_error", *more]


def six_probes(scratch, address):
    """What a person types in its place, one after the other; some of these handshakes are refused."""
    loop = ('for probe in -tls1 -tls1_1 -tls1_2 -tls1_3 "-alpn h2" "-alpn http/1.1"; do '
            f"openssl s_client -connect {address} -CAfile {scratch}/ca.pem $probe -brief </dev/null; done; true")
    return ["sh", "-c", loop]


def run(scratch, name, words):
    done = spent(scratch, words, {"PATH": os.environ["PATH"], "HOME": str(scratch)})
    flaw = CHECKED[name](done) if name in CHECKED else None
    if flaw:
        sys.exit(f"{name}: {flaw}: exit {done.status}, {done.said[-1000:]}{done.complained[-500:]}")
    return done


def whole_report(done):
    """That it was the whole check, and that nothing was found."""
    if done.status != 0:
        return "it found something"
    host = json.loads(done.said)["data"]["hosts"][0]
    supports = host["supports"]
    lacking = [name for name in ("versions", "groups", "alpn") if not supports[name]]
    lacking += [name for name in ("chain", "stores", "negotiated") if not host[name]]
    return f"its facts lack {', '.join(lacking)}" if lacking else None


def connected(done):
    return None if done.status == 0 else "it did not connect"


CHECKED = {OURS: whole_report, ONE: connected}


def show(runs):
    for name, found in runs.items():
        beside = [one.wall / ours.wall for one, ours in zip(found, runs[OURS])]
        print(f"{name:20} wall {spread([one.wall for one in found], '.4f')} s, processor "
              f"{spread([one.processor * 1000 for one in found], '.1f')} ms, "
              f"{max(one.memory for one in found):.1f} MiB, {spread(beside, '.2f')} times the wall of ours")


def verdicts(runs):
    """Prints how ours is to its peers in each round; gives back the goals that every round has missed."""
    pairs = list(zip(runs[OURS], runs[OPENSSL]))
    figures = [
        (f"wall time, times that of {OPENSSL}: at most {MOST_BESIDE_OPENSSL}", MOST_BESIDE_OPENSSL,
         [ours.wall / theirs.wall for ours, theirs in pairs]),
        (f"processor time, times that of {OPENSSL}: at most {MOST_BESIDE_OPENSSL}", MOST_BESIDE_OPENSSL,
         [ours.processor / theirs.processor for ours, theirs in pairs]),
        (f"memory, MiB: at most {MOST_MIB}", MOST_MIB, [one.memory for one in runs[OURS]]),
    ]
    # Turned round, so that less is better in all of them.
    figures += [(f"wall time, times that of {peer}: at most 1/{least}", 1 / least,
                 [ours.wall / theirs.wall for ours, theirs in zip(runs[OURS], runs[peer])])
                for peer, least in LEAST_FASTER.items() if peer in runs]
    for what, most, values in figures:
        line = f"{what}; {spread(values, '.4f')}"
        print(line)
        if min(values) > most:
            yield line


# Far


def far_rounds(options, scratch):
    with namespaces(options.round_trip / 1000) as (near, distant):
        with nginx(scratch, f"{SERVER_ADDRESS}:443", "{}", inside(distant)):
            address = f"{SERVER_ADDRESS}:443"
            commands = {OURS: ours(options, scratch, address), ONE: client(scratch, address),
                        OPENSSL: six_probes(scratch, address)}
            runs = {name: [] for name in commands}
            for _ in range(options.rounds):
                for name in random.sample(list(commands), len(commands)):
                    runs[name].append(run(scratch, name, [*inside(near), *commands[name]]))
    print(f"{options.rounds} rounds, load {os.getloadavg()[0]:.1f}, {options.round_trip} ms of round trip")
    trips = {name: [one.wall * 1000 / options.round_trip for one in found] for name, found in runs.items()}
    for name, found in trips.items():
        print(f"{name:20} {spread(found, '.2f')} round trips")
    line = f"round trips: at most {MOST_ROUND_TRIPS}; {spread(trips[OURS], '.2f')}"
    print(line)
    return [line] if min(trips[OURS]) > MOST_ROUND_TRIPS else []


if __name__ == "__main__":
    sys.exit(main())
