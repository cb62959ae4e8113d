#!/usr/bin/env bash
# Google's own Python SDK against the simulator: it must get the same answers and the same refusals as this program does, so
# that client and simulator cannot agree on something that the real API does not say. OpenAI's SDK reads the compatible routes.
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
tallied "$venv/bin/python" .ci/genai.py "$(doctor_to_check)"
end_of_check
