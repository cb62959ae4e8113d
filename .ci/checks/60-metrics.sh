#!/usr/bin/env bash
# Metrics against those who read them: Prometheus' own promtool and its client for Python read the reports of many runs and
# the text of the listener, and the published types of OpenTelemetry's protocol read what is sent to a collector.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3

doctor=$(doctor_to_check)
venv=$PWD/target/checks/metrics
if ! "$venv/bin/python" -c 'import prometheus_client, opentelemetry.proto' 2>/dev/null; then
    echo "installing prometheus-client and opentelemetry-proto into $venv"
    if ! { python3 -m venv "$venv" && timeout 180 "$venv/bin/pip" install --quiet \
        prometheus-client opentelemetry-proto; } >"$scratch/pip" 2>&1; then
        skip "prometheus-client and opentelemetry-proto cannot be installed: $(tail -n 1 "$scratch/pip")"
        end_of_check
    fi
fi

promtool=$(command -v promtool || true)
[ -n "$promtool" ] || skip "promtool is not installed"

# DESCRIPTION FILE: promtool has nothing to say about a text.
clean() {
    local said
    [ -n "$promtool" ] || return 0
    if said=$("$promtool" check metrics <"$2" 2>&1) && [ -z "$said" ]; then
        pass "promtool: $1"
    else
        fail "promtool: $1: ${said:0:300}"
    fi
}

# DESCRIPTION ARGUMENT...: what the client for Python finds in these files.
reads() {
    local what=$1 said
    shift
    if said=$("$venv/bin/python" .ci/metrics.py "$@" 2>&1); then
        pass "prometheus_client: $what: $said"
    else
        fail "prometheus_client: $what: ${said##*$'\n'}"
    fi
}

files=$scratch/empty
# ARGUMENT...: one run writes all three; its own exit code does not matter.
run() {
    rm -f "$files"/one.*
    bare "GEMINI_API_KEY=" "$doctor" "$@" --report prometheus=one.prom \
        --report openmetrics=one.om --report json=one.json >/dev/null || true
    clean "$*" "$files/one.prom"
    reads "$*" report "$files/one.prom" "$files/one.om" "$files/one.json"
}

run check-key --simulate healthy
run check-key --simulate api-key-invalid
run check-key --simulate connection-refused
run check-key
run list-models --simulate list-incomplete
run doctor --simulate alias-404
run doctor --scan --simulate key-in-working-tree
run probe-alias gemini-3.5-flash --simulate alias-404
run probe-alias gemini-3.5-flash --simulate healthy
run tls-check --simulate healthy
run tls-check --simulate tls-certificate-expired
run bench-transport --simulate transport-zero --rounds 6
run compare --a gemini-3.5-flash --b gemini-flash-latest --rounds 12 --simulate healthy

bare "GEMINI_API_KEY=" "$doctor" check-key --simulate healthy --format prometheus >"$scratch/out" || true
clean "standard output" "$scratch/out"

# A text that is cut is refused, so that "reads" above means something.
head -n -1 "$files/one.om" >"$files/cut.om"
if "$venv/bin/python" .ci/metrics.py apart "$files/one.prom" "$files/cut.om" >/dev/null 2>&1; then
    fail "a text of OpenMetrics without its end passes"
else
    pass "a text of OpenMetrics without its end does not pass"
fi

# PORT ACCEPT FILE
fetch() { curl --silent --fail --max-time 10 --header "Accept: $2" "http://127.0.0.1:$1/metrics" >"$3"; }

# DESCRIPTION LOG PORT `texts`|`apart`: what is fetched from somebody who listens there, in both formats.
listens() {
    if wait_for_port "$3" && fetch "$3" text/plain "$files/fetched.prom" &&
        fetch "$3" 'application/openmetrics-text;version=1.0.0' "$files/fetched.om"; then
        clean "$1" "$files/fetched.prom"
        reads "$1" "$4" "$files/fetched.prom" "$files/fetched.om"
    else
        fail "nothing can be fetched from $1: $(tail -n 1 "$2")"
    fi
}

# What a watch counts, without a watch: an example fills the same registry and listens with the same code.
example=${CARGO_TARGET_DIR:-target}/debug/examples/collectors
if ! cargo build --locked --quiet --features otlp --example collectors 2>"$scratch/build"; then
    fail "the example cannot be built: $(tail -n 1 "$scratch/build")"
    end_of_check
fi
"$example" text >"$files/example.prom"
"$example" openmetrics >"$files/example.om"
clean "the registry of a watch" "$files/example.prom"
reads "the registry of a watch" texts "$files/example.prom" "$files/example.om"
tallied "$venv/bin/python" .ci/otlp.py "$example" otlp

# A watch that sends while it goes on; the program is put back as the other checks have it.
if cargo build --locked --quiet --features otlp --bin gemini-doctor 2>"$scratch/build"; then
    cp "${CARGO_TARGET_DIR:-target}/debug/gemini-doctor" "$scratch/doctor-otlp"
    [ -n "${GEMINI_DOCTOR:-}" ] || cargo build --locked --quiet --bin gemini-doctor
    tallied "$venv/bin/python" .ci/otlp_watch.py "$scratch/doctor-otlp"
else
    fail "the program cannot be built with otlp: $(tail -n 1 "$scratch/build")"
fi

need curl
mapfile -t ports < <(free_ports 2)
"$example" listen "127.0.0.1:${ports[0]}" >"$scratch/listen" 2>&1 &
children+=($!)
listens "the listener of a watch" "$scratch/listen" "${ports[0]}" texts

if ! "$doctor" watch --help 2>/dev/null | grep -q -- '--metrics-listen'; then
    skip "this program has no watch that listens"
else
    bare "GEMINI_API_KEY=" "$doctor" watch gemini-3.5-flash --simulate alias-404 \
        --metrics-listen "127.0.0.1:${ports[1]}" >"$scratch/watch" 2>&1 &
    children+=($!)
    listens "a watch" "$scratch/watch" "${ports[1]}" apart
    prometheus=$(command -v prometheus || true)
    [ -n "$prometheus" ] || skip "prometheus is not installed, so that nobody scraped a watch that is started anew"
    mkdir "$scratch/restart"
    tallied "$venv/bin/python" .ci/restart.py "$doctor" "${prometheus:--}" "$scratch/restart"
fi
end_of_check
