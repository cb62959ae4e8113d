#!/usr/bin/env python3
"""Every regime of an alias, over many seeds: is the verdict right, and the reason for it?

  .ci/regimes.py PROGRAM [--seeds N] [--least SHARE] [REGIME...]

Each regime of the simulator is run by the real program with seeds 1 to N. A run is right when its verdict is
one of those that the regime allows, and its reason is when the factor that failures go with and the first
finding are. Prints a line a regime, and ends with 1 when a share of right verdicts or reasons is below SHARE."""

import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import time

LONG = ["--samples", "120"]
ALL = ["--siblings", "all"]
GONE = "alias-backend-missing"

# options, allowed verdicts, allowed factors, allowed first findings (None: there is none)
REGIMES = {
    "alias-healthy": ([], {"HEALTHY"}, {None}, {None}),
    "alias-404": ([], {"FLAKY"}, {None}, {GONE}),
    "alias-sticky": ([], {"FLAKY"}, {"connection"}, {GONE}),
    "alias-rotating": ([], {"FLAKY"}, {"turn"}, {GONE}),
    "alias-per-address": ([], {"FLAKY"}, {"address"}, {GONE}),
    "alias-per-http": ([], {"FLAKY"}, {"http"}, {GONE}),
    "alias-burst": (LONG, {"FLAKY"}, {"burst"}, {GONE}),
    "alias-drift": (LONG, {"REROUTED"}, {None}, {"alias-rerouted"}),
    "alias-onset": (LONG, {"FLAKY"}, {"time"}, {GONE}),
    "alias-recovery": (LONG, {"HEALTHY"}, {"time"}, {None}),
    "alias-outage-own-name": ([], {"DOWN"}, {None}, {"alias-down"}),
    "alias-outage-foreign-name": ([], {"DOWN"}, {None}, {GONE}),
    "alias-sibling-broken": (ALL, {"FLAKY"}, {None}, {GONE}),
    "alias-all-broken": (ALL, {"FLAKY"}, {None}, {GONE}),
    "alias-two-bad-builds": ([], {"FLAKY"}, {None}, {GONE}),
    "alias-versions-vary": ([], {"HEALTHY"}, {None}, {None}),
    "alias-versions-with-failures": ([], {"FLAKY"}, {None}, {GONE}),
    # The first 429 ends a run; before it the verdict stands, or it does not.
    "alias-429-mixed": ([], {"FLAKY", "INCONCLUSIVE"}, {None}, {GONE, "quota-requests-per-minute"}),
    "alias-429-only": ([], {"INCONCLUSIVE"}, {None}, {"quota-requests-per-minute"}),
    "alias-503-mixed": ([], {"FLAKY"}, {None}, {GONE}),
    "alias-overloaded": ([], {"HEALTHY"}, {None}, {"model-overloaded-503"}),
    "alias-503-only": ([], {"INCONCLUSIVE"}, {None}, {"model-overloaded-503"}),
    "alias-403-midway": ([], {"INCONCLUSIVE"}, {None}, {"project-denied-access"}),
    "alias-resets": ([], {"HEALTHY"}, {None}, {"connection-reset-after-tls"}),
    "alias-lost": ([], {"INCONCLUSIVE"}, {None}, {"connection-reset", "connection-reset-after-tls"}),
    "alias-own-name-intermittent": ([], {"FLAKY"}, {None}, {GONE}),
    "alias-sdk-only": (["--as-sdk", "python"], {"FLAKY"}, {"client"}, {GONE}),
    "alias-empty": ([], {"HEALTHY"}, {None}, {"empty-candidate-no-text"}),
    "alias-rare": (LONG, {"FLAKY"}, {None}, {GONE}),
    "alias-gateway-404": ([], {"HEALTHY"}, {None}, {"gateway-route-missing"}),
}

# The calls until the test of the rate decided, and until the verdict stood.
CALLS = collections.defaultdict(list)


def run(program, regime, seed):
    options, verdicts, factors, findings = REGIMES[regime]
    command = [program, "probe-alias", "gemini-3.5-flash", "--simulate", regime, "--seed", str(seed)]
    ended = subprocess.run(
        command + ["--format", "json", "-q"] + options, capture_output=True, text=True, timeout=120
    )
    try:
        report = json.loads(ended.stdout)
    except ValueError:
        return False, False, f"no report: exit {ended.returncode} {ended.stderr[-200:]}"
    data = report["data"]
    if data.get("attempts_at_verdict"):
        CALLS[regime].append((data["attempts_at_rate_decision"], data["attempts_at_verdict"]))
    if "verdict" not in data:
        return False, False, f"no verdict: exit {ended.returncode} {report['verdict']['sentence']}"
    verdict, factor = data.get("verdict"), (data.get("attribution") or {}).get("factor")
    first = report["findings"][0]["id"] if report["findings"] else None
    reason = factor in factors and first in findings
    return verdict in verdicts, reason, f"{verdict}, factor {factor}, {first}"


def means(regime):
    if not CALLS[regime]:
        return ""
    rate, verdict = (sum(calls) / len(CALLS[regime]) for calls in zip(*CALLS[regime]))
    return f"calls to the rate {rate:.2f}, to the verdict {verdict:.2f} in the mean  "


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("program")
    options.add_argument("regimes", nargs="*")
    options.add_argument("--seeds", type=int, default=100)
    options.add_argument("--least", type=float, default=0.95)
    given = options.parse_intermixed_args()
    missed = 0
    for regime in given.regimes or REGIMES:
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            ran = list(pool.map(lambda seed: run(given.program, regime, seed), range(1, given.seeds + 1)))
        verdicts, reasons = sum(one[0] for one in ran), sum(one[1] for one in ran)
        wrong = collections.Counter(one[2] for one in ran if not (one[0] and one[1]))
        is_missed = min(verdicts, reasons) < given.least * given.seeds
        missed += is_missed
        each = (time.monotonic() - began) / given.seeds * 1000
        print(
            f"{'MISSED' if is_missed else 'ok':6} {regime:30} verdict {verdicts}/{given.seeds} "
            f"reason {reasons}/{given.seeds}  {means(regime)}{each:.0f} ms a run  "
            + "; ".join(f"{count} times {what}" for what, count in wrong.most_common(3)),
            flush=True,
        )
    print(f"{len(given.regimes or REGIMES) - missed} passed, {missed} failed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
