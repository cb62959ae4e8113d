"""A watch that tells a collector while it goes on: one that is quick, one that is slow, and one that never answers.

otlp_watch.py DOCTOR: a program that was built with the feature `otlp`. An hour is simulated, which passes in seconds.
"""
import json
import os
import subprocess
import sys
import threading
import time
from http.server import ThreadingHTTPServer

from otlp import Collector, judge, received

SECONDS = {"quick": 0, "slow": 0.5, "silent": 600}


def probes(request):
    """The calls that a message has counted, by how they ended, and since when."""
    metrics = [one for all in request.resource_metrics for scope in all.scope_metrics for one in scope.metrics]
    (points,) = [one.sum.data_points for one in metrics if one.name == "gemini_doctor_probes"]
    return sum(point.as_int for point in points), {point.start_time_unix_nano for point in points}


def spans(requests):
    return sum(len(scope.spans) for one in requests for all in one.resource_spans for scope in all.scope_spans)


def watched(kind):
    received.clear()
    over = threading.Event()
    paused = type("Paused", (Collector,), {"pause": lambda self: over.wait(SECONDS[kind])})
    server = ThreadingHTTPServer(("127.0.0.1", 0), paused)
    # Whoever was not waited for writes to nobody.
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    line = [sys.argv[1], "watch", "gemini-3.5-flash", "--for", "1h", "--simulate", "alias-404-for-a-while"]
    line += ["--otlp-endpoint", f"http://127.0.0.1:{server.server_port}", "--format", "json"]
    began = time.monotonic()
    run = subprocess.run(line, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False, timeout=300)
    took = time.monotonic() - began
    over.set()
    server.shutdown()
    return json.loads(run.stdout), took


def main():
    report, quick = watched("quick")
    calls = next(one["calls"] for one in report["data"]["targets"] if one["kind"] == "model")
    told = [probes(one) for one in received.get("/v1/metrics", [])]
    counts = [count for count, _ in told]
    judge("metrics arrive several times", len(told) >= 5, counts)
    judge("they are cumulative, and end with all calls", counts == sorted(counts) and counts[-1:] == [calls], counts)
    judge("all of them count since the same instant", len(set().union(*(since for _, since in told))) == 1, told)
    judge("each call is told of once", spans(received.get("/v1/traces", [])) == calls, calls)
    notes = [one["text"] for one in report["data"]["notes"]]
    judge("nothing is complained about", not notes, notes)

    report, slow = watched("slow")
    counts = [probes(one)[0] for one in received.get("/v1/metrics", [])]
    judge("a slow collector delays no look", slow < quick + 15, (quick, slow))
    judge("it gets fewer messages, and all counts in the end", len(counts) < 30 and counts[-1:] == [calls], counts)
    judge("and each call once all the same", spans(received.get("/v1/traces", [])) == calls, calls)

    report, silent = watched("silent")
    notes = [one["text"] for one in report["data"]["notes"]]
    judge("one that never answers delays the end by seconds", silent < quick + 10, (quick, silent))
    judge("and that is said", any("collector" in note for note in notes), notes)
    looks = report["data"]["looks"]
    judge("while every look was made", looks == 60, looks)


main()
