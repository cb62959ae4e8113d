#!/usr/bin/env bash
# What lies in deploy/, as those read it who are to run it: Kubernetes' own schemas, promtool, systemd, the schema of
# workflows, and a root file system of which nothing but the program is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need python3

doctor=$(doctor_to_check)
schemas=$PWD/target/checks/kubernetes/bin

# WHAT COMMAND...: passes where the command does.
holds() {
    local what=$1
    shift
    if "$@" >"$scratch/out" 2>&1; then pass "$what"; else fail "$what: $(tail -n 3 "$scratch/out" | tr '\n' ' ')"; fi
}

# Kubernetes: each file by itself, and what Kustomize makes of them.
if [ -x "$schemas/kubernetes-validate" ]; then
    for file in deploy/kubernetes/base/{cronjob,sites-job}.yaml deploy/kubernetes/overlays/two-sites/namespace.yaml; do
        holds "$file is what Kubernetes takes" "$schemas/kubernetes-validate" --strict "$file"
    done
    sed 's/backoffLimit: 0/backofLimit: 0/' deploy/kubernetes/base/sites-job.yaml >"$scratch/wrong.yaml"
    if "$schemas/kubernetes-validate" --strict "$scratch/wrong.yaml" >/dev/null 2>&1; then
        fail "a misspelt field is valid"
    else
        pass "a misspelt field is not valid"
    fi
    if command -v kubectl >/dev/null; then
        for folder in base overlays/two-sites; do
            holds "kustomize builds $folder" bash -c 'kubectl kustomize "$1" >"$2"' - "deploy/kubernetes/$folder" "$scratch/built.yaml"
            holds "$folder as built is what Kubernetes takes" "$schemas/kubernetes-validate" --strict "$scratch/built.yaml"
        done
        holds "each pod of the overlay has a profile" "$schemas/python" - "$scratch/built.yaml" <<'P'
import sys, tomllib, yaml

built = {(one["kind"], one["metadata"]["name"].rsplit("-", 1)[0] if one["kind"] == "ConfigMap" else one["metadata"]["name"]): one
         for one in yaml.safe_load_all(open(sys.argv[1]))}
config = tomllib.loads(built["ConfigMap", "gemini-doctor-config"]["data"]["config.toml"])
job = built["Job", "gemini-doctor-sites"]["spec"]
assert set(config["profile"]) == {f"site-{index}" for index in range(job["completions"])}, config
P
    else
        skip "kubectl is not installed, so that nothing was built with Kustomize"
    fi
else
    skip "the schemas of Kubernetes are not installed (.ci/run installs them)"
fi

# The arguments of the pods and of the unit are ones that the program has; a dry run opens no socket.
arguments=$scratch/arguments
python3 - >"$arguments" <<'P'
import pathlib, re

for file in ("cronjob", "sites-job"):
    lines = pathlib.Path(f"deploy/kubernetes/base/{file}.yaml").read_text().splitlines()
    begin = next(at for at, line in enumerate(lines) if line.strip() == "args:")
    words = []
    for line in lines[begin + 1:]:
        if not line.strip().startswith("- "):
            break
        words.append(line.strip()[2:].strip('"').replace("$(JOB_COMPLETION_INDEX)", "0")
                     .replace("/key/key", "key"))
    print(" ".join(words))
unit = pathlib.Path("deploy/systemd/gemini-doctor-watch.service").read_text().replace("\\\n", " ")
command = re.search(r"^ExecStart=/usr/local/bin/gemini-doctor (.*)$", unit, re.M)[1]
print(" ".join(command.replace("/etc/gemini-doctor/key", "key").replace("${GEMINI_DOCTOR_METRICS_FILE}", "metrics.prom")
               .replace("%L/gemini-doctor/", "").split()))
P
printf 'AQ.FAKE-key-for-the-gemini-doctor-simulator-0001\n' >"$scratch/empty/key"
if "$doctor" help watch >/dev/null 2>&1; then
    while read -r line; do
        read -ra words <<<"$line"
        holds "the program takes: $line" bare "GEMINI_DOCTOR_CONFIG=$PWD/deploy/kubernetes/base/config.toml" \
            "$doctor" "${words[@]}" --dry-run
        if [[ $line != *--metrics-listen-anywhere* ]]; then continue; fi
        read -ra words <<<"${line/--metrics-listen-anywhere/}"
        if bare "GEMINI_DOCTOR_CONFIG=$PWD/deploy/kubernetes/base/config.toml" \
            "$doctor" "${words[@]}" --dry-run >"$scratch/out" 2>&1; then
            fail "a dry run takes an address that the watch would refuse: ${words[*]}"
        else
            pass "a dry run refuses an address that the watch would refuse"
        fi
    done <"$arguments"
