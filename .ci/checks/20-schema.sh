#!/usr/bin/env bash
# An independent validator, Python's jsonschema, reads the JSON of many runs by the committed schemas.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3

doctor=$(doctor_to_check)
venv=target/checks/jsonschema
if ! "$venv/bin/python" -c 'import jsonschema' 2>/dev/null; then
    echo "installing jsonschema into $venv"
    if ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet jsonschema; } >"$scratch/pip" 2>&1; then
        skip "jsonschema cannot be installed: $(tail -n 1 "$scratch/pip")"
        end_of_check
    fi
fi

cat >"$scratch/validate.py" <<'P'
"""Validates every line, or the whole, of standard input; says the first thing that is wrong."""
import json, sys
from jsonschema import Draft202012Validator

schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
text = sys.stdin.read()
documents = [text] if sys.argv[2] == "whole" else text.splitlines()
if not text.strip():
    sys.exit("there is no JSON")
for number, document in enumerate(documents, 1):
    for error in Draft202012Validator(schema).iter_errors(json.loads(document)):
        sys.exit(f"document {number}, {error.json_path}: {error.message[:300]}")
P

# SCHEMA `whole`|`lines` ARGUMENT...; the run's own exit code does not matter.
valid() {
    local schema=$1 shape=$2 why
    shift 2
    bare "GEMINI_API_KEY=${key:-}" "$doctor" "$@" >"$scratch/json" || true
    if why=$("$venv/bin/python" "$scratch/validate.py" "docs/schema/$schema" "$shape" \
        <"$scratch/json" 2>&1); then
        pass "$*"
    else
        fail "$*: $why"
    fi
}

report() { valid report.schema.json whole "$@" --format json; }
events() { valid event.schema.json lines "$@" --format ndjson; }

scenarios=(
    healthy alias-rerouted api-key-invalid consumer-suspended quota-daily-exhausted
    gateway-route-missing answer-cut answer-nested-too-deep client-read-timeout
    midstream-error-swallowed tls-certificate-expired tls-intercepted dns-failure connection-refused
    proxy-refused-tunnel ipv6-path-broken dotenv-malformed key-file-unusable profiles-share-key
)
for scenario in "${scenarios[@]}"; do
    report check-key --deep --timeout 2 --yes --simulate "$scenario"
    events check-key --timeout 2 --simulate "$scenario"
done
report doctor --simulate alias-404
events doctor --simulate alias-404
for options in "--verify" "--method embedContent" "gemini-3.5-flahs"; do
    # shellcheck disable=SC2086 # Words on purpose.
    report list-models $options --simulate healthy
done
events list-models --simulate list-incomplete
report fixes
report fixes api-key-invalid
report explain "403 Permission denied on resource project xxx"
events explain "connect ECONNREFUSED 127.0.0.1:443"
report explain --file src/simulate/bodies/quota-daily.json
report explain "nothing is wrong here"
report explain --file no-such-file
report simulate --list
report check-key --dry-run --simulate healthy
key=""
report check-key
report check-key --without-key skip
report check-key --simulate no-such-scenario
report check-key --timeout 0
report fixes no-such-fix
events check-key --simulate no-such-scenario

# A validator that passes everything would pass all of the above.
if echo '{"schema_version": 1}' | "$venv/bin/python" "$scratch/validate.py" \
    docs/schema/report.schema.json whole >/dev/null 2>&1; then
    fail "a document of one wrong field is valid"
else
    pass "a document of one wrong field is not valid"
fi
end_of_check
