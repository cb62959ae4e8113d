#!/usr/bin/env python3
"""What it costs to start: the program beside curl, interleaved in random order, on loopback only.

Two pairs: `gemini-doctor --help` beside `curl --version`, and a whole `check-key --no-generate` beside
one HTTPS request of curl that reads the system's certificates, both against the simulator. Processor
time (user and system, of the whole process) is what wait4 says in every round. The highest resident
memory is what /usr/bin/time says in a few runs of their own: a child of this script would begin with
the script's own.

    benches/startup.py [--rounds N] [--program PATH] [--simulator PATH]

Ends with 1 when a goal is missed by the whole 95 % interval, so that noise alone cannot fail a build.
"""

import argparse
import contextlib
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SYSTEM_BUNDLE = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
RESAMPLES = 4000
WARM_UP_ROUNDS = 2
MEMORY_RUNS = 5
TIME = "/usr/bin/time"


class Goal:
    """At most so much of curl's processor time, and so many MiB."""

    def __init__(self, name, ours, curl, environment, cpu_ratio, rss_mib):
        self.name = name
        self.commands = {"ours": ours, "curl": curl}
        self.environment = {"PATH": os.environ["PATH"], **environment}
        self.cpu_ratio, self.rss_mib = cpu_ratio, rss_mib
        self.seconds = {"ours": [], "curl": []}
        self.mebibytes = {"ours": [], "curl": []}


def main():
    options = arguments()
    reason = what_is_missing(options)
    if reason:
        print(f"skipped: {reason}")
        return 0
    with tempfile.TemporaryDirectory() as scratch, simulator(options, pathlib.Path(scratch)) as server:
        goals = the_goals(options.program, server, pathlib.Path(scratch))
        measure(goals, options.rounds)
    print(f"{options.rounds} rounds, load {os.getloadavg()[0]:.1f}, {options.program.name} of "
          f"{options.program.stat().st_size / 2**20:.1f} MiB")
    missed = [line for goal in goals for line in verdicts(goal)]
    for line in missed:
        print(f"MISSED   {line}")
    return 1 if missed else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    release = ROOT / "target" / "release" / "gemini-doctor"
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--program", type=pathlib.Path, default=release)
    parser.add_argument("--simulator", type=pathlib.Path, help="another build that simulates")
    options = parser.parse_args()
    options.simulator = options.simulator or options.program
    return options


def what_is_missing(options):
    if not hasattr(os, "wait4"):
        return "this system has no wait4"
    if shutil.which("curl") is None:
        return "curl is not installed"
    if not SYSTEM_BUNDLE.is_file():
        return f"{SYSTEM_BUNDLE} is not there"
    if not options.program.is_file():
        return f"{options.program} is not built: cargo build --release"
    return None


@contextlib.contextmanager
def simulator(options, scratch):
    """A healthy simulator: its port and its key."""
    authority = scratch / "ca.pem"
    command = [options.simulator, "simulate", "healthy", "--listen", "127.0.0.1:0", "--for", "900",
               "--ca-out", authority]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        said = ""
        while "note: CA" not in said:
            line = process.stderr.readline()
            if not line:
                sys.exit(f"the simulator did not start: {said}")
            said += line
        yield {
            "port": re.search(r"base URL +https://127\.0\.0\.1:(\d+)", said).group(1),
            "key": re.search(r"key +(\S+)", said).group(1),
            "ca": authority,
        }
    finally:
        process.terminate()
        process.wait()


def the_goals(program, server, scratch):
    bundle = scratch / "bundle.pem"
    bundle.write_text(SYSTEM_BUNDLE.read_text() + server["ca"].read_text())
    base_url = f"https://localhost:{server['port']}"
    check_key = [program, "check-key", "--no-generate", "--ca-file", server["ca"], "--base-url", base_url]
    request = ["curl", "-sS", "--fail", "-o", os.devnull, "--cacert", bundle,
               "-H", f"x-goog-api-key: {server['key']}", f"{base_url}/v1beta/models"]
    key = {"GEMINI_API_KEY": server["key"]}
    return [
        Goal("--help beside curl --version", [program, "--help"], ["curl", "--version"], {}, 0.5, 11),
        Goal("check-key beside one curl request", check_key, request, key, 0.35, 18),
    ]


def measure(goals, rounds):
    places = [(goal, side) for goal in goals for side in ("ours", "curl")]
    for number in range(-WARM_UP_ROUNDS, rounds):
        for goal, side in random.sample(places, len(places)):
            seconds = processor_seconds(goal.commands[side], goal.environment)
            if number >= 0:
                goal.seconds[side].append(seconds)
    if not pathlib.Path(TIME).is_file():
        print(f"skipped: memory, {TIME} is not installed")
        return
    for goal, side in places * MEMORY_RUNS:
        goal.mebibytes[side].append(peak_mebibytes(goal.commands[side], goal.environment))


def processor_seconds(command, environment):
    words = [str(word) for word in command]
    quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1)]
    child = os.posix_spawnp(words[0], words, environment, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    succeeded(words, os.waitstatus_to_exitcode(status))
    return usage.ru_utime + usage.ru_stime


def peak_mebibytes(command, environment):
    with tempfile.NamedTemporaryFile("r") as said:
        words = [TIME, "-q", "-f", "%M", "-o", said.name, *map(str, command)]
        ended = subprocess.run(words, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        succeeded(words, ended.returncode)
        return int(said.read().split()[-1]) / 1024


def succeeded(words, code):
    if code != 0:
        sys.exit(f"{' '.join(words)} ended with {code}")


def verdicts(goal):
    """Prints a pair's figures; gives back the goals that are missed beyond noise."""
    ours, curl = goal.seconds["ours"], goal.seconds["curl"]
    low, high = interval(list(zip(ours, curl)))
    print(f"{goal.name}\n    processor  {mean_ms(ours)} ms beside {mean_ms(curl)} ms: "
          f"{sum(ours) / sum(curl):.3f}, 95 % interval {low:.3f} to {high:.3f}; "
          f"goal at most {goal.cpu_ratio}")
    missed = []
    if low > goal.cpu_ratio:
        missed.append(f"{goal.name}: at least {low:.3f} of curl's processor time")
    return missed + memory_verdict(goal)


def memory_verdict(goal):
    ours, curl = goal.mebibytes["ours"], goal.mebibytes["curl"]
    if not ours:
        return []
    print(f"    memory     {statistics.median(ours):.1f} MiB beside {statistics.median(curl):.1f} MiB; "
          f"goal at most {goal.rss_mib} MiB")
    return [f"{goal.name}: at least {min(ours):.1f} MiB"] if min(ours) > goal.rss_mib else []


def ratio_of(pairs):
    """Of the sums: a single short run is too close to the clock's resolution for a ratio of its own."""
    return sum(mine for mine, _ in pairs) / max(sum(theirs for _, theirs in pairs), 1e-9)


def interval(pairs):
    """A percentile bootstrap over rounds."""
    ratios = sorted(ratio_of(random.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    return ratios[int(RESAMPLES * 0.025)], ratios[int(RESAMPLES * 0.975) - 1]


def mean_ms(seconds):
    return f"{statistics.fmean(seconds) * 1000:.1f}"


if __name__ == "__main__":
    sys.exit(main())
