#!/usr/bin/env bash
# The printed retry policies under the tools that a developer has: Node, the TypeScript compiler at
# its strictest, mypy. The tests run what is installed; here is made sure that nothing was skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need cargo node npm python3 rustc

tools=$PWD/target/checks/policy
# A registry that does not answer must not hold the whole run: npm alone retries for ten minutes.
install_tools() {
    mkdir -p "$tools"
    timeout 180 npm install --silent --no-audit --no-fund --prefix "$tools" typescript &&
        python3 -m venv "$tools/python" && timeout 180 "$tools/python/bin/pip" install --quiet mypy
}
if ! { [ -x "$tools/node_modules/.bin/tsc" ] && [ -x "$tools/python/bin/mypy" ]; }; then
    echo "installing TypeScript and mypy into target/checks/policy"
    if ! install_tools >"$scratch/install" 2>&1; then
        skip "the tools cannot be installed: $(tail -n 1 "$scratch/install")"
        end_of_check
    fi
fi

PATH=$tools/node_modules/.bin:$PATH:$tools/python/bin
echo "node $(node --version), $(tsc --version | tr -d '\n'), $(mypy --version), $(rustc --version)"
for language in python typescript rust; do
    if ! cargo test --quiet --locked --test cli -- --exact --nocapture \
        "policy::${language}_does_what_the_policy_says" >"$scratch/test" 2>&1; then
        cat "$scratch/test"
        fail "$language: the policies do not do what they say"
    elif grep -q '^skipped: ' "$scratch/test"; then
        fail "$language: $(grep -m 1 '^skipped: ' "$scratch/test")"
    elif grep -q '1 passed' "$scratch/test"; then
        pass "$language: the policies of all classes do what they say"
    else
        fail "$language: no test of that name was run"
    fi
done
end_of_check
