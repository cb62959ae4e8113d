#!/usr/bin/env bash
# What `tls-check` costs beside openssl, sslscan, sslyze and testssl.sh, and how many round trips it takes to a server
# at 40 ms, in a few rounds: benches/tls.py says how. It looks at the release build, which it does not make;
# GEMINI_DOCTOR_RELEASE names another one. ROUNDS=9 takes nine rounds, SLOW_ROUNDS=0 leaves testssl.sh out.
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

measured "the goals for what a check costs hold" benches/tls.py near --program "$program" \
    --rounds "${ROUNDS:-3}" --slow-rounds "${SLOW_ROUNDS:-1}"
measured "the goal for round trips holds" benches/tls.py far --program "$program" --rounds "${ROUNDS:-5}"
end_of_check
