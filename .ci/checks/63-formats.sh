#!/usr/bin/env bash
# What other programs make of the reports of many simulated runs: JUnit read by two parsers and held against the schema
# that Jenkins reads it by, SARIF against the schema of SARIF 2.1.0 and through a reader of it, Markdown rendered, and the
# pages of both in a real browser. Each must find the numbers of the JSON document.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3

doctor=$(doctor_to_check)
readers=$PWD/target/checks/readers
if [ ! -e "$readers/installed" ]; then
    skip "the readers of JUnit, SARIF and Markdown are not installed (.ci/run installs them)"
    end_of_check
fi
reports=$scratch/reports
mkdir "$reports"

# NAME FORMATS ARGUMENT...: a run with its document and its reports; its own exit code does not matter.
run() {
    local name=$1 formats=$2 format files=()
    shift 2
    for format in json $formats; do files+=(--report "$format=$reports/$name.$format"); done
    bare "$doctor" "$@" "${files[@]}" >"$scratch/out" || true
    for format in json $formats; do
        [ -s "$reports/$name.$format" ] || fail "$*: no $format was written"
    done
}

all="junit markdown html"
run healthy "$all" check-key --simulate healthy
run refused "$all" check-key --simulate api-key-invalid --deep
run without-key "$all" check-key --without-key skip
run no-key "$all" check-key
run doctor "$all" doctor --simulate alias-404
run quick "$all" doctor --quick --simulate tls-certificate-expired
run flaky "$all" probe-alias gemini-3.5-flash --simulate alias-404
run listed "$all" list-models --simulate healthy --verify
run looked "$all" list-models gemini-3.5-flash gemini-3.5-flahs --simulate healthy
run lock "$all" list-models --check-lock models.lock --simulate model-lock-not-met
run incomplete "$all" list-models --simulate list-incomplete
run tls "$all" tls-check --simulate tls-certificate-expired
run unreachable "$all" doctor --simulate dns-failure
run compared "$all" compare --simulate healthy --base-url https://generativelanguage.googleapis.com --base-url https://generativelanguage.googleapis.com --rounds 3
run dry "$all" doctor --dry-run --simulate healthy
mkdir "$scratch/empty/tree"
printf 'const key = "AIzaFAKE-key-for-the-gemini-doctor-sim1";\n' >"$scratch/empty/tree/app.js"
run scan "$all sarif" doctor --scan tree --only local
run scan-clean "$all sarif" doctor --scan reports --only local
rm -r "$scratch/empty/tree"

tallied "$readers/bin/python" .ci/formats.py "$reports" "$PWD/target/checks"

# The pages, and Markdown as a page, where they are seen.
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
    skip "chromium is not installed, so that no page was seen"
    end_of_check
fi
mkdir "$scratch/pages"
cp "$reports"/*.html "$scratch/pages"
timeout 500 python3 .ci/browser.py "$browser" "$scratch/profile" "$scratch/pages" >"$scratch/seen" 2>&1 || true
if grep -q '^cannot start' "$scratch/seen"; then
    skip "$(grep -m 1 '^cannot start' "$scratch/seen")"
    end_of_check
fi
while IFS= read -r line; do
    case $line in
    "ok "*) pass "${line#ok }" ;;
    "FAILED "*) fail "${line#FAILED }" ;;
    *) echo "         $line" ;;
    esac
done <"$scratch/seen"
grep -q '^ok a page that is wrong' "$scratch/seen" || fail "the browser ended early: $(tail -n 1 "$scratch/seen")"
end_of_check
