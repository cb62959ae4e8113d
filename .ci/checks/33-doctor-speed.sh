#!/usr/bin/env bash
# What `doctor --quick` costs beside one curl request, and how many round trips it takes to a server at 40 ms, in a few
# rounds: benches/doctor.py says how. It looks at the release build, which it does not make; GEMINI_DOCTOR_RELEASE names
# another one. ROUNDS=60 takes sixty rounds.
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

measured "the goals for a quick look hold" benches/doctor.py --program "$program" --rounds "${ROUNDS:-16}"
end_of_check
