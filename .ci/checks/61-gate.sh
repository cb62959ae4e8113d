#!/usr/bin/env bash
# `gate` as a workflow runs it: the steps of the GitHub Action, taken from its own file, against simulators; its
# downloads, from a release that was made for this; and its JUnit report, read by junitparser and by Python's own
# parser, and held against the schema that Jenkins' xUnit plugin reads by.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3 curl tar

doctor=$(doctor_to_check)
key=AQ.FAKE-key-for-the-gemini-doctor-simulator-0001
python=target/checks/readers/bin/python
if [ ! -x "$python" ]; then
    skip "junitparser and PyYAML are not installed; .ci/run does that"
    end_of_check
fi

# NAME SCENARIO: a simulator; its URL is in $scratch/NAME.url, its CA in NAME.pem.
world() {
    "$doctor" simulate "$2" --listen 127.0.0.1:0 --for 900 --ca-out "$scratch/$1.pem" \
        >/dev/null 2>"$scratch/$1.said" &
    children+=($!)
    for _ in $(seq 100); do
        if grep -qs '^note: CA' "$scratch/$1.said"; then
            sed -n 's|^note: base URL *||p' "$scratch/$1.said" >"$scratch/$1.url"
            return 0
        fi
        sleep 0.1
    done
    echo "the simulator $1 did not start: $(cat "$scratch/$1.said")"
    return 1
}

# A release as the workflow for releases makes it.
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)
name=gemini-doctor-$version-x86_64-unknown-linux-musl
mkdir -p "$scratch/releases/v$version/$name"
cp "$doctor" "$scratch/releases/v$version/$name/"
(
    cd "$scratch/releases/v$version"
    tar -czf "$name.tar.gz" "$name"
    rm -r "$name"
    sha256sum -- *.tar.gz >SHA256SUMS
)
for scenario in healthy api-key-invalid alias-404; do world "$scenario" "$scenario"; done

cat >"$scratch/gate.toml" <<'T'
checks = ["net.tls", "api.list", "api.model"]
[slo]
calls = 6
latency_p50_ms = 60000
[[waivers]]
check = "api.model"
reason = "a <known> & \"odd\" one"
until = 2999-12-31
T

tallied "$python" .ci/action.py --scratch "$scratch" --version "$version" --key "$key" \
    --archive "$scratch/releases/v$version/$name.tar.gz"

# The same day in a real run: a waiver ends with its day in UTC.
if command -v faketime >/dev/null; then
    cat >"$scratch/waived.toml" <<'T'
checks = ["api.list"]
[[waivers]]
check = "api.list"
reason = "ticket 17"
until = 2031-03-31
T
    for moment in "2031-03-31 23:59:30 0" "2031-04-01 00:00:30 1"; do
        code=0
        # The time is the machine's own only, so that certificates of today stay out of it.
        (cd "$scratch/empty" && env -i PATH="$PATH" TZ=UTC GEMINI_API_KEY=$key \
            faketime -f "@${moment% *}" "$doctor" gate "$scratch/waived.toml" --no-proxy -q \
            --base-url "http://127.0.0.1:9" >/dev/null 2>"$scratch/stderr") || code=$?
        case "${moment##* } $code" in
            "0 0" | "1 4") pass "at ${moment% *} UTC the waived gate ends with $code" ;;
            *) fail "at ${moment% *} UTC the waived gate ends with $code" ;;
        esac
    done
else
    skip "faketime is not installed"
fi
end_of_check
