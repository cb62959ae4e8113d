#!/usr/bin/env bash
# What `count-tokens` costs beside SentencePiece and the fastest counters of the same vocabulary, in a few rounds:
# benches/tokens.py says how. It looks at the release build, which it does not make; GEMINI_DOCTOR_RELEASE names another
# one. ROUNDS=9 takes nine rounds.
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

measured "the goals for a prompt hold" benches/tokens.py start --program "$program" --rounds "${ROUNDS:-5}"
measured "the goals for texts hold" benches/tokens.py texts --program "$program" --rounds "${ROUNDS:-3}"
end_of_check
