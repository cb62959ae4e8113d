#!/usr/bin/env bash
# Limits, idle connections and standstills of servers that are not ours: nginx counts calls and closes
# connections, and a server in Python stands still, which only calls that come when they are due can see.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need nginx openssl python3 curl

host=gateway.example
doctor=$(doctor_to_check)
key="AQ.$(printf 'not-a-key%.0s' 1 2 3 4 5)"

certificates() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -keyout ca.key -out ca.pem -subj "/CN=Load Test CA" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -keyout leaf.key -out leaf.csr -subj "/CN=$host"
    printf 'subjectAltName=DNS:%s\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' \
        "$host" >leaf.ext
    openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
        -extfile leaf.ext -out leaf.pem
}

# One server a limit, so that no run eats what the next one counts on.
server() {
    cat <<N
    server {
        listen 127.0.0.1:$1 ssl http2;
        server_name $host;
        default_type application/json;
        $2
        location /v1beta/models/ { $3 try_files /model.json =500; }
    }
N
}

configuration() {
    cat <<N
user $(id -un);
worker_processes 1;
daemon off;
pid $scratch/nginx.pid;
error_log $scratch/nginx.log crit;
events { worker_connections 1024; }
http {
    access_log off;
    ssl_certificate $scratch/leaf.pem;
    ssl_certificate_key $scratch/leaf.key;
    client_body_temp_path $scratch/body;
    proxy_temp_path $scratch/proxy;
    fastcgi_temp_path $scratch/fastcgi;
    uwsgi_temp_path $scratch/uwsgi;
    scgi_temp_path $scratch/scgi;
    root $scratch/www;
    keepalive_requests 100000;
    limit_req_zone \$server_port zone=ten:1m rate=10r/s;
N
    server "${ports[0]}" "" "limit_req zone=ten burst=20 nodelay;"
    server "${ports[1]}" "" "limit_req zone=ten burst=20;"
    server "${ports[2]}" "keepalive_timeout 5s;" ""
    echo "}"
}

# PORT WORDS...: the report of a run against a server of nginx, as JSON.
asked() {
    local port=$1
    shift
    bare GEMINI_API_KEY="$key" "$doctor" bench-transport "$@" --format json --yes \
        --base-url "https://$host:$port" --resolve "$host:$port:127.0.0.1" \
        --ca-file "$scratch/ca.pem" || true
}

# NAME CONDITION: a condition in Python on the report on standard input, called `data`.
holds() {
    local said
    said=$(python3 -c '
import json, sys
text = sys.stdin.read()
report = json.loads(text) if text.strip() else {}
data = report.get("data", {})
try:
    good = eval(sys.argv[1])
except (KeyError, TypeError, IndexError):
    good = False
print("yes" if good else "no: " + str(report.get("verdict", {}).get("sentence")) + " " + text[:300])
' "$2")
    if [ "$said" = yes ]; then pass "$1"; else fail "$1: $said"; fi
}

limits() {
    local way
    for way in h2 h1; do
        asked "${ports[0]}" --find-limit --arms "$way" >"$scratch/limit.json"
        holds "a bucket of nginx over $way: 10 ± 0.5 a second, capacity 21 ± 1" \
            'data["limit"]["kind"] == "bucket" and abs(data["limit"]["per_second"]["value"] - 10) <= 0.5 and abs(data["limit"]["capacity"]["value"] - 21) <= 1' \
            <"$scratch/limit.json"
        asked "${ports[1]}" --find-limit --arms "$way" >"$scratch/limit.json"
        holds "a queue of nginx over $way: up to 20, drained at 10 a second" \
            'data["limit"]["kind"] == "queue" and abs(data["limit"]["per_second"]["value"] - 10) <= 0.5 and abs(data["limit"]["room"]["value"] - 20) <= 1' \
            <"$scratch/limit.json"
        sleep 3
    done
    asked "${ports[0]}" --rate 12 --duration 20s >"$scratch/rate.json"
    holds "12 calls a second break at nginx's 10, by refusals" \
        'data["rate"]["verdict"] == "not_sustained" and data["rate"]["broke"]["first"] == "5xx" and abs(data["rate"]["answered_per_second"]["value"] - 10) <= 1' \
        <"$scratch/rate.json"
}

idleness() {
    asked "${ports[2]}" --idle-sweep >"$scratch/idle.json"
    holds "nginx closes after 5 s: placed between 4 and 6 s, over HTTP/1.1 and HTTP/2" \
        'len(data["idle"]["ways"]) == 2 and all(way["closes"] == "between" and 4 <= way["after_s"] < way["until_s"] <= 6 for way in data["idle"]["ways"])' \
        <"$scratch/idle.json"
    holds "the race with that close is met" \
        'any(way["race_reproduced"] for way in data["idle"]["ways"])' <"$scratch/idle.json"
    holds "a pool that gives connections up in time is named" \
        '3 <= data["idle"]["pool_timeout_s"] <= 4.5' <"$scratch/idle.json"
}

# A server that answers at once, and stands still in the last second of every five.
standstill() {
    cat <<'P'
import asyncio, sys, time
BODY = b'{"name": "models/gemini-3.8-flash"}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)

class Served(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.rest = transport, b""

    def data_received(self, data):
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            self.rest = self.rest.split(b"\r\n\r\n", 1)[1]
            self.transport.write(HEAD + BODY)

async def main():
    await asyncio.get_running_loop().create_server(Served, "127.0.0.1", int(sys.argv[1]))
    while True:
        await asyncio.sleep(4)
        time.sleep(1)

asyncio.run(main())
P
}

# One call after the other over one connection, as closed loops do: the 90th of a hundred, in ms.
closed_loop() {
    local url=$1 config=$scratch/curl.conf
    if command -v oha >/dev/null; then
        oha -z 10s -c 1 --no-tui --output-format json "$url" | python3 -c '
import json, sys
print(json.load(sys.stdin)["latencyPercentiles"]["p90"] * 1000)'
        return
    fi
    for _ in $(seq 20000); do
        printf 'url = "%s"\noutput = /dev/null\nwrite-out = "%%{time_total}\\n"\n' "$url"
    done >"$config"
    timeout 10 curl --silent --no-progress-meter --config "$config" 2>/dev/null | python3 -c '
import sys
times = sorted(float(line) for line in sys.stdin if line.strip())
print(times[len(times) * 9 // 10] * 1000)' || true
}

standing_still() {
    local port=${ports[3]} url p90
    url=http://127.0.0.1:$port/v1beta/models/gemini-3.8-flash
    bare GEMINI_API_KEY="$key" "$doctor" bench-transport --rate 50 --duration 20s --yes \
        --base-url "http://127.0.0.1:$port" --format json >"$scratch/still.json" || true
    holds "calls that come when due see a server that stands still: p90 of 450 ms or more" \
        'data["rate"]["p90_ms"] >= 450' <"$scratch/still.json"
    bare "$doctor" bench-transport --simulate server-freezes --rate 50 --duration 10s \
        --format json >"$scratch/still.json" || true
    holds "the same in a simulated world" 'data["rate"]["p90_ms"] >= 450' <"$scratch/still.json"
    p90=$(closed_loop "$url")
    if python3 -c 'import sys; sys.exit(float(sys.argv[1]) > 20)' "$p90"; then
        pass "a closed loop of another program does not: p90 of $p90 ms"
    else
        fail "a closed loop of another program says $p90 ms"
    fi
}

(cd "$scratch" && certificates >openssl.log 2>&1)
mkdir "$scratch/www"
echo '{"name": "models/gemini-3.8-flash"}' >"$scratch/www/model.json"
mapfile -t ports < <(free_ports 4)
configuration >"$scratch/nginx.conf"
nginx -c "$scratch/nginx.conf" 2>"$scratch/nginx.start" &
children+=($!)
standstill >"$scratch/standstill.py"
python3 "$scratch/standstill.py" "${ports[3]}" &
children+=($!)
for port in "${ports[@]}"; do
    wait_for_port "$port" || { cat "$scratch/nginx.start"; fail "nothing listens on $port"; }
done

limits
idleness
standing_still
end_of_check
