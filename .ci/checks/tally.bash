# Counts what passed, what failed and what was skipped, and ends a check with the sum.
# To be sourced; it finds the program, and it must not know what is checked.

passed=0 failed=0 skipped=0

pass() {
    passed=$((passed + 1))
    echo "ok       $1"
}

fail() {
    failed=$((failed + 1))
    echo "FAILED   $1"
}

skip() {
    skipped=$((skipped + 1))
    echo "skipped: $1"
}

# The last line of every check, and its exit code.
end_of_check() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] || exit 1
    exit 0
}

# COMMAND...: something that prints lines as these and a sum of its own; they are added up here.
tallied() {
    local code=0 said=$scratch/said
    # In the foreground, so that who is told to stop there stops what it has started.
    timeout --foreground --kill-after=10 900 "$@" 2>&1 | tee "$said" || code=$?
    passed=$((passed + $(grep -c '^ok ' "$said" || true)))
    failed=$((failed + $(grep -c '^FAILED ' "$said" || true)))
    skipped=$((skipped + $(grep -c '^skipped: ' "$said" || true)))
    # It may have ended before it judged anything.
    if [ "$code" -ne 0 ] && ! grep -q '^FAILED ' "$said"; then fail "$* ended with $code"; fi
}

# GOALS COMMAND...: a benchmark; GOALS pass if it measured something and missed nothing.
measured() {
    local goals=$1 code=0 before=$failed
    shift
    timeout 600 "$@" >"$scratch/figures" 2>&1 || code=$?
    cat "$scratch/figures"
    while read -r reason; do skip "$reason"; done < <(sed -n 's/^skipped: //p' "$scratch/figures")
    while read -r goal; do fail "$goal"; done < <(sed -n 's/^MISSED *//p' "$scratch/figures")
    if [ "$code" -ne 0 ] && [ "$failed" -eq "$before" ]; then
        fail "$* ended with $code"
    elif [ "$failed" -eq "$before" ] && grep -q "rounds" "$scratch/figures"; then
        pass "$goals"
    fi
}

# Ends the check as skipped where a program is missing.
need() {
    for program in "$@"; do
        if ! command -v "$program" >/dev/null; then
            skip "$program is not installed"
            end_of_check
        fi
    done
}

# The program to check: GEMINI_DOCTOR names it, otherwise the debug build is made.
doctor_to_check() {
    if [ -n "${GEMINI_DOCTOR:-}" ]; then
        realpath "$GEMINI_DOCTOR"
        return
    fi
    cargo build --quiet --bin gemini-doctor
    realpath "${CARGO_TARGET_DIR:-target}/debug/gemini-doctor"
}

# The program in a directory of its own with no variables but those that are named first.
bare() {
    (cd "$scratch/empty" && exec timeout 60 env -i PATH="$PATH" "$@" 2>>"$scratch/stderr")
}

# Reads a report from standard input: first finding and exit code, a tab, the versions of HTTP spoken;
# each `-` where there is none.
gist() {
    python3 -c '
import json, sys
text = sys.stdin.read()
report = json.loads(text) if text.strip() else {}
findings = report.get("findings") or [{}]
spoken = sorted({attempt["http"] for attempt in report.get("attempts", []) if attempt["http"]})
print(findings[0].get("id") or "-", report.get("verdict", {}).get("exit_code", "-"), end="\t")
print(",".join(spoken) or "-")
'
}

# So many TCP ports of 127.0.0.1 that were free a moment ago.
free_ports() {
    python3 -c '
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in sockets:
    one.bind(("127.0.0.1", 0))
print("\n".join(str(one.getsockname()[1]) for one in sockets))
' "$1"
}

# Waits until somebody listens on a port of 127.0.0.1; at most ten seconds.
wait_for_port() {
    for _ in $(seq 100); do
        if (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
        sleep 0.1
    done
    return 1
}

# Stops the processes that the check has started, and removes its files.
clean_up() {
    for child in "${children[@]}"; do
        kill "$child" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    rm -rf "$scratch"
}

children=()
scratch=$(mktemp -d)
mkdir "$scratch/empty"
# A server that gives up its rights must still be able to enter.
chmod 711 "$scratch"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
