#!/usr/bin/env bash
# Real balancers before three worlds, of which one has lost a build: nginx and HAProxy, by request and
# by connection. `probe-alias` must say FLAKY with the build's name, count as the lost world's own log
# does, and say "goes with the connection" where that is so and nowhere else. Where a process dies
# under the balancer, the name must not be blamed for it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need openssl python3

host=generativelanguage.googleapis.com
model=gemini-3.5-flash
build=gemini-v4p1s-rev24-ajax-sentinel
doctor=$(doctor_to_check)

# Calls by chance of which one in three finds the lost build: that too few do for a verdict happens once in
# 300 000 runs. From 40 calls on a change over time is looked for, which chance may show too.
by_chance=39
# Random runs in all, and how many of them may name a factor: each does with 5 % at most, so that more than
# four do in one check of 4000. The connection, which 12 more calls put to the test, may be named once.
random_runs=12 any_factor=4 wrong_connection=1
# Calls over 22 connections, each good or bad by chance. Eleven live side by side and make 33 calls; where
# chance deals too unlike to both lots, the rate seems to have changed, and the verdict is about the later
# lot. With one run in thirty like that, more than five are in one check of 15 000.
by_connection=60 sticky_runs=24 sticky_wrong=5

# NAME SCENARIO: a simulator.
world() {
    worlds+=("$1")
    "$doctor" simulate "$2" --listen 127.0.0.1:0 --for 300 --ca-out "$scratch/$1.pem" \
        --log "$scratch/$1.ndjson" >/dev/null 2>"$scratch/$1.said" &
    children+=($!)
    process[$1]=$!
}

# Waits for a simulator, and writes down where it is; at most ten seconds.
settled() {
    for _ in $(seq 100); do
        address[$1]=$(sed -n 's|^note: base URL *https://||p' "$scratch/$1.said")
        if grep -q '^note: CA' "$scratch/$1.said"; then return 0; fi
        sleep 0.1
    done
    echo "the simulator $1 did not start: $(cat "$scratch/$1.said")"
    return 1
}

certificates() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -keyout ca.key -out ca.pem -subj "/CN=Balancer Test CA" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -keyout leaf.key -out leaf.csr -subj "/CN=$host"
    printf 'subjectAltName=DNS:%s\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' \
        "$host" >leaf.ext
    openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
        -extfile leaf.ext -out leaf.pem
    cat leaf.pem leaf.key >leaf.both
}

# The words before each server of a pool, those after it, and the worlds in it.
servers() {
    local before=$1 after=$2 name
    shift 2
    for name; do echo "        $before ${address[$name]} ${after//NAME/$name};"; done
}

# NAME METHOD OPTIONS-OF-A-SERVER WORLD...: a pool of nginx.
nginx_pool() {
    local name=$1 method=$2 options=$3
    shift 3
    echo "    upstream $name { $method"
    servers server "$options" "$@"
    echo "        keepalive 16; }"
}