else
    skip "this build has no watch"
fi
rm "$scratch/empty/key"

# Prometheus: rules, their tests, and how the metrics come in. The queries of the dashboard are rules, too.
if command -v promtool >/dev/null; then
    holds "the rules are ones that Prometheus takes" promtool check rules deploy/prometheus/alerts.yml
    holds "each alert fires where it should" promtool test rules deploy/prometheus/alerts_test.yml
    alerts=$(grep -c -- '- alert:' deploy/prometheus/alerts.yml)
    fired=$(python3 - <<'P'
import pathlib, re
text = pathlib.Path("deploy/prometheus/alerts_test.yml").read_text()
print(len(set(re.findall(r"alertname: (\w+)\n\s+exp_alerts:\n", text))))
P
    )
    if [ "$fired" -eq "$alerts" ]; then
        pass "each of $alerts alerts has a test in which it fires"
    else
        fail "$fired of $alerts alerts have a test in which they fire"
    fi
    sed 's/> 0.05 unless/> 0.5 unless/' deploy/prometheus/alerts.yml >"$scratch/alerts.yml"
    cp deploy/prometheus/alerts_test.yml "$scratch"
    if promtool test rules "$scratch/alerts_test.yml" >/dev/null 2>&1; then
        fail "another threshold passes the tests"
    else
        pass "another threshold fails the tests"
    fi
    holds "machines.yml is what Prometheus takes" promtool check config deploy/prometheus/machines.yml
    if promtool check config deploy/prometheus/pods.yml >"$scratch/out" 2>&1; then
        pass "pods.yml is what Prometheus takes"
    elif grep -q 'kubernetes_sd_configs not found' "$scratch/out"; then
        skip "this Prometheus was built without Kubernetes, so that pods.yml was not read"
    else
        fail "pods.yml: $(tail -n 3 "$scratch/out" | tr '\n' ' ')"
    fi
    python3 - >"$scratch/queries.yml" <<'P'
import json

