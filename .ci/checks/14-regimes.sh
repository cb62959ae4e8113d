#!/usr/bin/env bash
# Every regime of an alias that the simulator has, over a few seeds: the verdict and the reason for it
# must be right nearly always. `.ci/long regimes` takes a hundred seeds of each.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3

# Of so few seeds one or two may fall on the wrong side by chance.
timeout 900 .ci/regimes.py "$(doctor_to_check)" --seeds "${SEEDS:-10}" --least 0.8 >"$scratch/figures" 2>&1 || true
cat "$scratch/figures"
while read -r line; do fail "$line"; done < <(sed -n 's/^MISSED *//p' "$scratch/figures")
while read -r line; do pass "$line"; done < <(sed -n 's/^ok *//p' "$scratch/figures")
[ "$passed" -gt 0 ] || fail "no regime was run"
end_of_check
