#!/usr/bin/env bash
# What it costs to start, beside curl, in a few rounds: benches/startup.py says how. It looks at the
# release build, which it does not make; GEMINI_DOCTOR_RELEASE names another one.
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
code=0
timeout 300 python3 benches/startup.py --rounds "${ROUNDS:-15}" --program "$program" \
    >"$scratch/figures" 2>&1 || code=$?
cat "$scratch/figures"
while read -r reason; do skip "$reason"; done < <(sed -n 's/^skipped: //p' "$scratch/figures")
while read -r goal; do fail "$goal"; done < <(sed -n 's/^MISSED *//p' "$scratch/figures")
if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
    fail "benches/startup.py ended with $code"
elif [ "$failed" -eq 0 ] && grep -q processor "$scratch/figures"; then
    pass "the goals for starting hold"
fi
end_of_check
