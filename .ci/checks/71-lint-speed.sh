#!/usr/bin/env bash
# What `lint` costs for bodies of 50 MB beside jq, which only parses and writes them: benches/lint.py says how. It looks at the
# release build, which it does not make; GEMINI_DOCTOR_RELEASE names another one. ROUNDS=9 takes nine rounds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3 jq

program=${GEMINI_DOCTOR_RELEASE:-${CARGO_TARGET_DIR:-target}/release/gemini-doctor}
if [ ! -x "$program" ]; then
    skip "$program is not built; cargo build --release makes it"
    end_of_check
fi

measured "bodies of 50 MB are looked through within the goals" \
    benches/lint.py --program "$program" --rounds "${ROUNDS:-2}"
end_of_check
