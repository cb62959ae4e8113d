#!/usr/bin/env bash
# gRPC against a server that is not ours: Python's grpcio with Google's own message classes, behind
# nginx and without it. Every field must arrive as it was meant, every code must be told as the status
# that belongs to it, and no call may be lost.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need openssl nginx python3

doctor=$(doctor_to_check)
server=$PWD/.ci/grpc_server.py
key=AQ.FAKE-key-for-the-grpc-check-0001
rounds=12

# An index that does not answer must not hold the whole run.
install_grpcio() {
    python3 -m venv "$scratch/python" &&
        timeout 300 "$scratch/python/bin/pip" install --quiet grpcio google-ai-generativelanguage
}

certificates() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -keyout ca.key -out ca.pem -subj "/CN=gRPC Test CA" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -keyout leaf.key -out leaf.csr -subj "/CN=127.0.0.1"
    printf 'subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' \
        >leaf.ext
    openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
        -extfile leaf.ext -out leaf.pem
}

start_server() {
    "$scratch/python/bin/python" "$server" "$scratch/leaf.pem" "$scratch/leaf.key" \
        "$scratch/calls.ndjson" >"$scratch/ports" 2>"$scratch/server.out" &
    children+=($!)
    for _ in $(seq 300); do
        if read -r grpc_port json_port <"$scratch/ports"; then return 0; fi
        sleep 0.1
    done
    echo "the server did not start: $(cat "$scratch/server.out")"
    exit 1
}

# gRPC goes on to grpcio, and all else to the server that speaks JSON.
start_nginx() {
    cat >"$scratch/nginx.conf" <<N
user $(id -un);
worker_processes 1;
daemon off;
pid $scratch/nginx.pid;
error_log $scratch/nginx.log warn;
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path $scratch/body;
    proxy_temp_path $scratch/proxy;
    fastcgi_temp_path $scratch/fastcgi;
    uwsgi_temp_path $scratch/uwsgi;
    scgi_temp_path $scratch/scgi;
    server {
        listen 127.0.0.1:$port ssl http2;
        ssl_certificate $scratch/leaf.pem;
        ssl_certificate_key $scratch/leaf.key;
        location /google.ai.generativelanguage. { grpc_pass grpcs://127.0.0.1:$grpc_port; }
        location / { proxy_pass http://127.0.0.1:$json_port; }
    }
}
N
    nginx -e "$scratch/nginx.log" -p "$scratch" -c "$scratch/nginx.conf" 2>"$scratch/nginx.out" &
    children+=($!)
    wait_for_port "$port" || { cat "$scratch/nginx.out"; exit 1; }
}

# MODEL OPTION...: runs a benchmark; the report is in a file afterwards, whatever the exit code is.
bench() {
    local model=$1
    shift
    : >"$scratch/calls.ndjson"
    bare GEMINI_API_KEY="$key" GEMINI_MODEL="$model" "$doctor" bench-transport --format json \
        --base-url "https://127.0.0.1:$port" --ca-file "$scratch/ca.pem" --rounds "$rounds" "$@" \
        >"$scratch/report.json" || true
}

# TITLE PYTHON: passes where the condition holds of `arms` by name, `samples` and the server's `calls`.
holds() {
    local why
    if why=$(python3 - "$scratch/report.json" "$scratch/calls.ndjson" "$2" "$scratch/stderr" <<'P' 2>&1
import json, sys

text = open(sys.argv[1]).read()
if not text.strip():
    sys.exit(f"there is no report; {open(sys.argv[4]).read()[-300:]!r}")
report = json.loads(text)
arms = {arm["name"]: arm for arm in (report.get("data") or {}).get("arms", [])}
samples = [one for one in report.get("samples", []) if one["arm"].startswith("grpc")]
calls = [json.loads(line) for line in open(sys.argv[2])]
methods = {call["method"] for call in calls}
wrong = sorted({flaw for call in calls for flaw in call["wrong"]})


def whole(name, rounds):
    """Whether every call of an arm was answered."""
    arm = arms.get(name) or {}
    return (arm.get("answered"), arm.get("failed")) == (rounds, 0)


if not eval(f"({sys.argv[3]})"):
    told = {name: {"answered": arm["answered"], "failed": arm["failed"], "unavailable": arm.get("unavailable")}
            for name, arm in arms.items()}
    sys.exit(f"{report['verdict']} arms {told}, server's methods {methods}, wrong {wrong[:3]}, {len(calls)} calls")
P
    ); then
        pass "$1"
    else
        fail "$1: $(tail -n 1 <<<"$why")"
    fi
}

free_calls() {
    bench gemini-2.5-flash --arms grpc-warm,h2-warm
    holds "GetModel behind nginx, beside HTTP/2" \
        "whole('grpc-warm', $rounds) and whole('h2-warm', $rounds) and not wrong
         and methods == {'GetModel'} and len(calls) >= $rounds"
    bench gemini-2.5-flash --arms grpc-cold,grpc-warm --versus "base-url=https://127.0.0.1:$grpc_port"
    holds "GetModel from grpcio itself, cold and warm" \
        "whole('grpc-warm-other', $rounds) and whole('grpc-cold-other', $rounds) and not wrong"
    bench gemini-2.5-flash --arms grpc-warm --workload tokens
    holds "CountTokens" "whole('grpc-warm', $rounds) and not wrong and methods == {'CountTokens'}"
}

paid_calls() {
    bench gemini-2.5-flash --arms grpc-warm --workload words:20 --yes
    holds "GenerateContent, with its limits and its tokens" \
        "whole('grpc-warm', $rounds) and not wrong and methods == {'GenerateContent'}
         and all('thinking_budget:' in call['config'] for call in calls)
         and all((one['input_tokens'], one['output_tokens']) == (7, 5) for one in samples)"
    bench gemini-2.5-flash --arms grpc-warm --workload stream:20 --yes
    holds "StreamGenerateContent, with its first text and its tokens" \
        "whole('grpc-warm', $rounds) and not wrong and methods == {'StreamGenerateContent'}
         and all((one['input_tokens'], one['output_tokens']) == (7, 11) for one in samples)
         and all(one['phases']['first_token_ms'] >= one['phases']['first_byte_ms'] for one in samples)
         and all(one['phases']['longest_gap_ms'] is not None for one in samples)"
}

# The statuses that Google's API has over HTTP for the codes from 1.
every_code() {
    local code=0 status statuses=(499 500 400 504 404 409 403 429 400 409 400 501 500 503 500 401)
    for status in "${statuses[@]}"; do
        code=$((code + 1))
        rounds=2 bench "fails-$code" --arms grpc-warm,h2-warm
        holds "code $code is told as $status" \
            "arms['grpc-warm']['answered'] == 0 and whole('h2-warm', 2)
             and arms['grpc-warm']['unavailable'] == 'answered $status'"
    done
}

if ! install_grpcio >"$scratch/install" 2>&1; then
    skip "grpcio cannot be installed: $(tail -n 1 "$scratch/install")"
    end_of_check
fi
port=$(free_ports 1)
(cd "$scratch" && certificates) >"$scratch/openssl" 2>&1 || { cat "$scratch/openssl"; exit 1; }
start_server
start_nginx
free_calls
paid_calls
every_code
end_of_check
