"""Lets a Prometheus scrape a file of metrics, and says which alerts fire.

    alerts.py PROMETHEUS RULES METRICS ALERT FOLDER

Prints each time that ALERT fires as `ALERT LABEL=VALUE …`; nothing where it does not within so many seconds.
"""

import http.server
import json
import pathlib
import socket
import subprocess
import sys
import threading
import time
import urllib.request

PATIENCE = 20


def serve(metrics):
    """The file, as an exporter gives it out."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = pathlib.Path(metrics).read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def firing(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/alerts", timeout=5) as answer:
            alerts = json.load(answer)["data"]["alerts"]
    except OSError:
        return []
    return [one["labels"] for one in alerts if one["state"] == "firing"]


def main(prometheus, rules, metrics, alert, folder):
    folder, port = pathlib.Path(folder), free_port()
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(pathlib.Path(rules).resolve())],
        "scrape_configs": [{
            "job_name": "gemini-doctor",
            "static_configs": [{"targets": [f"127.0.0.1:{serve(metrics)}"], "labels": {"site": "here"}}],
        }],
    }
    (folder / "prometheus.yml").write_text(json.dumps(config))
    command = [prometheus, f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'tsdb'}"]
    command += [f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]
    with subprocess.Popen(command) as child:
        try:
            until = time.monotonic() + PATIENCE
            found = []
            while not found and time.monotonic() < until and child.poll() is None:
                time.sleep(0.5)
                found = [one for one in firing(port) if one["alertname"] == alert]
            for labels in found:
                rest = " ".join(f"{name}={value}" for name, value in sorted(labels.items()) if name != "alertname")
                print(labels["alertname"], rest)
        finally:
            child.terminate()


main(*sys.argv[1:])