board = json.load(open("deploy/grafana/dashboard.json"))
queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
queries += [one["expr"] for one in board["annotations"]["list"]]
queries = [query.replace("$__rate_interval", "5m").replace("$site", ".*").replace("$model", ".*") for query in queries]
assert len(queries) >= 20 and not any("$" in query for query in queries), queries
rules = [{"record": f"query:{at}", "expr": query} for at, query in enumerate(queries)]
print(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
P
    holds "the dashboard's queries are ones that Prometheus takes" promtool check rules "$scratch/queries.yml"
else
    skip "promtool is not installed"
fi

# From a simulated fault to an alert that fires: a watch of an alias that breaks, a file, and a Prometheus that reads it.
if ! command -v prometheus >/dev/null; then
    skip "prometheus is not installed, so that no alert fired"
elif ! "$doctor" help watch 2>/dev/null | grep -q -- --metrics-file; then
    skip "this build has no watch that writes metrics"
else
    for scenario in alias-404 healthy; do
        metrics=$scratch/empty/$scenario.prom
        # Half an hour of the scenario's own time, which is seconds here; one that does not end by itself is ended.
        (cd "$scratch/empty" && timeout --kill-after=5 90 env -i PATH="$PATH" "$doctor" watch gemini-3.5-flash --every 60s \
            --for 30m --simulate "$scenario" --metrics-file "$metrics" </dev/null >"$scratch/out" 2>&1) || true
        if [ ! -s "$metrics" ]; then
            fail "the watch of $scenario wrote no metrics: $(tail -n 1 "$scratch/out")"
            continue
        fi
        mkdir "$scratch/$scenario"
        fires=$(python3 .ci/alerts.py prometheus deploy/prometheus/alerts.yml "$metrics" GeminiModelFailing \
            "$scratch/$scenario" 2>"$scratch/stderr" || true)
        case $scenario/$fires in
        alias-404/*"model=gemini-3.5-flash"*"site=here"*) pass "a simulated fault fires an alert: $fires" ;;
        healthy/) pass "a healthy simulation fires no such alert" ;;
        *) fail "$scenario: fired '$fires'; $(tail -n 1 "$scratch/stderr")" ;;
        esac
    done
fi

# The dashboard: JSON, each picture has a place of its own, and all of them fit the grid.
holds "the dashboard's pictures have places of their own" python3 - <<'P'
import json

panels = json.load(open("deploy/grafana/dashboard.json"))["panels"]
assert len({panel["id"] for panel in panels}) == len(panels)
taken = {}
for panel in panels:
    at = panel["gridPos"]
    assert at["x"] + at["w"] <= 24, panel["title"]
    assert panel["description"] and panel["targets"], panel["title"]
    for x in range(at["x"], at["x"] + at["w"]):
        for y in range(at["y"], at["y"] + at["h"]):
            assert (x, y) not in taken, f"{panel['title']} lies on {taken[x, y]}"
            taken[x, y] = panel["title"]
P

# systemd, with the program where it is.
if command -v systemd-analyze >/dev/null; then
    mkdir "$scratch/units"
    for unit in service timer; do
        sed "s|/usr/local/bin/gemini-doctor|$doctor|" "deploy/systemd/gemini-doctor-watch.$unit" \
            >"$scratch/units/gemini-doctor-watch.$unit"
    done
    chmod 644 "$scratch/units"/*
    if systemd-analyze verify "$scratch/units"/* >"$scratch/out" 2>&1 && [ ! -s "$scratch/out" ]; then
        pass "systemd finds nothing wrong with the units"
    elif grep -q 'Failed to \(connect\|initialize\|create\)' "$scratch/out"; then
        skip "systemd cannot look at units here: $(head -n 1 "$scratch/out")"
    else
        fail "systemd says: $(head -n 3 "$scratch/out" | tr '\n' ' ')"
    fi
else
    skip "systemd-analyze is not installed"
fi

# The workflow, by the published schema of workflows.
if [ -x "$schemas/check-jsonschema" ]; then
    holds "the workflow is what GitHub takes" "$schemas/check-jsonschema" \
        --builtin-schema vendor.github-workflows deploy/github/sites.yml
else
    skip "the schema of workflows is not installed (.ci/run installs it)"
fi

# The image: what rootfs.sh puts together is all that there is. Where docker cannot build, it is entered by itself.
root=$scratch/root
holds "a root file system is put together" sh deploy/rootfs.sh "$doctor" "$root"
enter=(chroot "$root")
if [ "$(id -u)" -ne 0 ]; then enter=(unshare --user --map-root-user chroot "$root"); fi
if "${enter[@]}" /gemini-doctor --version >"$scratch/out" 2>&1; then
    pass "the program starts where nothing else is: $(cat "$scratch/out")"
    code=0
    env -i PATH="$PATH" "${enter[@]}" /gemini-doctor doctor --simulate alias-404 >"$scratch/out" 2>&1 || code=$?
    if [ "$code" -eq 3 ]; then pass "it finds a simulated fault there"; else fail "it ended with $code: $(tail -n 2 "$scratch/out")"; fi
    # Names are looked up by parts of the C library that are loaded late; runtimes of containers bring the file of names.
    echo '127.0.0.1 probe.example' >"$root/etc/hosts"
    env -i PATH="$PATH" GEMINI_API_KEY=AQ.FAKE-key-for-the-gemini-doctor-simulator-0001 "${enter[@]}" /gemini-doctor check-key \
        --base-url https://probe.example:9 --format json >"$scratch/out" 2>/dev/null || true
    found=$(python3 -c '
import json, sys
rows = {row["id"]: row["status"] for row in json.load(open(sys.argv[1]))["checks"]}
print(rows.get("net.dns"), rows.get("net.tcp"))' "$scratch/out")
    if [ "$found" = "pass fail" ]; then pass "it looks names up there"; else fail "names and connections there: $found"; fi
    if find "$root" -type f -perm -u+x ! -name 'gemini-doctor' ! -name '*.so*' | grep -q .; then
        fail "there is another program in the image"
    else
        pass "there is no other program in the image ($(du -sh "$root" | cut -f1))"
    fi
else
    skip "a directory cannot be entered as a root here: $(tail -n 1 "$scratch/out")"
fi
if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
    if timeout 1500 docker build --quiet -f deploy/Dockerfile -t gemini-doctor:check . >"$scratch/out" 2>&1; then
        holds "the image runs" docker run --rm gemini-doctor:check --version
        docker image rm --force gemini-doctor:check >/dev/null 2>&1 || true
    elif grep -qiE 'pull|resolve|registry|network|no such host' "$scratch/out"; then
        skip "the base image cannot be had here: $(tail -n 1 "$scratch/out")"
    else
        fail "the image cannot be built: $(tail -n 2 "$scratch/out" | tr '\n' ' ')"
    fi
else
    skip "there is no docker that can build here; the same root file system was entered instead"
fi
end_of_check
