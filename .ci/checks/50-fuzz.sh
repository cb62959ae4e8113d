#!/usr/bin/env bash
# Arbitrary bytes into what reads pasted errors, certificates, answers of servers and bodies of requests, and what
# counts tokens, for some seconds: what libFuzzer finds is a bug. The inputs of earlier runs come first. `.ci/long fuzz` runs
# the same for longer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need cargo c++ rustc

seconds=${FUZZ_SECONDS:-60}
export FUZZ_PROFILE=${FUZZ_PROFILE:-short}
echo "building the fuzzer into target/fuzz"
if ! timeout 1800 .ci/long build >"$scratch/build" 2>&1; then
    if grep -qE "libfuzzer|failed to (download|get|fetch)" "$scratch/build"; then
        skip "libFuzzer cannot be built here: $(grep -m 1 '^error' "$scratch/build")"
        end_of_check
    fi
    tail -n 30 "$scratch/build"
    fail "the fuzz targets are not built"
    end_of_check
fi
# TARGET RUNS. The same inputs each time, so that a change is judged by what it changed; the long run
# wanders.
fuzz() {
    local code=0 runs
    timeout $((seconds + 300)) .ci/long fuzz "$1" "$seconds" -seed=1 -runs="$2" >"$scratch/run" 2>&1 || code=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$scratch/run")
    if [ "$code" -ne 0 ]; then
        grep -aE "panicked|^assertion|SUMMARY|Test unit written" -A 3 "$scratch/run" | head -n 40
        fail "$1: the fuzzer found something; its input is in target/fuzz/failures"
    elif [ "${runs:-0}" -lt 100 ]; then
        fail "$1: only ${runs:-no} inputs were tried"
    else
        grep -a "DONE" "$scratch/run" || true
        pass "$1: $runs inputs, and nothing that must not be"
    fi
}

fuzz explain 1500
fuzz hello 50000
fuzz certs 20000
fuzz tokens 3000
fuzz lint 10000
end_of_check
