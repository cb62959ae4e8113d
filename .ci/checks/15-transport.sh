#!/usr/bin/env bash
# Real servers on loopback: nginx, HAProxy and Caddy, each with TLS, and a proxy that speaks HTTP/1.1 only in
# front of a server that speaks HTTP/2. `bench-transport` must say what was negotiated and which ways could
# not be gone, and count as the server's own log does: requests, connections one by one, handshakes, bytes.
# A server that closes connections or dies, and somebody who stops the run, cost no report.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need openssl python3

host=generativelanguage.googleapis.com
key=FAKE-key-for-servers-on-loopback
doctor=$(doctor_to_check)

# Every way there is over TCP, and what a client is told that wants HTTP/2 where there is none.
h1=h1-cold,h1-warm,h1-resumed h2=h2-cold,h2-warm,h2-resumed
alert="no_application_protocol" silence="offered no ALPN"

# SERVER PROGRAM NEGOTIATED GONE REASON-OF-THE-OTHERS: `-` where there is nothing to say.
servers=(
    "both nginx h2 $h1,$h2,h2-warm-again -"
    "older nginx h2 $h1,$h2,h2-warm-again -"
    "h1only nginx http/1.1 $h1,h1-warm-again $alert"
    "stripped haproxy http/1.1 $h1,h1-warm-again $silence"
    "narrow haproxy h2 $h1,$h2,h2-warm-again -"
    "silent haproxy - $h1,h1-warm-again $silence"
    "front haproxy http/1.1 $h1,h1-warm-again $silence"
    "caddy caddy h2 $h1,$h2,h2-warm-again -"
)
declare -A titles=(
    [both]="nginx, HTTP/2 and HTTP/1.1" [older]="nginx with TLS 1.2" [h1only]="nginx, HTTP/1.1 only"
    [stripped]="HAProxy, HTTP/1.1 only" [narrow]="HAProxy that takes one stream at a time"
    [silent]="HAProxy without ALPN" [front]="HAProxy that speaks HTTP/1.1 in front of HTTP/2"
    [caddy]="Caddy" [ten]="nginx that closes after ten calls"
)

# What is said where HTTP/2 is asked for by name and is not there: first finding and exit code. The
# certificates here are none that the world trusts, and whoever shows such a one may stand in between.
declare -A requires=(
    [h1only]="http2-lost-between 1" [stripped]="http2-lost-between 1"
    [silent]="http2-lost-between 1" [front]="http2-lost-between 1"
)

certificates() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -keyout ca.key -out ca.pem -subj "/CN=Transport Test CA" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -keyout leaf.key -out leaf.csr -subj "/CN=$host"
    printf 'subjectAltName=DNS:%s\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' \
        "$host" >leaf.ext
    openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
        -extfile leaf.ext -out leaf.pem
    cat leaf.pem leaf.key >leaf.both
}

answer='{"name":"models/gemini-3.5-flash","supportedGenerationMethods":["generateContent"]}'

# NAME LISTEN-OPTION MORE...: one server of nginx.
nginx_server() {
    local name=$1 option=$2
    shift 2
    cat <<N
    server {
        listen 127.0.0.1:${port[$name]} ssl$option;
        server_name $name $host;
        set \$who $name;
        $*
        location / { return 200 '$answer'; }
    }
N
}

# NAME SERVER...: what an nginx of this name reads.
nginx_configuration() {
    local name=$1
    shift
    cat <<N
user $(id -un);
worker_processes 1;
daemon off;
# One process, so that whoever kills it has killed all of it.
master_process off;
pid $scratch/$name.pid;
error_log $scratch/$name.log warn;
events { worker_connections 512; }
http {
    log_format calls '{"server":"\$who","connection":"\$connection","http":"\$server_protocol",'
        '"status":\$status,"bytes":\$bytes_sent,"length":\$request_length,"resumed":"\$ssl_session_reused"}';
    access_log $scratch/$name.calls calls;
    default_type application/json;
    ssl_certificate $scratch/leaf.pem;
    ssl_certificate_key $scratch/leaf.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:sessions:1m;
    client_body_temp_path $scratch/body;
    proxy_temp_path $scratch/proxy;
    fastcgi_temp_path $scratch/fastcgi;
    uwsgi_temp_path $scratch/uwsgi;
    scgi_temp_path $scratch/scgi;
$*
}
N
}

