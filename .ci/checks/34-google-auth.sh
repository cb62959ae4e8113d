#!/usr/bin/env bash
# Logins to the cloud platform against Google's own library: on one simulated Google both get the same token, or the same
# refusal. What the program signs is checked by libraries that are not ours. Client and simulator could agree by mistake;
# a third party that agrees with neither would show it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3

python=target/checks/google-auth/bin/python
if [ ! -e target/checks/google-auth/installed ]; then
    skip "google-auth is not installed (.ci/run installs it below target/checks)"
    end_of_check
fi

tallied "$python" .ci/google_auth.py "$(doctor_to_check)"
end_of_check
