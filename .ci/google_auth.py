#!/usr/bin/env python3
"""Holds logins to the cloud platform against Google's own library, on one simulated Google.

Takes the path of the program. Where google-auth gets a token the program must get the same one, and where it is
refused the program must be refused with the same words. Statements that the program signs are checked by PyJWT with
a key of cryptography's making. Prints `ok`, `FAILED` or `skipped:` a case; nothing leaves this machine.
"""

import contextlib
import hashlib
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
HOSTS = [
    "aiplatform.googleapis.com", "oauth2.googleapis.com", "sts.googleapis.com",
    "iamcredentials.googleapis.com", "login.example",
]

# Scenario, and the words of the refusal; none where both must get a token.
CASES = [
    ("vertex", None),
    ("vertex.user", None),
    ("vertex.impersonated", None),
    ("vertex.delegated", None),
    ("vertex.external-file", None),
    ("vertex.external-url", None),
    ("vertex.metadata", None),
    ("oauth-invalid-grant", "Token has been expired or revoked"),
    # The library has words of its own for this one.
    ("adc-reauth-required", "eauth"),
    ("service-account-key-deleted", "Invalid JWT Signature"),
    ("service-account-gone", "account not found"),
    ("oauth-client-deleted", "The OAuth client was deleted"),
    ("adc-clock-skewed", "in a reasonable timeframe"),
    ("token-audience-wrong.proof", "does not match the expected audience"),
    ("workload-proof-expired", "is stale to sign-in"),
    ("impersonation-denied", "iam.serviceAccounts.getAccessToken"),
    ("impersonation-denied.workload", "iam.serviceAccounts.getAccessToken"),
    ("metadata-without-account", ""),
    ("adc-missing", ""),
    ("adc-file-unusable", ""),
    ("adc-json-corrupt", ""),
    ("adc-json-corrupt.field", ""),
    ("adc-private-key-damaged", ""),
    ("adc-private-key-damaged.cut", ""),
    ("adc-wrong-file", ""),
]

# Google's library in a process of its own: it reads the environment when it is imported.
ASK = r"""
import json, socket, sys
port, hosts, ca = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3]
real = socket.getaddrinfo
def lead(host, at, *rest, **named):
    if host in hosts:
        host, at = "127.0.0.1", port
    elif host not in ("127.0.0.1", "localhost"):
        raise socket.gaierror(f"{host} is not asked for here")
    return real(host, at, *rest, **named)
socket.getaddrinfo = lead
import google.auth, google.auth.transport.requests, requests
session = requests.Session()
session.verify = ca
request = google.auth.transport.requests.Request(session)
try:
    credentials, project = google.auth.default(scopes=["%s"], request=request)
    credentials.refresh(request)
    print(json.dumps({"token": credentials.token, "project": project}))
except Exception as error:
    print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
""" % SCOPE


def main():
    program = os.path.abspath(sys.argv[1])
    failed = False
    for case in CASES:
        failed |= not told(f"{case[0]}: google-auth and the program agree", compare, program, *case)
    for name, check in [("exchanged", exchanged), ("shown as a token", shown)]:
        failed |= not told(f"PyJWT takes the statement that is {name}", check, program)
    sys.exit(failed)


def told(name, check, *arguments):
    try:
        wrong = check(*arguments)
    except Exception as error:  # A check that breaks has shown nothing.
        wrong = f"{type(error).__name__}: {error}"
    print(f"FAILED   {name}: {wrong}" if wrong else f"ok       {name}", flush=True)
    return not wrong


def compare(program, scenario, refusal):
    with simulation(program, scenario) as world:
        theirs = by_google(world)
        ours = by_program(program, world)
        row = {row["id"]: row for row in ours["checks"]}.get("adc.token", {})
        if refusal is None:
            return same_token(theirs, row, world)
    if "error" not in theirs:
        return f"google-auth got a token where a refusal was due: {row}"
    if row.get("status") == "pass":
        return f"the program got a token, and google-auth did not: {theirs['error']}"
    details = " ".join(check["detail"] for check in ours["checks"])
    for who, words in [("google-auth", theirs["error"]), ("the program", details)]:
        if refusal not in words:
            return f"{who} does not say {refusal!r}: {words[:400]}"
    return None


def same_token(theirs, row, world):
    if row.get("status") != "pass":
        return f"the program got no token: {row}; google-auth: {theirs}"
    if "token" not in theirs:
        return f"google-auth got no token: {theirs}"
    finger = "sha256:" + hashlib.sha256(theirs["token"].encode()).hexdigest()[:8]
    with open(world["log"], encoding="utf-8") as log:
        seen = [json.loads(line) for line in log]
    shown_to_api = {one["key"] for one in seen if "publishers/google" in one["path"]}
    if shown_to_api != {finger}:
        return f"the API saw {shown_to_api}, and google-auth got {finger}"
    return None


