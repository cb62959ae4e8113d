#!/usr/bin/env bash
# The facts that `tls-check` tells of a server, field by field beside those of `openssl s_client`, sslscan and a hello
# made by hand: versions, groups, ALPN, the chain with its names, serials, prints and validity. nginx, HAProxy, Caddy
# and OpenSSL are each configured in another way. And the connections that it opens, as a relay counts them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need openssl python3

tallied .ci/tls_facts.py --program "$(doctor_to_check)" "$@"
end_of_check
