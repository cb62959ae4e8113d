"""A watch that is stopped and started anew, as Prometheus sees it. Prints one line a check, as tally.bash counts them.

    restart.py DOCTOR PROMETHEUS FOLDER

One port, one log and one textfile for both. Without a Prometheus (`-`) the client for Python reads both texts, and what
rate() makes of them is not judged.
"""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

DOCTOR, PROMETHEUS, FOLDER = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
KEY = "AQ.FAKE-key-for-the-gemini-doctor-simulator-0001"
ANSWERED = 'gemini_doctor_probes_total{outcome="answered"}'
FIRST, SECOND = 8, 4


def judge(what, good, why=""):
    print(f"ok       {what}" if good else f"FAILED   {what}: {why}", flush=True)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(what, is_there, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = is_there()
        if found:
            return found
        time.sleep(0.2)
    sys.exit(f"FAILED   it never came: {what}")


def fetch(url, accept="*/*"):
    try:
        request = urllib.request.Request(url, headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def simulator():
    ca, said = FOLDER / "ca.pem", open(FOLDER / "simulator", "w+", encoding="utf-8")
    line = [DOCTOR, "simulate", "healthy", "--listen", "127.0.0.1:0", "--for", "300", "--ca-out", ca]
    child = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=said)

    def url():
        return re.search(r"^note: base URL *(\S+)", pathlib.Path(said.name).read_text(encoding="utf-8"), re.M)

    return child, until("the simulator", lambda: ca.exists() and url()).group(1), ca


def watch(url, ca, port):
    line = [DOCTOR, "watch", "gemini-3.5-flash", "--every", "1s", "--for", "5m", "--yes", "--base-url", url]
    line += ["--ca-file", ca, "--metrics-listen", f"127.0.0.1:{port}", "--log", FOLDER / "w.log"]
    line += ["--metrics-file", FOLDER / "m.prom"]
    environment = {"PATH": os.environ["PATH"], "GEMINI_API_KEY": KEY}
    return subprocess.Popen(line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def answered(text):
    found = re.search(r'^gemini_doctor_probes_total\{[^}]*outcome="answered"[^}]*\} (\S+)', text, re.M)
    return float(found.group(1)) if found else 0


def watched(url, ca, port, answers):
    """Both texts of a watch that was given so many answers."""
    child = watch(url, ca, port)
    metrics = f"http://127.0.0.1:{port}/metrics"
    until(f"{answers} answers", lambda: answered(fetch(metrics)) >= answers)
    # Prometheus is to have seen that, too.
    time.sleep(1.5)
    text, file = fetch(metrics, "application/openmetrics-text;version=1.0.0"), (FOLDER / "m.prom").read_text()
    child.send_signal(signal.SIGTERM)
    child.wait()
    return text, file


def query(port, expression):
    url = f"http://127.0.0.1:{port}/api/v1/query?query={urllib.parse.quote(expression)}"
    found = json.loads(fetch(url) or '{"data": {"result": []}}')["data"]["result"]
    return [float(one["value"][1]) for one in found]


def prometheus(target):
    port = free_port()
    config = {
        "global": {"scrape_interval": "1s"},
        "scrape_configs": [{"job_name": "w", "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}],
    }
    (FOLDER / "prometheus.yml").write_text(json.dumps(config))
    line = [PROMETHEUS, f"--config.file={FOLDER / 'prometheus.yml'}", f"--storage.tsdb.path={FOLDER / 'tsdb'}"]
    child = subprocess.Popen([*line, f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
    until("Prometheus", lambda: fetch(f"http://127.0.0.1:{port}/-/ready"))
    return child, port


def judge_queries(port, counted):
    (resets,) = query(port, f"resets({ANSWERED}[5m])") or [None]
    judge("Prometheus sees one reset of the counter, and no more", resets == 1, resets)
    (changes,) = query(port, "changes(gemini_doctor_watch_start_timestamp_seconds[5m])") or [None]
    judge("Prometheus sees one new beginning", changes == 1, changes)
    (rate,) = query(port, f"rate({ANSWERED}[5m])") or [None]
    judge("rate() copes with it", rate is not None and rate > 0, rate)
    # What was counted before the first look that Prometheus had, and between its looks, is not in there.
    (grown,) = query(port, f"increase({ANSWERED}[5m])") or [None]
    judge("increase() is that of both", grown is not None and SECOND < grown < counted * 1.5, (grown, counted))
    series = query(port, f"count({ANSWERED})")
    judge("both are one series", series == [1], series)


def judge_texts(first, second):
    try:
        from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
    except ImportError:
        print("skipped: prometheus-client is not installed here, so that it did not read both texts", flush=True)
        return
    def samples(text):
        return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in parse(text) for one in family.samples}

    before, after = samples(first), samples(second)
    created = [key for key in before if key[0].endswith("_created")]
    judge("every counter says since when it counts", len(created) > 5, len(created))
    judge("and that is later after a restart", all(after[key] > before[key] for key in created if key in after))
    fell = {key[0] for key, value in before.items() if after.get(key, 0) < value}
    ends = ("_total", "_bucket", "_count", "_sum", "_ratio", "_verdict")
    judge("nothing but counters fell, shares, and a verdict that is not certain yet", all(name.endswith(ends) for name in fell), fell)


def main():
    server, url, ca = simulator()
    port, store = free_port(), None
    try:
        if PROMETHEUS != "-":
            store, queries = prometheus(port)
        first, first_file = watched(url, ca, port, FIRST)
        second, second_file = watched(url, ca, port, SECOND)
        both = [(answered(first), answered(second)), (answered(first_file), answered(second_file))]
        judge("counters begin anew, at the port and in the file", all(a > b >= 1 for a, b in both), both)
        judge_texts(first, second)
        if store:
            judge_queries(queries, sum(both[0]))
    finally:
        for child in filter(None, [store, server]):
            child.terminate()
            child.wait()


main()