# PORT POOL: where nginx listens for those that it passes on to a pool.
nginx_server() {
    cat <<N
    server {
        listen 127.0.0.1:${port[nginx $1]} ssl http2;
        server_name $host;
        location / { proxy_pass https://$2; }
    }
N
}

nginx_configuration() {
    local name pool
    cat <<N
${stream_module:-}
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
    proxy_ssl_verify on;
    proxy_ssl_trusted_certificate $scratch/worlds.pem;
    # A world that dies is to be seen: nobody else is asked instead.
    proxy_next_upstream off;
N
    nginx_pool turns "" max_fails=0 "${mixed[@]}"
    nginx_pool random "random;" max_fails=0 "${mixed[@]}"
    # What `hash $connection` deals to numbers in a row is too regular to pass for chance.
    # shellcheck disable=SC2016
    echo '    split_clients "$pid of $connection" $dealt {'
    echo "        33.4% ${mixed[0]}; 33.3% ${mixed[1]}; * ${mixed[2]}; }"
    for name in "${mixed[@]}"; do nginx_pool "$name" "" max_fails=0 "$name"; done
    nginx_pool healthy "" max_fails=0 "${healthy[@]}"
    nginx_pool dying "" max_fails=0 one two dies-nginx
    for pool in turns random healthy dying; do nginx_server "$pool" "$pool"; done
    # shellcheck disable=SC2016
    nginx_server sticky '$dealt'
    echo "}"
    [ -n "${stream_module+there}" ] || return 0
    echo "stream { upstream through {"
    servers server "" "${mixed[@]}"
    echo "} server { listen 127.0.0.1:${port[nginx through]}; proxy_pass through; } }"
}

# POOL BALANCE WORLD...: a port and a pool of HAProxy that terminates TLS.
haproxy_pool() {
    local pool=$1 balance=$2 name
    shift 2
    cat <<H
frontend $pool
    bind 127.0.0.1:${port[haproxy $pool]} ssl crt $scratch/leaf.both alpn h2,http/1.1
    default_backend $pool
backend $pool
    balance $balance
H
    for name; do
        echo "    server $name ${address[$name]} ssl verify required ca-file $scratch/$name.pem" \
            "verifyhost $host sni str($host)"
    done
}

haproxy_configuration() {
    cat <<H
global
    nbthread 1
    maxconn 500
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    retries 0
    http-reuse always
H
    haproxy_pool turns roundrobin "${mixed[@]}"
    haproxy_pool random "random(1)" "${mixed[@]}"
    haproxy_pool healthy roundrobin "${healthy[@]}"
    haproxy_pool dying roundrobin one two dies-haproxy
    haproxy_passing through roundrobin
    haproxy_passing sticky "random(1)"
}

# PORT BALANCE: whole connections, with the TLS that the worlds make themselves.
haproxy_passing() {
    local name
    printf '%s\n' "listen $1" "    bind 127.0.0.1:${port[haproxy $1]}" "    mode tcp" "    balance $2"
    for name in "${mixed[@]}"; do echo "    server $name ${address[$name]}"; done
}

# A stream module that is built in needs no word, one of its own has to be loaded, and there may be none.
look_for_the_stream_module() {
    local version own
    version=$(nginx -V 2>&1)
    own=$(sed -n 's/.*--modules-path=\([^ ]*\).*/\1/p' <<<"$version")/ngx_stream_module.so
    if [[ $version =~ --with-stream($|[[:space:]]) ]]; then
        stream_module=""
    elif [ -e "$own" ]; then
        stream_module="load_module $own;"
    else
        skip "nginx, in turn by connection: it has no stream module"
    fi
}

start() {
    case $1 in
        nginx)
            look_for_the_stream_module
            nginx_configuration >"$scratch/nginx.conf"
            nginx -e "$scratch/nginx.log" -p "$scratch" -c "$scratch/nginx.conf" \
                2>"$scratch/nginx.out" &
            ;;
        haproxy)
            haproxy_configuration >"$scratch/haproxy.conf"
            haproxy -db -f "$scratch/haproxy.conf" >"$scratch/haproxy.out" 2>&1 &
            ;;
    esac
    children+=($!)
    wait_for_port "${port[$1 dying]}" || { cat "$scratch/$1.out"; exit 1; }
}

# BALANCER POOL HTTP OPTION...: looks at the name through a pool. What it said is in `seen` afterwards.
probe() {
    local code=0 before
    before=$(lost_calls)
    ask "$@" || code=$?
    told "$code" "$(($(lost_calls) - before))"
}

ask() {
    local balancer=$1 pool=$2 http=$3
    shift 3
    bare GEMINI_API_KEY="$key" "$doctor" probe-alias "$model" --siblings auto --yes \
        --format json --ca-file "$scratch/all.pem" --http "$http" \
        --resolve "$host:443:127.0.0.1:${port[$balancer $pool]}" "$@" \
        >"$scratch/report.json"
}

# How many 404 the lost world has answered with, by its own log.
lost_calls() { grep -c '"status":404' "$scratch/lost.ndjson" || true; }

