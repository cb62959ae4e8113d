#!/usr/bin/env bash
# Logs of histograms against an independent implementation, HdrHistogram for Python: it reads what this
# program writes, this program reads what it writes, and both come to the same counts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3

doctor=$(doctor_to_check)
venv=$PWD/target/checks/hdrhistogram
if ! "$venv/bin/python" -c 'import hdrh.log' 2>/dev/null; then
    echo "installing hdrhistogram into target/checks/hdrhistogram"
    if ! { python3 -m venv "$venv" && timeout 180 "$venv/bin/pip" install --quiet hdrhistogram; } \
        >"$scratch/pip" 2>&1; then
        skip "hdrhistogram cannot be installed: $(tail -n 1 "$scratch/pip")"
        end_of_check
    fi
fi

cat >"$scratch/logs.py" <<'P'
"""make FOLDER: logs of known values; same LOG: whether it holds exactly those; tags LOG: its arms."""
import math, pathlib, random, sys
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader, HistogramLogWriter

HIGHEST, DIGITS = 3_600_000_000, 3

def values(seed, count):
    dice = random.Random(seed)
    return [int(dice.lognormvariate(11, 0.6)) + dice.choice([0, 0, 0, 400_000]) for _ in range(count)]

def counted(all_values, digits=DIGITS):
    histogram = HdrHistogram(1, HIGHEST, digits)
    for value in all_values:
        histogram.record_value(value)
    return histogram

def counts(histogram):
    return [(one.value_iterated_to, one.count_added_in_this_iter_step)
            for one in histogram.get_recorded_iterator()]

PARTS = {"tokyo.hlog": values(1, 3000), "paris.hlog": values(2, 1234), "late.hlog": values(3, 1)}

def make(folder):
    for number, (name, own) in enumerate(PARTS.items()):
        with open(folder / name, "w", encoding="utf-8") as file:
            writer = HistogramLogWriter(file)
            writer.output_comment("[made by another program]")
            writer.output_log_format_version()
            writer.output_base_time(1_780_000_000_000)
            writer.output_legend()
            for second, at in enumerate(range(0, len(own), 500)):
                start = number * 100 + second + 0.25
                writer.output_interval_histogram(counted(own[at:at + 500]), start, start + 1, 1000.0)
    with open(folder / "coarse.hlog", "w", encoding="utf-8") as file:
        HistogramLogWriter(file).output_interval_histogram(counted(values(4, 100), 2), 1, 2, 1000.0)

def read(path):
    reader = HistogramLogReader(str(path), HdrHistogram(1, HIGHEST, DIGITS))
    found = []
    while (one := reader.get_next_interval_histogram()) is not None:
        found.append(one)
    return found

def same(path):
    everything = counted([value for own in PARTS.values() for value in own])
    (only,) = read(path)
    if counts(only) != counts(everything):
        sys.exit(f"{only.get_total_count()} calls, and not the {everything.get_total_count()} of all")
    for share in (1, 25, 50, 90, 99, 99.9, 100):
        one, other = (each.get_value_at_percentile(share) for each in (only, everything))
        if one != other:
            sys.exit(f"p{share} is {one}, and not {other}")

def tags(path):
    print(" ".join(f"{one.get_tag() if hasattr(one, 'get_tag') else one.tag}={one.get_total_count()}"
                   for one in read(path)))

if sys.argv[1] == "make":
    make(pathlib.Path(sys.argv[2]))
else:
    {"same": same, "tags": tags}[sys.argv[1]](sys.argv[2])
P

logs=$scratch/empty
python=$venv/bin/python
"$python" "$scratch/logs.py" make "$logs"

# DESCRIPTION LOG
holds_all() {
    local why
    if why=$("$python" "$scratch/logs.py" same "$logs/$2" 2>&1); then
        pass "$1"
    else
        fail "$1: ${why##*$'\n'}"
    fi
}

bare "$doctor" merge tokyo.hlog paris.hlog late.hlog --out all.hlog >"$scratch/out" || true
holds_all "three logs of the other program, joined here, are all values" all.hlog
bare "$doctor" merge late.hlog tokyo.hlog --out two.hlog >"$scratch/out" || true
bare "$doctor" merge two.hlog paris.hlog --report hdr=again.hlog >"$scratch/out" || true
holds_all "a joined log and another one, joined again, are all values" again.hlog
if "$python" "$scratch/logs.py" same "$logs/two.hlog" >/dev/null 2>&1; then
    fail "a log without a third of the values passes for all of them"
else
    pass "a log without a third of the values is not all of them"
fi

if bare "$doctor" merge tokyo.hlog coarse.hlog --out bad.hlog >"$scratch/out" ||
    [ -e "$logs/bad.hlog" ] || ! tail -n 3 "$scratch/stderr" | grep -q 'coarse.hlog line 1.* to 2 digits'; then
    fail "a log of fewer digits is not refused with its line"
else
    pass "a log of fewer digits is refused with its line"
fi

own=$(grep -c '^Tag=' src/report/snapshots/bench.hdr.txt)
told=$("$python" "$scratch/logs.py" tags src/report/snapshots/bench.hdr.txt 2>&1 || true)
if [ "$told" = "h1-cold=22 h1-warm=24 h2-cold=24 h2-warm=23" ] && [ "$own" -eq 4 ]; then
    pass "a log of this program, read by the other: $told"
else
    fail "a log of this program, read by the other: $told"
fi
end_of_check
