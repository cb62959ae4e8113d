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

measured "the goals for its own cost hold" \
    python3 benches/transport.py load --program "$program" --rounds "${ROUNDS:-3}"
measured "a new HTTP/1.1 connection beside one of HTTP/2 that stays: as curl says" \
    python3 benches/transport.py far --program "$program" --rounds "${ROUNDS:-5}"
end_of_check
