#!/usr/bin/env bash
# `compare` against servers that are real and differ in known things: two simulators that differ in their CA,
# their address family and one model; two that are the same, many times; a way of four hops, through a proxy
# that waits 20 ms, HAProxy that waits 10 ms, and nginx; a gateway that drops details; and a saved run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need nginx haproxy openssl python3

doctor=$(doctor_to_check)
key=AQ.FAKE-key-for-the-gemini-doctor-simulator-0001
# The short form; .ci/long compare makes fifty of them.
runs=${COMPARE_RUNS:-10}

# NAME SCENARIO ADDRESS: a simulator; its URL is in $scratch/NAME.url, its CA in NAME.pem.
world() {
    "$doctor" simulate "$2" --listen "$3" --for 900 --ca-out "$scratch/$1.pem" \
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

url() { cat "$scratch/$1.url"; }

# OPTIONS...: the report of a comparison as JSON; its exit code does not count.
compare() {
    bare GEMINI_API_KEY=$key OTHER_KEY="${OTHER_KEY:-$key}" "$doctor" compare --no-proxy -q --format json "$@" || true
}

# The ids of the differences, and the exit code.
ids() {
    python3 -c '
import json, sys
report = json.load(sys.stdin)
ids = [one["id"] for one in report["data"].get("differences", [])]
print(" ".join(ids) or "none", report["verdict"]["exit_code"])
'
}

# WHAT EXPECTED SAID
same_text() {
    if [ "$2" = "$3" ]; then pass "$1"; else fail "$1: expected '$2', got '$3'"; fi
}

# A list without one model, as a scenario.
world first healthy 127.0.0.1:0
python3 - "$(url first)" "$scratch" "$key" <<'P'
import json, ssl, sys, urllib.request

url, scratch, key = sys.argv[1:]
context = ssl.create_default_context(cafile=f"{scratch}/first.pem")
request = urllib.request.Request(f"{url}/v1beta/models?pageSize=1000", headers={"x-goog-api-key": key})
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
page = json.load(opener.open(request, timeout=10))
page["models"] = [one for one in page["models"] if one["name"] != "models/gemini-2.5-pro"]
with open(f"{scratch}/without.toml", "w") as file:
    file.write("id = \"one-model-less\"\n[[rules]]\nroute = \"list\"\n[rules.act]\n")
    file.write("status = 200\ngoogle = true\n")
    file.write(f"body = {json.dumps(json.dumps(page))}\n")
P
world second "$scratch/without.toml" '[::1]:0'

three=$(compare --a "base-url=$(url first),ca-file=$scratch/first.pem" \
    --b "base-url=$(url second),ca-file=$scratch/second.pem" | tee "$scratch/three.json" | ids)
same_text "CA, address family and one model: exactly three differences" \
    "net.families tls.ca models.missing 0" "$three"
less=$(python3 -c 'import json, sys
for one in json.load(open(sys.argv[1]))["data"]["differences"]:
    if one["id"] == "models.missing": print(one["subject"])' "$scratch/three.json")
same_text "the model is named" "gemini-2.5-pro" "$less"

# Two simulators of their own behind two servers of one nginx, which show the same certificate.
world left healthy 127.0.0.1:0
world right healthy 127.0.0.1:0
mapfile -t ports < <(free_ports 5)
(
    cd "$scratch"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout ca.key \
        -out ca.pem -subj "/CN=Compare Test CA" -addext basicConstraints=critical,CA:TRUE \
        -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout leaf.key -out leaf.csr \
        -subj "/CN=127.0.0.1"
    printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >leaf.ext
    openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out leaf.pem -extfile leaf.ext
    cat leaf.pem ca.pem >chain.pem
) >"$scratch/openssl.log" 2>&1
# NAME PORT: a server of nginx before that simulator.
front() {
    cat <<N
    upstream $1 { server $(url "$1" | sed 's|https://||'); keepalive 8; }
    server {
        listen 127.0.0.1:$2 ssl http2;
        ssl_certificate $scratch/chain.pem;
        ssl_certificate_key $scratch/leaf.key;
        location / {
            proxy_pass https://$1;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host \$http_host;
            proxy_ssl_verify off;
        }
    }
N
}
cat >"$scratch/nginx.conf" <<N
daemon off;
master_process off;
error_log $scratch/nginx.log;
pid $scratch/nginx.pid;
events {}
http {
    access_log off;
    client_body_temp_path $scratch/nginx-body;
    proxy_temp_path $scratch/nginx-proxy;
    fastcgi_temp_path $scratch/nginx-fastcgi;
    uwsgi_temp_path $scratch/nginx-uwsgi;
    scgi_temp_path $scratch/nginx-scgi;
$(front left "${ports[0]}")
$(front right "${ports[1]}")
}
N
nginx -c "$scratch/nginx.conf" -p "$scratch" 2>>"$scratch/nginx.log" &
children+=($!)
wait_for_port "${ports[0]}"

differing=0 said=""
for _ in $(seq "$runs"); do
    same=$(compare --ca-file "$scratch/ca.pem" --a "base-url=https://127.0.0.1:${ports[0]}" \
        --b "base-url=https://127.0.0.1:${ports[1]}" | ids)
    if [ "$same" != "none 0" ]; then
        differing=$((differing + 1))
        said="$said [$same]"
    fi
done
same_text "two simulators that are the same: no difference in $runs runs" "0" "$differing$said"

# A way of four: a proxy that waits 20 ms, HAProxy that waits 10 ms, nginx, the simulator.
cat >"$scratch/wait.lua" <<'L'
core.register_action("wait", { "http-req" }, function() core.msleep(10) end)
L
cat >"$scratch/haproxy.cfg" <<H
global
    lua-load $scratch/wait.lua
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
frontend in
    bind 127.0.0.1:${ports[2]}
    http-request lua.wait
    http-response set-header via "1.1 haproxy"
    default_backend out
backend out
    server nginx 127.0.0.1:${ports[0]} ssl verify none alpn http/1.1
H
cat >"$scratch/waits.py" <<'P'
import http.client, http.server, socket, sys, threading, time

port, beyond, wait = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
kept = threading.local()


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        time.sleep(wait)
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length) if length else None
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        if not hasattr(kept, "link"):
            kept.link = http.client.HTTPConnection("127.0.0.1", beyond, timeout=30)
            kept.link.connect()
            kept.link.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        kept.link.request(self.command, self.path, body, headers)
        answer = kept.link.getresponse()
        data = answer.read()
        head = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        skip = {"transfer-encoding", "connection", "content-length"}
        head += [f"{name}: {value}" for name, value in answer.getheaders() if name.lower() not in skip]
        head += [f"content-length: {len(data)}", "", ""]
        self.wfile.write("\r\n".join(head).encode("latin-1") + data)

    do_GET = do_POST = pass_on

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    def get_request(self):
        link, address = super().get_request()
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return link, address


Server(("127.0.0.1", port), Proxy).serve_forever()
P
haproxy -db -q -f "$scratch/haproxy.cfg" 2>"$scratch/haproxy.log" &
children+=($!)
python3 "$scratch/waits.py" "${ports[3]}" "${ports[2]}" 0.020 2>"$scratch/waits.log" &
children+=($!)
wait_for_port "${ports[2]}"
wait_for_port "${ports[3]}"
# A machine that is busy makes any hop wait; such a run is repeated.
for _ in 1 2 3 4 5; do
    compare --ca-file "$scratch/ca.pem" --ca-file "$scratch/left.pem" --rounds 40 \
        --base-url "http://127.0.0.1:${ports[3]}" --base-url "http://127.0.0.1:${ports[2]}" \
        --base-url "https://127.0.0.1:${ports[0]}" --base-url "$(url left)" >"$scratch/hops.json"
    python3 - "$scratch/hops.json" >"$scratch/hops.said" <<'P'
import json, sys

hops = json.load(open(sys.argv[1]))["data"]["hops"]
for hop, (name, adds) in zip(hops, [("the proxy", 20), ("HAProxy", 10), ("nginx", 0)], strict=True):
    told = hop["adds_ms"]["value"]
    good = abs(told - adds) <= 5
    print("ok" if good else "FAILED", f"{name} adds {adds} ms: told {told:.1f}")
P
    if ! grep -q FAILED "$scratch/hops.said"; then break; fi
done
while read -r word text; do
    if [ "$word" = ok ]; then pass "$text"; else fail "$text"; fi
done <"$scratch/hops.said"

# A gateway that passes errors on without their details.
cat >"$scratch/hides.toml" <<'T'
id = "gateway-hides-details"
[[rules]]
route = "count"
[rules.act]
status = 400
body = '{"error": {"code": 400, "message": "Invalid request.", "status": "INVALID_ARGUMENT"}}'
T
world hides "$scratch/hides.toml" 127.0.0.1:0
hidden=$(compare --ca-file "$scratch/left.pem" --ca-file "$scratch/hides.pem" --rounds 10 \
    --a "$(url left)" --b "$(url hides)" | tee "$scratch/hides.json" | ids)
case $hidden in
    *error.field*) pass "a gateway that drops details is told: $hidden" ;;
    *) fail "a gateway that drops details: $hidden" ;;
esac

# The same world in an earlier run: what both hold is compared, and nothing of it differs.
bare GEMINI_API_KEY=$key "$doctor" check-key --no-proxy -q --base-url "$(url left)" \
    --ca-file "$scratch/left.pem" --format json >"$scratch/laptop.json"
saved=$(compare --a "$scratch/laptop.json" --b "$(url left)" --ca-file "$scratch/left.pem" --rounds 10 | ids)
same_text "a saved check of the same world: nothing differs" "none 0" "$saved"
other=$(compare --a "$scratch/laptop.json" --b "$(url second)" --ca-file "$scratch/second.pem" --rounds 10 | ids)
same_text "a saved check of another world: family and issuer" "net.families tls.issuer 0" "$other"

end_of_check
