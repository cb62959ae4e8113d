#!/usr/bin/env bash
# A real forward proxy, tinyproxy, between the program and the simulator: tunnels that work, that are
# refused, that need a password, and that lead nowhere.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need tinyproxy python3

doctor=$(doctor_to_check)
password=not-a-secret-7351

# NAME PORT LINE...: a tinyproxy with these lines in its configuration.
proxy() {
    local name=$1 port=$2
    shift 2
    printf '%s\n' "Port $port" "Listen 127.0.0.1" "Allow 127.0.0.1" "Timeout 20" "MaxClients 20" \
        "LogLevel Connect" "LogFile \"$scratch/$name.log\"" "$@" >"$scratch/$name.conf"
    tinyproxy -d -c "$scratch/$name.conf" >"$scratch/$name.out" 2>&1 &
    children+=($!)
    wait_for_port "$port" || { cat "$scratch/$name.out"; exit 1; }
}

# SCENARIO: a simulator; its key and address are in `key` and `base_url` afterwards.
simulator() {
    "$doctor" simulate "$1" --listen 127.0.0.1:0 --for 120 --ca-out "$scratch/$1.ca.pem" \
        >/dev/null 2>"$scratch/$1.said" &
    children+=($!)
    for _ in $(seq 100); do
        grep -q '^note: CA' "$scratch/$1.said" && break
        sleep 0.1
    done
    key=$(sed -n 's/^note: key *//p' "$scratch/$1.said")
    base_url=$(sed -n 's/^note: base URL *//p' "$scratch/$1.said")
    ca=$scratch/$1.ca.pem
}

# TITLE, EXPECTED `FINDING EXIT`, VARIABLE=VALUE or `-`, more options.
try() {
    local title=$1 expected=$2 variable=${3/#-/TERM=dumb} seen
    shift 3
    bare GEMINI_API_KEY="$key" "$variable" "$doctor" check-key --format json --ca-file "$ca" \
        --base-url "$base_url" --timeout 10 "$@" >"$scratch/report.json" || true
    seen=$(gist <"$scratch/report.json" | cut -f 1)
    if [ "$seen" != "$expected" ]; then
        fail "$title: $seen, expected $expected"
    elif grep -qF "$password" "$scratch/report.json" "$scratch/stderr"; then
        fail "$title: the password of the proxy is shown"
    else
        pass "$title: $seen"
    fi
}

# NAME TITLE: that the tunnel really led through the proxy.
tunnelled() {
    if grep -q "CONNECT ${base_url#https://}" "$scratch/$1.log"; then
        pass "$2"
    else
        fail "$2: the proxy's log says nothing of it"
    fi
}

echo "starting proxies and a simulator"
mapfile -t ports < <(free_ports 5)
simulator healthy
printf '^allowed\\.example$\n' >"$scratch/filter"
proxy open "${ports[0]}"
proxy guarded "${ports[1]}" "BasicAuth someone $password"
proxy filtered "${ports[2]}" "Filter \"$scratch/filter\"" "FilterDefaultDeny Yes" "FilterExtended Yes"
proxy ports "${ports[3]}" "ConnectPort 443"
url() { echo "http://${2}127.0.0.1:${ports[$1]}"; }

try "a tunnel" "- 0" - --proxy "$(url 0 '')"
tunnelled open "the tunnel leads through the proxy"
try "a tunnel, proxy from a variable" "- 0" "HTTPS_PROXY=$(url 0 '')"
try "HTTP/1.1 through a tunnel" "- 0" - --proxy "$(url 0 '')" --http 1.1
try "a password that is right" "- 0" - --proxy "$(url 1 "someone:$password@")"
try "no password" "proxy-auth-required 4" - --proxy "$(url 1 '')"
try "a wrong password" "proxy-auth-required 4" - --proxy "$(url 1 someone:wrong-example@)"
try "a host that the proxy refuses" "proxy-refused-tunnel 4" - --proxy "$(url 2 '')"
try "a port that the proxy refuses" "proxy-refused-tunnel 4" - --proxy "$(url 3 '')"
try "no proxy where one should be" "proxy-unreachable 4" - --proxy "$(url 4 '')"
good=$base_url
base_url=https://127.0.0.1:${ports[4]}
try "nobody behind the proxy" "proxy-refused-tunnel 4" - --proxy "$(url 0 '')"
base_url=$good
simulator api-key-invalid
try "a refused key through a tunnel" "api-key-invalid 1" - --proxy "$(url 0 '')"
end_of_check
