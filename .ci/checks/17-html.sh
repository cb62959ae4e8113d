#!/usr/bin/env bash
# The page in a real browser, headless Chromium: it loads nothing and logs nothing, nothing is wider than
# the window at 400 and at 1400 pixels, no letters lie on others, and light and dark differ.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
    skip "chromium is not installed"
    end_of_check
fi

doctor=$(doctor_to_check)
pages=$scratch/pages
mkdir "$pages"

# NAME ARGUMENT...; the run's own exit code does not matter.
page() {
    local name=$1
    shift
    bare "$doctor" "$@" --report "html=$pages/$name.html" >"$scratch/out" || true
    [ -s "$pages/$name.html" ] || fail "$*: no page was written"
}

page refused check-key --simulate api-key-invalid
page healthy check-key --simulate healthy
page flaky probe-alias gemini-3.5-flash --simulate alias-404
page joined merge "$PWD/src/report/snapshots/bench.hdr.txt"
if "$doctor" help bench-transport >"$scratch/out" 2>&1; then
    page timed bench-transport --simulate transport-delays --rounds 12
else
    skip "this build has no bench-transport"
fi
for name in bench joined hostile several error; do
    cp "src/report/snapshots/$name.html.txt" "$pages/sample-$name.html"
done

if timeout 240 python3 .ci/browser.py "$browser" "$scratch/profile" "$pages" >"$scratch/said" 2>&1; then
    :
elif grep -q '^cannot start' "$scratch/said"; then
    skip "$(grep -m 1 '^cannot start' "$scratch/said")"
    end_of_check
elif ! grep -q '^FAILED' "$scratch/said"; then
    fail "the browser ended early: $(tail -n 1 "$scratch/said")"
fi
while IFS= read -r line; do
    case $line in
    "ok "*) pass "${line#ok }" ;;
    "FAILED "*) fail "${line#FAILED }" ;;
    *) echo "         $line" ;;
    esac
done <"$scratch/said"
end_of_check
