"""A small client of the Gemini API with one habit, for the exam: client.py HABIT."""

import http.client
import json
import os
import random
import ssl
import sys
import time
import urllib.parse

HABIT = sys.argv[1]
BASE = urllib.parse.urlparse(os.environ["GOOGLE_GEMINI_BASE_URL"])
TRUST = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
HEADERS = {"x-goog-api-key": os.environ["GEMINI_API_KEY"], "content-type": "application/json"}
BODY = json.dumps({"contents": [{"role": "user", "parts": [{"text": "Say hello."}]}]})
MODELS = ["gemini-3.5-flash", "gemini-3.5-flash-lite"]
PASSING = {429, 500, 503, 504}
MOST_REPEATS = 3


def connect():
    return http.client.HTTPSConnection(BASE.hostname, BASE.port, context=TRUST, timeout=30)


CONNECTION = connect()


def ask(model):
    path = f"/v1beta/models/{model}:generateContent"
    CONNECTION.request("POST", path, BODY, HEADERS)
    answer = CONNECTION.getresponse()
    return answer.status, answer.headers, answer.read()


def announced(headers, body):
    """The pause that the server asks for, in seconds."""
    after = headers.get("retry-after")
    if after:
        return float(after)
    if HABIT == "ignores-retry-info":
        return 0.0
    details = json.loads(body)["error"].get("details", [])
    delays = [one["retryDelay"] for one in details if "retryDelay" in one]
    return float(delays[0].rstrip("s")) if delays else 0.0


def wait(repeat, headers, body):
    own = min((0.5 if HABIT == "no-jitter" else 0.3) * 2**repeat, 2.0)
    if HABIT != "no-jitter":
        own *= random.uniform(0.5, 1.5)
    asked = announced(headers, body)
    time.sleep(own if asked == 0.0 else asked + own / 10)


def is_passing(status):
    return status in PASSING or (HABIT == "repeats-400" and status == 400)


def call(model):
    """The status that a call ends with, after its repeats."""
    repeat = 0
    while True:
        status, headers, body = ask(model)
        if status == 200 or not is_passing(status) or HABIT == "asks-once":
            return status
        if repeat >= MOST_REPEATS and HABIT != "no-cap":
            return status
        wait(repeat, headers, body)
        repeat += 1


def main():
    models = MODELS[:1] if HABIT in ("no-fallback", "asks-once") else MODELS
    statuses = [0]
    for model in models:
        statuses.append(call(model))
        if statuses[-1] in (200, 400, 401, 403):
            break
    sys.exit(0 if statuses[-1] == 200 else 1)


main()