# EXIT-CODE LOST-CALLS: the report in `seen`, by name.
told() {
    local name value
    seen=()
    while IFS=$'\t' read -r name value; do seen[$name]=$value; done < <(python3 -c '
import json, sys
text = open(sys.argv[1]).read()
report = json.loads(text) if text.strip() else {}
data = report.get("data") or {}
attribution = data.get("attribution") or {}
forced = attribution.get("forced") or {}
ends = data.get("ends") or {}
lost = data.get("failures", 0) + forced.get("failures", 0)
facts = {
    "exit": sys.argv[2],
    "verdict": data.get("verdict"),
    "finding": next((one["id"] for one in report.get("findings", [])), "-"),
    "findings": " ".join(one["id"] for one in report.get("findings", [])),
    "build": next((one["build"] for one in data.get("by_build", [])), "-"),
    "calls": data.get("attempts"),
    "failures": data.get("failures"),
    "siblings": " ".join("{failures}/{answered}/{attempts}".format(**one) for one in data.get("siblings", [])),
    "factor": attribution.get("factor") or "-",
    "forced": forced.get("result", "-"),
    "others": sum(count for end, count in ends.items() if end not in ("answered", "missing")),
    "log": "agrees" if lost == int(sys.argv[3]) else f"{sys.argv[3]} lost calls, and {lost} are told of",
    "http": ",".join(sorted({one["http"] for one in report.get("attempts", []) if one["http"]})),
}
for name, value in facts.items():
    print(name, value, sep="\t")
' "$scratch/report.json" "$1" "$2")
}

# What is wrong with a report on a name that has lost one build of three; nothing if all is right.
wrong() {
    local http=$1
    is exit 3
    is verdict FLAKY
    is finding alias-backend-missing
    is siblings 0/12/12
    true_to_the_log "$http"
}

# What must hold whatever the verdict is.
true_to_the_log() {
    local http=$1
    [ "${seen[failures]:-0}" = 0 ] || is build "$build"
    is log agrees
    is http "HTTP/$http"
}

is() { [ "${seen[$1]}" = "$2" ] || echo "$1 is ${seen[$1]:-nothing}, expected $2"; }

# TITLE HTTP ALLOWED-FACTORS: judges a report on a name that has lost one build.
judge() {
    local title=$1 flaws words
    flaws=$(wrong "$2")
    if [[ " $3 " != *" ${seen[factor]} "* ]]; then
        flaws+="${flaws:+; }factor is ${seen[factor]}, expected ${3// / or }"
    fi
    words="${seen[verdict]}, ${seen[failures]} of ${seen[calls]}, factor ${seen[factor]}"
    if [ -n "$flaws" ]; then fail "$title: ${flaws//$'\n'/; }"; else pass "$title: $words"; fi
}

# By connection, by chance: a few runs may be undecided, and none may tell what was not so.
sticky() {
    local balancer=$1 http=$2 title="$1, HTTP/$2, random by connection" run flaws="" words=()
    for run in $(seq "$((sticky_runs / runs_of_chance))"); do
        probe "$balancer" sticky "$http" --samples "$by_connection"
        words+=("${seen[verdict]}/${seen[factor]}")
        flaws+=$(true_to_the_log "$http")
    done
    sticky_words+=("${words[@]}")
    if [ -n "$flaws" ]; then fail "$title: ${flaws//$'\n'/; }"; else pass "$title: ${words[*]}"; fi
}

judge_sticky() {
    local wrong words
    wrong=$(printf '%s\n' "${sticky_words[@]}" | grep -vcx FLAKY/connection || true)
    words="random by connection: $wrong of ${#sticky_words[@]} runs say anything but FLAKY/connection"
    if [ "$wrong" -gt "$sticky_wrong" ]; then fail "$words"; else pass "$words"; fi
}

# By request, by chance: a factor may be named by chance too, but rarely.
random_order() {
    local balancer=$1 http=$2 run flaws="" factors=()
    for run in $(seq $((random_runs / runs_of_chance))); do
        probe "$balancer" random "$http" --samples "$by_chance"
        flaws+=$(wrong "$http")
        factors+=("${seen[factor]}")
    done
    random_factors+=("${factors[@]}")
    if [ -n "$flaws" ]; then
        fail "$balancer, HTTP/$http, random by request: ${flaws//$'\n'/; }"
    else
        pass "$balancer, HTTP/$http, random by request: FLAKY $run times, factors ${factors[*]}"
    fi
}

judge_random_factors() {
    local named connection address
    named=$(printf '%s\n' "${random_factors[@]}" | grep -vcx -e - || true)
    connection=$(printf '%s\n' "${random_factors[@]}" | grep -cx connection || true)
    address=$(printf '%s\n' "${random_factors[@]}" | grep -cx address || true)
    local words="random by request: of ${#random_factors[@]} runs $named name a factor"
    if [ "$named" -gt "$any_factor" ] || [ "$connection" -gt "$wrong_connection" ] ||
        [ "$address" -gt 0 ]; then
        fail "$words: ${random_factors[*]}"
    else
        pass "$words"
    fi
}

all_healthy() {
    local balancer=$1 http=$2 flaws title="$1, HTTP/$2, three healthy"
    probe "$balancer" healthy "$http"
    flaws=$(is exit 0; is verdict HEALTHY; is finding -; is calls 31; is failures 0; is factor -
        is http "HTTP/$http")
    if [ -n "$flaws" ]; then fail "$title: ${flaws//$'\n'/; }"; else pass "$title: HEALTHY after 31"; fi
}

# One of three healthy worlds dies while it is asked: what the balancer then says is about itself.
a_death() {
    local balancer=$1 http=$2 title="$1, HTTP/$2, a process that dies" asking code=0 flaws words
    ask "$balancer" dying "$http" --samples 45 --rate 30 &
    asking=$!
    dies_after "dies-$balancer" 7
    wait "$asking" || code=$?
    told "$code" 0
    flaws=$(is failures 0; is http "HTTP/$http"; is log agrees)
    if [[ ${seen[verdict]} =~ ^(FLAKY|DOWN|WRONG NAME)$ || ${seen[findings]} =~ alias-|model- ]]; then
        flaws+="; ${seen[verdict]} with ${seen[findings]}"
    fi
    [ "${seen[others]}" -gt 2 ] || flaws+="; only ${seen[others]} calls met the balancer's own errors"
    words="${seen[verdict]}, ${seen[others]} of ${seen[calls]} calls were lost, ${seen[findings]:-no finding}, exit $code"
    if [ -n "$flaws" ]; then fail "$title: ${flaws//$'\n'/; }"; else pass "$title: $words"; fi
}

# WORLD CALLS: ends a simulator once it has had so many requests; after ten seconds in any case.
dies_after() {
    local log=$scratch/$1.ndjson
    for _ in $(seq 200); do
        [ "$(wc -l <"$log")" -lt "$2" ] || break
        sleep 0.05
    done
    kill -9 "${process[$1]}"
    wait "${process[$1]}" 2>/dev/null || true
}

through() {
    local balancer=$1 http
    for http in 1.1 2; do
        # One rotation is a rotation; controls that are asked in between may hide it.
        probe "$balancer" turns "$http" --samples 25
        judge "$balancer, HTTP/$http, in turn by request" "$http" "- turn"
        random_order "$balancer" "$http"
        sticky "$balancer" "$http"
        if [ "$balancer" = haproxy ] || [ -n "${stream_module+there}" ]; then
            probe "$balancer" through "$http" --samples 25
            judge "$balancer, HTTP/$http, in turn by connection" "$http" connection
        fi
        all_healthy "$balancer" "$http"
    done
    a_death "$balancer" 2
}

declare -A process address port seen
worlds=() random_factors=() sticky_words=() balancers=()
for balancer in nginx haproxy; do
    if command -v "$balancer" >/dev/null; then
        balancers+=("$balancer")
    else
        skip "$balancer is not installed"
    fi
done
[ ${#balancers[@]} -gt 0 ] || end_of_check
runs_of_chance=$((${#balancers[@]} * 2))

mixed=(lost one two) healthy=(one two three)
world lost alias-outage-foreign-name
for name in one two three "${balancers[@]/#/dies-}"; do world "$name" healthy; done
(cd "$scratch" && certificates 2>openssl.log) || { cat "$scratch/openssl.log"; exit 1; }
for name in "${worlds[@]}"; do settled "$name"; done
# All of them take the same.
key=$(sed -n 's/^note: key *//p' "$scratch/lost.said")
for name in "${worlds[@]}"; do cat "$scratch/$name.pem"; done >"$scratch/worlds.pem"
cat "$scratch/ca.pem" "$scratch/worlds.pem" >"$scratch/all.pem"
pools=(nginx\ {turns,random,sticky,healthy,dying,through} haproxy\ {turns,random,sticky,healthy,dying,through})
mapfile -t free < <(free_ports ${#pools[@]})
for index in "${!pools[@]}"; do port[${pools[index]}]=${free[index]}; done

for balancer in "${balancers[@]}"; do
    start "$balancer"
    through "$balancer"
done
judge_random_factors
judge_sticky
end_of_check
