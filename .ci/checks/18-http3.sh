#!/usr/bin/env bash
# Caddy, a server with a QUIC of its own, beside the client's: `bench-transport` must speak the version that
# each arm names, open as many connections as its arms say, and count what Caddy's own log counts. Where
# HTTP/3 is switched off, its arm must be left out at once and with the right words, and the others must not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need openssl python3 caddy

rounds=12
doctor=$(doctor_to_check)

# HTTP/3 is on by default from 2.6.
if ! [[ $(caddy version) =~ ^v?2\.([0-9]+) ]] || [ "${BASH_REMATCH[1]}" -lt 6 ]; then
    skip "this Caddy is $(caddy version), and HTTP/3 is on by default from 2.6"
    end_of_check
fi

certificates() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -keyout ca.key -out ca.pem -subj "/CN=QUIC Test CA" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -keyout leaf.key -out leaf.csr -subj "/CN=localhost"
    printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' \
        >leaf.ext
    openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
        -extfile leaf.ext -out leaf.pem
}

# PORT LOG: a server that knows one model.
site() {
    local model='{"name": "models/gemini-3.5-flash", "supportedGenerationMethods": ["generateContent"]}'
    cat <<C
https://localhost:$1 {
    bind 127.0.0.1
    tls $scratch/leaf.pem $scratch/leaf.key
    log {
        output file $2
        format json
    }
    header Content-Type "application/json; charset=UTF-8"
    respond /v1beta/models \`{"models": [$model]}\`
    respond \`$model\`
}
C
}

configuration() {
    cat <<C
{
    admin off
    auto_https off
    log {
        output file $scratch/caddy.log
    }
    servers 127.0.0.1:$without {
        protocols h1 h2
    }
}
C
    site "$with" "$scratch/with.ndjson"
    site "$without" "$scratch/without.ndjson"
}

start_caddy() {
    configuration >"$scratch/Caddyfile"
    # What it keeps for itself must not outlive the check.
    HOME=$scratch XDG_DATA_HOME=$scratch XDG_CONFIG_HOME=$scratch \
        caddy run --config "$scratch/Caddyfile" --adapter caddyfile >"$scratch/caddy.out" 2>&1 &
    children+=($!)
    for port in "$with" "$without"; do
        wait_for_port "$port" || { cat "$scratch/caddy.out"; exit 1; }
    done
}

# PORT ARMS ROUNDS
bench() {
    bare GEMINI_API_KEY=AQ.FAKE-key-for-a-check-0001 "$doctor" bench-transport --arms "$2" \
        --base-url "https://localhost:$1" --ca-file "$scratch/ca.pem" --rounds "$3" --format json \
        >"$scratch/report.json"
}

# What is wrong with the report, a line each.
flaws() {
    python3 - "$scratch/report.json" "$@" <<'P'
import collections, json, sys

report, what, *rest = sys.argv[1:]
report = json.load(open(report))
data = report["data"]
arms = {arm["name"]: arm for arm in data["arms"]}
samples = collections.defaultdict(list)
for sample in report["samples"]:
    # Round 0 is no round: those are warm-ups.
    if sample["round"] > 0:
        samples[sample["arm"]].append(sample)
SPOKEN = {"h1": "HTTP/1.1", "h2": "HTTP/2", "h3": "HTTP/3"}


def claim(right, words):
    if not right:
        print(words)


def answered(name, rounds):
    arm = arms.get(name)
    if arm is None:
        return print(f"there is no arm {name}")
    claim((arm["answered"], arm["failed"]) == (rounds, 0),
          f"{name}: {arm['answered']} answered and {arm['failed']} failed of {rounds}")
    said = json.dumps(arm["negotiated"])
    for other in SPOKEN.values():
        claim((f'"{other}"' in said) == (other == SPOKEN[name[:2]]), f"{name} negotiated {said}")
    claim(len(samples[name]) == rounds, f"{name} has {len(samples[name])} samples")
    for one in samples[name]:
        phases = one["phases"]
        claim(0 < phases["first_byte_ms"] <= phases["total_ms"], f"{name}: phases {phases}")
        claim(one["bytes_sent"] > 0 and one["bytes_received"] > 0, f"{name}: no bytes on the wire")


def cold(name):
    for one in samples[name]:
        phases = one["phases"]
        claim(one["nth"] == 1 and one["handshake"] == "full", f"{name} is not cold: {one}")
        claim(phases["tcp_ms"] is None and phases["tls_ms"] > 0, f"{name}: phases {phases}")
        claim(one["bytes_sent"] > 1200, f"{name}: a handshake of {one['bytes_sent']} bytes")
    connections = {one["connection"] for one in samples[name]}
    claim(len(connections) == len(samples[name]), f"{name} has {len(connections)} connections")


def warm(name):
    claim(len({one["connection"] for one in samples[name]}) == 1, f"{name} has several connections")
    for one in samples[name]:
        claim(one["nth"] > 1 and one["phases"]["tls_ms"] is None, f"{name} is not warm: {one}")


def logged(path, rounds):
    entries = [json.loads(line) for line in open(path)]
    # HTTP/1.1 also carries what is asked before the rounds begin, and each arm its warm-up.
    spoken = collections.Counter(entry["request"]["proto"] for entry in entries)
    for proto, least in {"HTTP/1.1": rounds, "HTTP/2.0": rounds, "HTTP/3.0": 2 * rounds}.items():
        claim(spoken[proto] >= least, f"Caddy has seen {dict(spoken)}")
    peers = {entry["request"]["remote_port"] for entry in entries
             if entry["request"]["proto"] == "HTTP/3.0"}
    claim(len(peers) >= rounds + 1, f"Caddy has seen {len(peers)} clients over HTTP/3")


def closed(name):
    arm = arms[name]
    claim((arm["answered"], arm["failed"], arm["negotiated"]) == (0, 0, None), f"{name}: {arm}")
    words = "nobody listens on this UDP port"
    claim(words in (arm["unavailable"] or ""), f"{name} is left out for {arm['unavailable']!r}")


if what == "with":
    rounds, log = int(rest[0]), rest[1]
    for name in ("h1-warm", "h2-warm", "h3-warm", "h3-cold"):
        answered(name, rounds)
    cold("h3-cold")
    warm("h3-warm")
    logged(log, rounds)
else:
    answered("h1-warm", int(rest[0]))
    closed("h3-cold")
P
}

# TITLE FLAWS
judge() {
    if [ -n "$2" ]; then fail "$1: ${2//$'\n'/; }"; else pass "$1"; fi
}

mapfile -t free < <(free_ports 2)
with=${free[0]} without=${free[1]}
(cd "$scratch" && certificates 2>openssl.log) || { cat "$scratch/openssl.log"; exit 1; }
start_caddy

code=0
bench "$with" h1-warm,h2-warm,h3-warm,h3-cold "$rounds" || code=$?
found=$(flaws with "$rounds" "$scratch/with.ndjson" 2>&1 || echo "the report cannot be read")
[ "$code" = 0 ] || found+="; exit $code"
judge "Caddy with HTTP/3, $rounds rounds of four arms" "${found#; }"

# The first call would take the ten seconds of a time-out if a closed port were waited for.
began=$SECONDS
bench "$without" h1-warm,h3-cold 3 || true
found=$(flaws without 3 2>&1 || echo "the report cannot be read")
[ $((SECONDS - began)) -lt 9 ] || found+="; it took $((SECONDS - began)) s"
judge "Caddy without HTTP/3: left out at once" "${found#; }"
end_of_check