haproxy_configuration() {
    cat <<H
global
    nbthread 1
    maxconn 500
    log stdout len 4096 format raw local0
    tune.h2.max-concurrent-streams 1
defaults
    mode http
    log global
    option dontlognull
    log-format '{"server":"%f","connection":"%cp","http":"%HV","status":%ST,"resumed":"%[ssl_fc_is_resumed]"}'
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    timeout http-keep-alive 60s
    default_backend behind
frontend stripped
    bind 127.0.0.1:${port[stripped]} ssl crt $scratch/leaf.both alpn http/1.1
frontend narrow
    bind 127.0.0.1:${port[narrow]} ssl crt $scratch/leaf.both alpn h2,http/1.1
frontend silent
    bind 127.0.0.1:${port[silent]} ssl crt $scratch/leaf.both $1
frontend front
    bind 127.0.0.1:${port[front]} ssl crt $scratch/leaf.both alpn http/1.1
backend behind
    server nginx 127.0.0.1:${port[behind]} ssl alpn h2 verify required \
        ca-file $scratch/ca.pem verifyhost $host sni str($host)
H
}

caddy_configuration() {
    cat <<C
{
    admin off
    auto_https off
    servers {
        protocols h1 h2
    }
}
https://:${port[caddy]} {
    bind 127.0.0.1
    tls $scratch/leaf.pem $scratch/leaf.key
    log {
        output file $scratch/caddy.calls
        format json
    }
    header Content-Type application/json
    respond \`$answer\` 200
}
C
}

# NAME: an nginx with the configuration of that name.
start_nginx() {
    nginx -e "$scratch/$1.log" -p "$scratch" -c "$scratch/$1.conf" 2>"$scratch/$1.out" &
    children+=($!)
    process[$1]=$!
}

start() {
    case $1 in
        nginx)
            nginx_configuration nginx "$(nginx_server both ' http2')" \
                "$(nginx_server older ' http2' 'ssl_protocols TLSv1.2;')" "$(nginx_server h1only '')" \
                "$(nginx_server ten ' http2' 'keepalive_requests 10;')" \
                "$(nginx_server behind ' http2' 'keepalive_requests 100000;')" >"$scratch/nginx.conf"
            start_nginx nginx
            wait_for_port "${port[both]}" || { cat "$scratch/nginx.out" "$scratch/nginx.log"; exit 1; }
            ;;
        haproxy)
            # Newer ones offer both without being told to.
            local none=no-alpn
            haproxy_configuration "$none" >"$scratch/haproxy.conf"
            haproxy -c -f "$scratch/haproxy.conf" >/dev/null 2>&1 || none=""
            haproxy_configuration "$none" >"$scratch/haproxy.conf"
            haproxy -db -f "$scratch/haproxy.conf" >>"$scratch/haproxy.calls" 2>"$scratch/haproxy.out" &
            children+=($!)
            wait_for_port "${port[silent]}" || { cat "$scratch/haproxy.out"; exit 1; }
            ;;
        caddy)
            caddy_configuration >"$scratch/Caddyfile"
            HOME=$scratch caddy run --adapter caddyfile --config "$scratch/Caddyfile" 2>"$scratch/caddy.out" &
            children+=($!)
            wait_for_port "${port[caddy]}" || { cat "$scratch/caddy.out"; exit 1; }
            ;;
    esac
}

# SERVER OPTION...: a benchmark of it, as a report.
bench() {
    begin "$@"
    ended
}

# SERVER OPTION...: the same in the background, as `asking`.
begin() {
    local name=$1
    shift
    (cd "$scratch/empty" && exec env -i PATH="$PATH" GEMINI_API_KEY="$key" "$doctor" bench-transport \
        --model gemini-3.5-flash --format json -q --ca-file "$scratch/ca.pem" \
        --resolve "$host:443:127.0.0.1:${port[$name]}" "$@" >"$scratch/report.json" 2>>"$scratch/stderr") &
    asking=$!
    children+=("$asking")
}

# Waits for what was begun, and ends with its code; what hangs is killed after a minute.
ended() {
    timeout 60 tail --pid="$asking" -f /dev/null || kill -9 "$asking"
    wait "$asking"
}

# TITLE EXPECTED-CODE CODE LOG OPTION...: the report against the log.
judge() {
    local title=$1 expected=$2 code=$3 log=$4 words
    shift 4
    if ! words=$(.ci/transport.py "$scratch/report.json" "$scratch/$log.calls" --from "$mark" "$@" 2>&1); then
        fail "$title: ${words//$'\n'/; }"
    elif [[ " $expected " != *" $code "* ]]; then
        fail "$title: exit $code, expected $expected; $words"
    else
        pass "$title: $words"
    fi
}

# The words that say of each way over HTTP/2 why it is not gone.
not_gone() {
    [ "$1" != - ] || return 0
    for way in ${h2//,/ }; do printf '%s\n' --lost "$way=$1"; done
}

# LOG: from here on it tells of the next run.
mark_log() { mark=$(stat -c %s "$scratch/$1.calls" 2>/dev/null || echo 0); }

# One call after the other, over every way.
one_by_one() {
    local name=$1 program=$2 alpn=$3 gone=$4 reason=$5 lost=() code=0
    mapfile -t lost < <(not_gone "$reason")
    mark_log "$program"
    bench "$name" --arms "$h1,$h2" --rounds 10 || code=$?
    judge "${titles[$name]}" 0 "$code" "$program" --server "$name" --alpn "$alpn" --gone "$gone" \
        --whole "${lost[@]}"
}

# HTTP/2 is asked for by name: whoever takes it away is named, and nobody where it is there.
required() {
    local name=$1 expected=$2 code=0 seen
    bench "$name" --require h2 --arms h1-warm --no-again --rounds 10 || code=$?
    seen=$(gist <"$scratch/report.json" | cut -f 1)
    if [ "$seen" = "$expected" ] && [ "${seen##* }" = "$code" ]; then
        pass "${titles[$name]}, HTTP/2 required: $seen"
    else
        fail "${titles[$name]}, HTTP/2 required: $seen and exit $code, expected $expected"
    fi
}

# Several at the same time, which HTTP/2 shares a connection for.
at_once() {
    local name=$1 program=$2 code=0
    mark_log "$program"
    bench "$name" --arms h1-cold,h1-warm,h2-cold,h2-warm --rounds 10 --concurrency 4 || code=$?
    judge "${titles[$name]}, four at once" 0 "$code" "$program" --server "$name" --alpn h2 --whole
}

# CONCURRENCY EXPECTED-CODE OPTION...: a server that ends connections.
ends_connections() {
    local at_once=$1 expected=$2 code=0
    shift 2
    mark_log nginx
    bench ten --arms h1-warm,h2-warm --no-again --rounds 25 --concurrency "$at_once" || code=$?
    judge "${titles[ten]}, $at_once at once" "$expected" "$code" nginx --server ten --alpn h2 --whole \
        --closed-after 10 "$@"
}

# What the server behind HAProxy heard: HTTP/2, and as many calls as HAProxy, whatever its clients speak.
heard_behind() {
    local calls others
    calls=$(grep -c '"server":"behind"' "$scratch/nginx.calls" || true)
    others=$(grep '"server":"behind"' "$scratch/nginx.calls" | grep -vc HTTP/2.0 || true)
    if [ "$calls" -gt 0 ] && [ "$others" = 0 ] && [ "$calls" = "$(grep -c HTTP "$scratch/haproxy.calls")" ]; then
        pass "behind HAProxy: $calls calls, all of them over HTTP/2"
    else
        fail "behind HAProxy: $calls calls came through, $others of them over another version"
    fi
}

# LOG CALLS: waits until a server has had so many requests of this run; at most ten seconds.
has_had() {
    for _ in $(seq 200); do
        if [ "$(tail -c "+$((mark + 1))" "$scratch/$1.calls" | wc -l)" -ge "$2" ]; then return 0; fi
        sleep 0.05
    done
}

# TITLE SIGNAL-OR-STOP: a server that is gone half-way.
dies() {
    local title=$1 how=$2 code=0 began=$SECONDS
    nginx_configuration dying "$(nginx_server dying ' http2')" >"$scratch/dying.conf"
    mark_log dying
    start_nginx dying
    wait_for_port "${port[dying]}" || { cat "$scratch/dying.out"; exit 1; }
    begin dying --rounds 10000 --max-requests 1000000 --duration 40s
    has_had dying 60
    if [ "$how" = stop ]; then
        nginx -e "$scratch/dying.log" -p "$scratch" -c "$scratch/dying.conf" -s stop
    else
        kill -9 "${process[dying]}"
    fi
    wait "${process[dying]}" 2>/dev/null || true
    ended || code=$?
    # Each connection that was kept may have taken a request that nobody read any more.
    judge "$title" "3 4" "$code" dying --server dying --under-way 4
    told_of_the_end "$title" silence "$((SECONDS - began))"
}

# TITLE WHY SECONDS: that the report says why the rounds ended, and that nothing hung.
told_of_the_end() {
    local words
    words=$(python3 -c '
import json, sys
report = json.load(open(sys.argv[1]))
data, checks = report["data"], {check["id"]: check["status"] for check in report["checks"]}
arms = [arm for arm in data["arms"] if arm["unavailable"] is None]
failed = sum(arm["failed"] for arm in arms)
flaws = []
if data["rounds"]["ended_because"] != sys.argv[2]:
    flaws.append("ended because of " + data["rounds"]["ended_because"])
if any(arm["answered"] < 5 or arm["p50_ms"] is None for arm in arms):
    flaws.append("a way has no figures")
if sys.argv[2] == "silence" and not (failed and checks.get("bench.failures") == "fail" and report["findings"]):
    flaws.append(f"{failed} failures, and no finding tells of them")
if sys.argv[2] == "stopped" and failed:
    flaws.append(f"{failed} failures")
print("; ".join(flaws))
' "$scratch/report.json" "$2" 2>&1)
    if [ -n "$words" ]; then
        fail "$1: $words"
    elif [ "$3" -gt 30 ]; then
        fail "$1: it took $3 s"
    else
        pass "$1: the report tells of all that came before, after $3 s"
    fi
}

# CONCURRENCY: somebody presses Ctrl-C half-way.
is_stopped() {
    local code=0 began=$SECONDS title="Ctrl-C, $1 at once"
    mark_log nginx
    begin both --rounds 10000 --max-requests 1000000 --duration 40s --concurrency "$1"
    has_had nginx $((60 * $1))
    kill -INT "$asking" || true
    ended || code=$?
    judge "$title" 130 "$code" nginx --server both --under-way "$1"
    told_of_the_end "$title" stopped "$((SECONDS - began))"
}

declare -A port process
mark=0
names=(both older h1only ten behind stripped narrow silent front caddy dying)
mapfile -t free < <(free_ports ${#names[@]})
for index in "${!names[@]}"; do port[${names[index]}]=${free[index]}; done
(cd "$scratch" && certificates 2>openssl.log) || { cat "$scratch/openssl.log"; exit 1; }

programs=" "
for program in nginx haproxy caddy; do
    if ! command -v "$program" >/dev/null; then
        skip "$program is not installed"
    elif [ "$program" = haproxy ] && [[ $programs != *nginx* ]]; then
        skip "haproxy has nothing to pass calls on to without nginx"
    else
        start "$program"
        programs+="$program "
    fi
done
for line in "${servers[@]}"; do
    read -r name program alpn gone reason <<<"$line"
    [[ $programs == *" $program "* ]] || continue
    one_by_one "$name" "$program" "$alpn" "$gone" "$reason"
    [ "$reason" != - ] || at_once "$name" "$program"
    required "$name" "${requires[$name]:-- 0}"
done
[[ $programs != *haproxy* ]] || heard_behind
if [[ $programs == *nginx* ]]; then
    # Between two calls it is no failure. Of four that set out together the last ones may be turned away.
    ends_connections 1 0
    ends_connections 4 "0 3" --turned-away
    dies "nginx that is stopped half-way" stop
    dies "nginx that is killed half-way" kill
    is_stopped 1
    is_stopped 4
fi
end_of_check
