#!/usr/bin/env bash
# Worlds whose times are known, through the release build: the simulator's own log says how long each call
# took, a world without delays says what the client adds, and what `bench-transport` reports must be both
# together. The project's tests hold the same with room for busy machines; here the room is narrow.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3

doctor=$(doctor_to_check)
rounds=24

# NAME SCENARIO: a simulator with its log.
world() {
    "$doctor" simulate "$2" --listen 127.0.0.1:0 --for 300 --ca-out "$scratch/$1.pem" \
        --log "$scratch/$1.ndjson" >/dev/null 2>"$scratch/$1.said" &
    children+=($!)
    for _ in $(seq 100); do
        if grep -qs '^note: CA' "$scratch/$1.said"; then return 0; fi
        sleep 0.1
    done
    echo "the simulator $1 did not start: $(cat "$scratch/$1.said")"
    return 1
}

# NAME OPTIONS...: a benchmark of that world.
bench() {
    local name=$1 url
    shift
    url=$(sed -n 's|^note: base URL *||p' "$scratch/$name.said")
    env -i PATH="$PATH" GEMINI_API_KEY=AQ.FAKE-key-for-the-gemini-doctor-simulator-0001 \
        "$doctor" bench-transport --base-url "$url" --ca-file "$scratch/$name.pem" -q --yes \
        --format json "$@" >"$scratch/$name.json" || true
}

world delays transport-delays
world zero transport-zero
world cold cold-connections-slow
world phases phases-known
bench delays --arms h1-warm,h2-warm,grpc-warm --rounds "$rounds"
bench zero --arms h1-warm,h2-warm,grpc-warm --rounds 60
bench cold --arms h1,h2 --rounds "$rounds"
bench phases --arms h2-cold --workload stream:50 --rounds 12 --no-again

tally_python() {
    python3 - "$scratch" "$@" <<'P'
import json, statistics, sys

scratch = sys.argv[1]


def report(name):
    with open(f"{scratch}/{name}.json") as file:
        return json.load(file)


def median(values):
    return statistics.median(values)


def served(name, http):
    """What the simulator itself spent on a call over this protocol."""
    with open(f"{scratch}/{name}.ndjson") as file:
        seen = [json.loads(line) for line in file]
    return median([one["service_ms"] for one in seen if one["http"] == http])


def arm(name, arm):
    return next(one for one in report(name)["data"]["arms"] if one["name"] == arm)


def pair(name, a, b):
    pairs = report(name)["data"]["comparisons"]
    return next(one for one in pairs if one["a"] == a and one["b"] == b)


WORDS = {"h1-warm": "HTTP/1.1", "h2-warm": "HTTP/2", "grpc-warm": "gRPC"}


def truth(name):
    """The server's time over a protocol, and what the client adds where the server takes none."""
    added = arm("zero", name)["p50_ms"] - served("zero", WORDS[name])
    return served("delays", WORDS[name]) + added


def verdict(text, holds):
    print(("ok    " if holds else "FAIL  ") + text)


for b, nominal in (("h2-warm", 280 / 110), ("grpc-warm", 280 / 70)):
    one = pair("delays", "h1-warm", b)
    expected = truth("h1-warm") / truth(b)
    # One interval in twenty misses by chance; then it misses by little.
    covers = one["low"] <= expected <= one["high"] or abs(one["ratio"] / expected - 1) < 0.01
    text = f"h1-warm / {b}: {one['ratio']:.3f} ({one['low']:.3f}-{one['high']:.3f})"
    verdict(f"{text} covers the log's {expected:.3f}", covers)
    verdict(f"{text} is within 4 % of {nominal:.2f}", abs(one["ratio"] / nominal - 1) < 0.04)
order = [arm("delays", name)["p50_ms"] for name in WORDS]
verdict(f"the order is right: {order}", order == sorted(order, reverse=True))

split = report("cold")["data"]["splits"][0]
verdict(f"connection set-up is blamed: {split['blame']}", split["blame"] == "connection_set_up")
verdict("the protocol is not", pair("cold", "h1-warm", "h2-warm")["matters"] is False)

phases = arm("phases", "h2-cold")["phases"]
added = arm("zero", "h2-warm")["p50_ms"]
for name, ms in (("tls_ms", 60), ("first_byte_ms", 120), ("first_token_ms", 200),
                 ("longest_gap_ms", 150)):
    found = phases[name]
    # A handshake's own work is no pause of the server's: two milliseconds of it are allowed.
    extra = 2.0 if name == "tls_ms" else added
    verdict(f"{name} is {found:.1f} where {ms} were made", ms <= found + 1 and found <= ms * 1.05 + extra)
P
}

while read -r line; do
    case $line in
        ok*) pass "${line#ok }" ;;
        *) fail "${line#FAIL }" ;;
    esac
done < <(tally_python)
end_of_check
