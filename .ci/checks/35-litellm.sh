#!/usr/bin/env bash
# A real gateway, LiteLLM's proxy, offline: models that it makes up itself, one behind it that is the simulator, and one that
# is a dead port. Whatever it refuses or fails on by itself must be said to be its own, and what Google behind it refused, Google's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3 curl

venv=target/checks/gateways
if ! "$venv/bin/python" -c 'import litellm.proxy, prisma' 2>/dev/null; then
    skip "LiteLLM is not installed in $venv (.ci/run installs it)"
    end_of_check
fi
litellm=$(realpath -s "$venv/bin/litellm")
doctor=$(doctor_to_check)
master=sk-FAKE-master-key-of-a-gateway-0001

mapfile -t ports < <(free_ports 3)
gateway=${ports[0]} upstream=${ports[1]} dead=${ports[2]}

"$doctor" simulate healthy --listen "127.0.0.1:$upstream" --for 400 --ca-out "$scratch/ca.pem" \
    >/dev/null 2>"$scratch/simulator" &
children+=($!)
# The port answers before the key is told.
for _ in $(seq 100); do
    grep -q '^note: CA' "$scratch/simulator" && break
    sleep 0.1
done
good=$(sed -n 's/^note: key *//p' "$scratch/simulator")

cat >"$scratch/config.yaml" <<Y
model_list:
  - model_name: gemini-3.5-flash
    litellm_params: {model: gemini/gemini-3.5-flash, api_key: FAKE, mock_response: "ok, says the mock"}
  - model_name: gemini-through
    litellm_params: {model: gemini/gemini-3.5-flash, api_key: $good, api_base: "https://127.0.0.1:$upstream/v1beta"}
  - model_name: gemini-bad-upstream-key
    litellm_params: {model: gemini/gemini-3.5-flash, api_key: FAKE-wrong, api_base: "https://127.0.0.1:$upstream/v1beta"}
  - model_name: gemini-unknown-to-google
    litellm_params: {model: gemini/gemini-9, api_key: $good, api_base: "https://127.0.0.1:$upstream/v1beta"}
  - model_name: gemini-dead
    litellm_params: {model: gemini/gemini-3.5-flash, api_key: FAKE, api_base: "http://127.0.0.1:$dead"}
  - model_name: gemini-limited
    litellm_params: {model: gemini/gemini-3.5-flash, api_key: FAKE, mock_response: "ok", rpm: 1}
general_settings: {master_key: $master}
litellm_settings: {telemetry: false, num_retries: 0}
router_settings:
  num_retries: 0
  disable_cooldowns: true
  routing_strategy: usage-based-routing-v2
  enable_pre_call_checks: true
Y

echo "starting LiteLLM"
env -i PATH="$PATH" HOME="$scratch/empty" LITELLM_LOCAL_MODEL_COST_MAP=True DO_NOT_TRACK=1 SSL_CERT_FILE="$scratch/ca.pem" \
    "$litellm" --config "$scratch/config.yaml" --host 127.0.0.1 --port "$gateway" >"$scratch/litellm" 2>&1 &
children+=($!)
for _ in $(seq 150); do
    curl -sf -m 2 "http://127.0.0.1:$gateway/health/liveliness" >/dev/null && break
    sleep 1
done
if ! curl -sf -m 2 "http://127.0.0.1:$gateway/health/liveliness" >/dev/null; then
    tail -5 "$scratch/litellm"
    fail "LiteLLM does not start"
    end_of_check
fi

# TITLE `FINDING EXIT` WORDS KEY ARGUMENT...: first finding among errors and exit code, and words that the report must hold.
try() {
    local title=$1 expected=$2 words=$3 key=$4 seen
    shift 4
    bare ${key:+"GEMINI_API_KEY=$key"} TERM=dumb "$doctor" "$@" --format json --base-url "http://127.0.0.1:$gateway" \
        --timeout 20 >"$scratch/report.json" || true
    seen=$(gist <"$scratch/report.json" | cut -f 1)
    if [ "$seen" != "$expected" ]; then
        fail "$title: $seen, expected $expected"
    elif ! grep -qF "$words" "$scratch/report.json"; then
        fail "$title: nothing in the report says \"$words\""
    elif grep -qE "$master|$good" "$scratch/report.json" "$scratch/stderr"; then
        fail "$title: a key is shown"
    else
        pass "$title: $seen"
    fi
}

own="refused by LiteLLM at 127.0.0.1:$gateway itself"
googles="refused by Google behind LiteLLM at 127.0.0.1:$gateway"
for api in openai gemini; do
    try "$api: all is well" "- 0" '"key_accepted_by": "host"' "$master" \
        check-key --api "$api" --model gemini-through
    try "$api: a key that the gateway does not know" "gateway-refused 1" "$own" "sk-FAKE-nobody-knows-it-0001" \
        check-key --api "$api" --model gemini-3.5-flash
    try "$api: a model that the gateway does not know" "gateway-model-unknown 1" "$own" "$master" \
        check-key --api "$api" --model gemini-9
    try "$api: nobody behind the gateway" "gateway-upstream-unreachable 3" "did not reach whoever is behind it" "$master" \
        check-key --api "$api" --model gemini-dead
    try "$api: Google refuses the gateway's key" "api-key-invalid 1" "$googles" "$master" \
        check-key --api "$api" --model gemini-bad-upstream-key
    try "$api: Google does not know the model" "model-name-wrong 1" "$googles" "$master" \
        check-key --api "$api" --model gemini-unknown-to-google
done
# The first call of a minute is let through.
curl -s -m 20 -o /dev/null -H "Authorization: Bearer $master" -H 'content-type: application/json' \
    -d '{"model":"gemini-limited","messages":[{"role":"user","content":"hi"}]}' "http://127.0.0.1:$gateway/v1/chat/completions"
try "a limit of the gateway's own" "gateway-limit-hit 3" "$own" "$master" \
    check-key --api openai --model gemini-limited
try "no list and no count at the native paths" "- 0" "no list at /v1beta/models" "$master" \
    check-key --model gemini-3.5-flash
try "no key at all" "key-not-set 2" "refused by something like LiteLLM" "" doctor --quick --api openai
try "the names are the gateway's" "- 0" '"gemini-through"' "$master" list-models --api openai
try "an alias" "- 5" '"answered"' "$master" \
    probe-alias gemini-through --api openai --samples 5 --yes
try "a full look, with a stream" "- 0" '"counted_to": 30' "$master" doctor --api openai --model gemini-through
try "calls that are timed" "- 5" '"h1-warm"' "$master" bench-transport --api openai --rounds 3
end_of_check