def by_google(world):
    arguments = [sys.executable, "-c", ASK, str(world["port"]), json.dumps(HOSTS), world["ca"]]
    environment = {"PATH": os.environ["PATH"], "HOME": world["home"], **world["variables"]}
    address = world["variables"].get("GCE_METADATA_HOST")
    if address:
        environment["GCE_METADATA_IP"] = address
    else:
        environment["NO_GCE_CHECK"] = "True"
    ran = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=120)
    lines = ran.stdout.strip().splitlines()
    return json.loads(lines[-1]) if lines else {"error": ran.stderr[-400:]}


def by_program(program, world):
    arguments = [program, "check-key", "--deep", "--api", "vertex", "--format", "json"]
    arguments += ["--ca-file", world["ca"]]
    for host in HOSTS:
        arguments += ["--resolve", f"{host}:443:127.0.0.1:{world['port']}"]
    environment = {"PATH": os.environ["PATH"], "HOME": world["home"], **world["variables"]}
    # Nobody is there, and nobody outside of this machine may be asked.
    environment.setdefault("GCE_METADATA_HOST", "127.0.0.1:9")
    return run(arguments, environment)


def run(arguments, environment):
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            arguments, env=environment, cwd=folder, capture_output=True, text=True, timeout=120
        )
    return json.loads(ran.stdout)


@contextlib.contextmanager
def simulation(program, scenario):
    with tempfile.TemporaryDirectory() as folder:
        world = {"home": folder, "ca": f"{folder}/ca.pem", "log": f"{folder}/log", "variables": {}}
        arguments = [program, "simulate", scenario, "--listen", "127.0.0.1:0"]
        arguments += ["--ca-out", world["ca"], "--log", world["log"], "--for", "100"]
        child = subprocess.Popen(
            arguments, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        try:
            for line in child.stderr:
                words = line.split()
                if "base" in words:
                    world["port"] = int(line.rsplit(":", 1)[1])
                if "variable" in words:
                    name, _, value = words[-1].partition("=")
                    world["variables"][name] = value
                if "CA" in words:
                    break
            yield world
        finally:
            child.terminate()
            child.wait(timeout=30)


class Listener(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent, and answers with a token that nobody takes."""

    seen = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        self.seen.append((self.path, dict(self.headers), body))
        self.answer(200, {"access_token": "ya29.FAKE-token-of-a-check", "expires_in": 60})

    def do_GET(self):
        self.seen.append((self.path, dict(self.headers), ""))
        error = {"code": 401, "message": "no", "status": "UNAUTHENTICATED"}
        self.answer(401, {"error": error})

    def answer(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def listener():
    Listener.seen = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()


def signed(program, more):
    """The public key, and what was sent to two listeners in one run with a key of cryptography's."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with listener() as port, tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/login.json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump({
                "type": "service_account", "project_id": "check-project", "private_key_id": "FAKE-1",
                "private_key": pem.decode(), "client_email": "check@check-project.example.com",
                "token_uri": f"http://127.0.0.1:{port}/token",
            }, file)
        os.chmod(path, 0o600)
        base = f"http://127.0.0.1:{port}"
        arguments = [program, "check-key", "--api", "vertex", "--format", "json"]
        arguments += ["--credentials", path, "--base-url", base, *more]
        run(arguments, {"PATH": os.environ["PATH"], "HOME": folder})
        return key.public_key(), list(Listener.seen)


def exchanged(program):
    import jwt

    public, seen = signed(program, ["--deep"])
    bodies = [urllib.parse.parse_qs(body) for path, _, body in seen if path == "/token"]
    if not bodies:
        return f"nothing was exchanged: {[path for path, *_ in seen]}"
    statement = bodies[0]["assertion"][0]
    claims = jwt.decode(
        statement, public, algorithms=["RS256"], audience="https://oauth2.googleapis.com/token"
    )
    return of_claims(claims, jwt.get_unverified_header(statement), {"iss", "scope", "iat", "exp", "aud"})


def shown(program):
    import jwt

    public, seen = signed(program, [])
    bearers = [headers.get("authorization", "") for path, headers, _ in seen if "publishers" in path]
    if not bearers:
        return f"nothing was shown: {[path for path, *_ in seen]}"
    statement = bearers[0].removeprefix("Bearer ")
    claims = jwt.decode(statement, public, algorithms=["RS256"])
    wrong = of_claims(claims, jwt.get_unverified_header(statement), {"iss", "sub", "scope", "iat", "exp"})
    return wrong or (None if claims["sub"] == claims["iss"] else f"sub is {claims['sub']}")


def of_claims(claims, header, members):
    if header != {"alg": "RS256", "typ": "JWT", "kid": "FAKE-1"}:
        return f"the header is {header}"
    if set(claims) != members or claims["scope"] != SCOPE:
        return f"the claims are {claims}"
    if claims["iss"] != "check@check-project.example.com":
        return f"it is stated by {claims['iss']}"
    if claims["exp"] - claims["iat"] != 3600 or abs(claims["iat"] - time.time()) > 60:
        return f"its times are {claims['iat']} and {claims['exp']}"
    return None


if __name__ == "__main__":
    main()
