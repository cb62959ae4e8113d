#!/usr/bin/env bash
# What `read-log` costs for a log of a million calls beside jq, which answers one question of it, and that memory does not
# grow with the log: benches/read_log.py says how. It looks at the release build, which it does not make;
# GEMINI_DOCTOR_RELEASE names another one. ROUNDS=9 takes nine rounds.
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

measured "a log of a million calls is read within its goals" \
    benches/read_log.py --program "$program" --rounds "${ROUNDS:-2}"
end_of_check
