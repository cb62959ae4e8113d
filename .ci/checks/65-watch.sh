#!/usr/bin/env bash
# `watch` where tests of the project cannot go: on a terminal of 80 and of 50 columns, where it draws in place and
# leaves nothing behind; with its handles and its memory counted while it goes on; stopped for some seconds, as a
# machine that sleeps is; and with its terminal closed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3

doctor=$(doctor_to_check)
tallied python3 .ci/watch.py "$doctor"
end_of_check
