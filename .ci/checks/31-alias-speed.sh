#!/usr/bin/env bash
# How fast an alias is asked at 40 ms of round trip, beside curl, in a few rounds: benches/alias.py says
# how. It looks at the release build, which it does not make; GEMINI_DOCTOR_RELEASE names another one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3 curl

program=${GEMINI_DOCTOR_RELEASE:-${CARGO_TARGET_DIR:-target}/release/gemini-doctor}
if [ ! -x "$program" ]; then
    skip "$program is not built; cargo build --release makes it"
    end_of_check
fi
for http in 2 1.1; do
    code=0
    timeout 300 python3 benches/alias.py --rounds "${ROUNDS:-3}" --http "$http" --program "$program" \
        >"$scratch/figures" 2>&1 || code=$?
    cat "$scratch/figures"
    before=$failed
    while read -r reason; do skip "$reason"; done < <(sed -n 's/^skipped: //p' "$scratch/figures")
    while read -r goal; do fail "HTTP/$http: $goal"; done < <(sed -n 's/^MISSED *//p' "$scratch/figures")
    if [ "$code" -ne 0 ] && [ "$failed" -eq "$before" ]; then
        fail "benches/alias.py ended with $code"
    elif [ "$failed" -eq "$before" ] && grep -q processor "$scratch/figures"; then
        pass "HTTP/$http: the goals for 25 calls hold"
    fi
done
end_of_check
