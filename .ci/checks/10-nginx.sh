#!/usr/bin/env bash
# A real reverse proxy between the program and the simulator: nginx terminates TLS with a certificate
# of its own, speaks HTTP/2 and HTTP/1.1, and replaces the Server header, as proxies of companies do.
# The first finding and the exit code must be those of the same scenario without it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need nginx openssl python3

host=generativelanguage.googleapis.com

# Scenarios whose verdict must be the same through the proxy. `NAME=VALUE` before one sets a variable
# that the simulated machine has too.
same=(
    healthy GEMINI_MODEL=gemini-3.5-flash:alias-404 GEMINI_MODEL=gemini-3.5-flash:alias-backend-missing
    alias-rerouted
    api-key-invalid api-key-invalid.array api-key-expired
    standard-key-rejected-2026 standard-key-rejected-2026.invalid
    bearer-instead-of-api-key multiple-credentials-sent missing-api-key api-key-leaked
    api-key-service-blocked api-key-referrer-blocked api-key-ip-blocked api-key-app-restricted
    apikey-not-supported-by-endpoint key-still-alive
    service-disabled consumer-suspended consumer-invalid-project project-permission-denied
    billing-disabled account-tos-disabled project-denied-access model-preview-access-denied
    org-policy-violated user-location-unsupported edge-403-html
    model-retired model-closed-to-new-users model-name-wrong model-name-wrong.list
    model-wrong-api-version-or-method model-retiring model-method-missing model-listed-unusable
    list-incomplete list-incomplete.cut
    quota-free-tier-zero quota-zero-region-project quota-daily-exhausted quota-requests-per-minute
    quota-tokens-per-minute quota-exhausted-unspecified prepaid-credits-depleted
    spending-cap-exceeded
    model-overloaded-503 service-unavailable-503 server-internal-500 deadline-exceeded cancelled-499
    client-read-timeout
    max-tokens-no-text empty-candidate-no-text blocked-safety blocked-recitation
    blocked-prohibited-content stream-truncated midstream-error-swallowed malformed-function-call
    structured-answer-not-json invalid-argument-generic
    gateway-route-missing gateway-credits-exhausted-402 gateway-timeout-too-short
    answer-not-json answer-not-json.plain answer-too-large answer-nested-too-deep answer-redirected
    http-malformed
)

# Scenarios that nginx turns into something else, what that must lead to by HTTP version, and why.
# (A server that speaks HTTP/2 only is not among them: nginx asks over HTTP/1.1.)
declare -A behind_nginx=(
    # nginx passes the cut on: over HTTP/2 as a reset stream, over HTTP/1.1 as a short body.
    ["answer-cut 2"]="h2-stream-reset 3"
    ["answer-cut 1.1"]="answer-cut 3"
    # nginx gives up on the server behind it and answers with a 502 page of its own.
    ["headers-too-large 2"]="gateway-timeout-too-short 3"
    ["headers-too-large 1.1"]="gateway-timeout-too-short 3"
    ["server-disconnected 2"]="gateway-timeout-too-short 3"
    ["server-disconnected 1.1"]="gateway-timeout-too-short 3"
)
names=("${same[@]}" answer-cut headers-too-large server-disconnected)
doctor=$(doctor_to_check)

certificates() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -keyout ca.key -out ca.pem -subj "/CN=Reverse Proxy Test CA" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -keyout leaf.key -out leaf.csr -subj "/CN=$host"
    printf 'subjectAltName=DNS:%s\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' \
        "$host" >leaf.ext
    openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
        -extfile leaf.ext -out leaf.pem
}

scenario_of() { echo "${1##*:}"; }
variable_of() { case $1 in *:*) echo "${1%%:*}" ;; *) echo "TERM=dumb" ;; esac; }

start_simulators() {
    for name in "${names[@]}"; do
        scenario=$(scenario_of "$name")
        "$doctor" simulate "$scenario" --listen 127.0.0.1:0 --for 900 \
            >"$scratch/$scenario.out" 2>"$scratch/$scenario.said" &
        children+=($!)
    done
}

