#!/usr/bin/env bash
# Google's own typed client reads the bodies that the linter is held against: a thousand that the API takes, over all its features.
# What it cannot read would be wrong in the generator, however well generator and linter agreed about it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3

venv=target/checks/gateways
if ! "$venv/bin/python" -c 'import google.genai, openai' 2>/dev/null; then
    skip "google-genai is not installed in $venv (.ci/run installs it)"
    end_of_check
fi

example=${CARGO_TARGET_DIR:-target}/debug/examples/lint_bodies
if ! cargo build --locked --quiet --example lint_bodies 2>"$scratch/build"; then
    fail "the example cannot be built: $(tail -n 1 "$scratch/build")"
    end_of_check
fi

"$example" 1 1000 >"$scratch/bodies"
tallied "$venv/bin/python" .ci/lint.py <"$scratch/bodies"
# The client must be able to say no: these have one fault each.
"$example" 1 3000 broken >"$scratch/broken"
tallied "$venv/bin/python" .ci/lint.py --broken <"$scratch/broken"
# What is corrected and then called free of errors must be something that the client can say.
program=${GEMINI_DOCTOR:-${CARGO_TARGET_DIR:-target}/debug/gemini-doctor}
tallied "$venv/bin/python" .ci/lint.py --corrected "$program" <"$scratch/broken"
end_of_check
