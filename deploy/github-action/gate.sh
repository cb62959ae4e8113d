#!/usr/bin/env bash
# Runs the gate and writes its reports, whatever the outcome; ends with the gate's own exit code.
set -euo pipefail

reports=${RUNNER_TEMP:?}/gemini-doctor-reports
rm -rf "$reports"
mkdir -p "$reports"
{
    echo "reports=$reports"
    echo "junit=$reports/gate.xml"
} >>"$GITHUB_OUTPUT"

if [ -z "${GEMINI_API_KEY:-}" ]; then
    echo "::notice title=gemini-doctor::the input api-key is empty; workflows of forks are given no secrets"
fi
arguments=(gate)
[ -z "${GATE:-}" ] || arguments+=("$GATE")
more=()
read -ra more <<<"${ARGUMENTS:-}"
arguments+=(--without-key "${WITHOUT_KEY:-fail}")
for report in junit=gate.xml json=gate.json markdown=gate.md html=gate.html; do
    arguments+=(--report "${report%%=*}=$reports/${report#*=}")
done
code=0
"$PROGRAM" "${arguments[@]}" ${more[@]+"${more[@]}"} || code=$?
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
exit "$code"
