#!/usr/bin/env bash
# What `bench-transport` itself costs beside oha and h2load, and whether it says of a server at 40 ms of
# round trip what curl says, in a few rounds: benches/transport.py says how. It looks at the release build,
# which it does not make; GEMINI_DOCTOR_RELEASE names another one. oha is not built for it either.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3

program=${GEMINI_DOCTOR_RELEASE:-${CARGO_TARGET_DIR:-target}/release/gemini-doctor}
if [ ! -x "$program" ]; then
    skip "$program is not built; cargo build --release makes it"
    end_of_check
fi

# KIND GOALS OPTION...: one kind of figures, and what passes if nothing is missed.
measure() {
    local kind=$1 goals=$2 code=0 before=$failed
    shift 2
    timeout 600 python3 benches/transport.py "$kind" --program "$program" "$@" >"$scratch/figures" 2>&1 || code=$?
    cat "$scratch/figures"
    while read -r reason; do skip "$reason"; done < <(sed -n 's/^skipped: //p' "$scratch/figures")
    while read -r goal; do fail "$goal"; done < <(sed -n 's/^MISSED *//p' "$scratch/figures")
    if [ "$code" -ne 0 ] && [ "$failed" -eq "$before" ]; then
        fail "benches/transport.py $kind ended with $code"
    elif [ "$failed" -eq "$before" ] && grep -q "rounds" "$scratch/figures"; then
        pass "$goals"
    fi
}

measure load "the goals for its own cost hold" --rounds "${ROUNDS:-3}"
measure far "a new HTTP/1.1 connection beside one of HTTP/2 that stays: as curl says" --rounds "${ROUNDS:-5}"
end_of_check
