#!/usr/bin/env bash
# Counts against SentencePiece itself, with the very model that is embedded: that packing the model gives the embedded
# file, some random strings, real texts, a megabyte of each thing that is hard to cut, and a tokenizer.json against Hugging
# Face's library. `.ci/long tokens` does the same with 20 million tokens and 100,000 strings.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need cargo

python=target/checks/tokenizers/bin/python
if [ ! -x "$python" ]; then
    skip "$python is not there: .ci/run installs sentencepiece into it"
    end_of_check
fi
cargo build --locked --examples
export EXAMPLES=${CARGO_TARGET_DIR:-target}/debug/examples
against() {
    local code=0
    timeout 900 "$python" .ci/tokens.py "$@" >"$scratch/said" 2>&1 || code=$?
    tail -n 20 "$scratch/said"
    if [ "$code" -eq 0 ]; then pass "$*"; else fail "$*: counts differ, or could not be compared"; fi
}

against packed
against runs
against strings "${STRINGS:-5000}"
against texts "${MILLION_TOKENS:-1}"
against json "${JSON_STRINGS:-300}"
end_of_check
