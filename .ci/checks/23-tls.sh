#!/usr/bin/env bash
# What `tls-check` says of real servers whose TLS is good or broken: nginx, OpenSSL, HAProxy, Caddy, mitmproxy,
# tinyproxy, and a port that breaks the rules. tests/tls/cases.toml is the table. First others look whether each
# case is as it says, so that the table cannot be right by mistake. Words given to this check go to .ci/tls.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need openssl python3

doctor=$(doctor_to_check)
echo "whether the cases are as they say"
tallied .ci/tls.py --sanity "$@"
echo "what tls-check says of them"
tallied .ci/tls.py --program "$doctor" "$@"
end_of_check
