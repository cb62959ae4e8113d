#!/usr/bin/env bash
# The exam of simulate --grade, put to SDKs that are none of ours: what they are known to do must be what they are graded for.
# Google's repeats with growing waits and chance, keeps no announced pause and knows no fallback; OpenAI's keeps Retry-After.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3

# CLIENT: puts a client through the exam; the lines that fail, each followed by a comma.
failed_lines() {
    "$doctor" simulate --grade --jobs 4 --fail-on never --format json -- \
        "$python" ".ci/exam/$1.py" 2>>"$scratch/stderr" >"$scratch/$1.json" || true
    python3 - "$scratch/$1.json" <<'PYTHON'
import json, sys
with open(sys.argv[1]) as report:
    lines = json.load(report)["data"]["exam"]["lines"]
print("".join(line["id"] + "," for line in lines if line["grade"] == "fail"))
PYTHON
}

# CLIENT EXPECTED WHAT
graded() {
    local said
    said=$(failed_lines "$1")
    if [ "$said" = "$2" ]; then pass "$3"; else fail "$3: failed lines are '$said'"; fi
}

python=target/checks/gateways/bin/python
if ! "$python" -c 'import google.genai, openai' 2>/dev/null; then
    skip "google-genai and openai are not installed in target/checks/gateways (.ci/run installs them)"
    end_of_check
fi
python=$(realpath --no-symlinks "$python")
doctor=$(doctor_to_check)
graded genai_client "retry.retry-info,retry.retry-after,fallback.model," \
    "Google's SDK keeps no announced pause, and nothing else of the exam is held against it but its lack of a fallback"
graded openai_client "retry.retry-info," \
    "OpenAI's SDK keeps Retry-After, and RetryInfo is unknown to it"
end_of_check