# The word after a label in what a simulator has said; at most ten seconds.
said() {
    for _ in $(seq 100); do
        word=$(sed -n "s|^note: $2 *||p" "$scratch/$1.said")
        if [ -n "$word" ]; then
            echo "$word"
            return 0
        fi
        sleep 0.1
    done
    echo "the simulator of $1 said no $2: $(cat "$scratch/$1.said")" >&2
    return 1
}

configuration() {
    cat <<N
user $(id -un);
worker_processes 1;
daemon off;
pid $scratch/nginx.pid;
error_log $scratch/nginx.log warn;
events { worker_connections 512; }
http {
    access_log off;
    ssl_certificate $scratch/leaf.pem;
    ssl_certificate_key $scratch/leaf.key;
    client_body_temp_path $scratch/body;
    proxy_temp_path $scratch/proxy;
    fastcgi_temp_path $scratch/fastcgi;
    uwsgi_temp_path $scratch/uwsgi;
    scgi_temp_path $scratch/scgi;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_ssl_server_name on;
    proxy_ssl_name $host;
    proxy_max_temp_file_size 0;
N
    for index in "${!names[@]}"; do
        cat <<N
    server {
        listen 127.0.0.1:${ports[index]} ssl http2;
        server_name $host;
        location / { proxy_pass $(said "$(scenario_of "${names[index]}")" "base URL"); }
    }
N
    done
    echo "}"
}

# The words of the command that a scenario is meant for, one a line.
command_of() {
    python3 -c '
import json, sys
faults = json.load(open(sys.argv[1]))["data"]["faults"]
print("\n".join(next(fault["command"] for fault in faults if fault["id"] == sys.argv[2])))
' "$scratch/list.json" "$1"
}

# One scenario without the proxy.
directly() {
    bare "$doctor" "${words[@]}" --simulate "$1" --format json --yes | gist | cut -f 1
}

# One scenario through the proxy.
through_nginx() {
    bare "$(variable_of "$1")" GEMINI_API_KEY="$(said "$(scenario_of "$1")" key)" \
        "$doctor" "${words[@]}" --format json --yes --ca-file "$scratch/ca.pem" \
        --resolve "$host:443:127.0.0.1:$2" --http "$3" | gist
}

compare() {
    local name=$1 port=$2 scenario direct version expected seen spoken verdict
    scenario=$(scenario_of "$name")
    mapfile -t words < <(command_of "$scenario")
    read -r direct < <(directly "$scenario")
    for version in 2 1.1; do
        expected=${behind_nginx["$scenario $version"]:-$direct}
        IFS=$'\t' read -r seen spoken < <(through_nginx "$name" "$port" "$version")
        verdict="$scenario, HTTP/$version: finding and exit $seen"
        if [ "$spoken" != "HTTP/$version" ]; then
            fail "$verdict, but it spoke $spoken"
        elif [ "$seen" != "$expected" ]; then
            fail "$verdict; expected $expected, directly it is $direct"
        elif [ "$seen" = "$direct" ]; then
            pass "$verdict, as directly"
        else
            pass "$verdict, directly $direct"
        fi
    done
}

echo "making certificates for nginx, and starting ${#names[@]} simulators"
(cd "$scratch" && certificates 2>openssl.log) || { cat "$scratch/openssl.log"; exit 1; }
"$doctor" simulate --list --format json >"$scratch/list.json"
start_simulators
mapfile -t ports < <(free_ports "${#names[@]}")
configuration >"$scratch/nginx.conf"
nginx -e "$scratch/nginx.log" -p "$scratch" -c "$scratch/nginx.conf" &
children+=($!)
wait_for_port "${ports[-1]}" || { cat "$scratch/nginx.log"; exit 1; }
for index in "${!names[@]}"; do
    compare "${names[index]}" "${ports[index]}"
done
end_of_check
