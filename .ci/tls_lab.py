"""Real TLS servers on loopback, as tests/tls/cases.toml and others describe them: started, waited for, and stopped.

It knows how each program is configured, and must not know what is right or wrong with it."""

import contextlib
import datetime
import email.utils
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests" / "tls"
HOST = "generativelanguage.googleapis.com"
# How long a server may take until it listens. Those in Python load much.
PATIENCE = 20
# The directories of virtual environments, in which .ci/run installs what no distribution has.
ENVIRONMENTS = ROOT / "target" / "checks"


class Skipped(Exception):
    """Something that this machine lacks."""


class Lab:
    """A directory with certificates, and every process that was started for it."""

    def __init__(self, scratch):
        self.scratch = pathlib.Path(scratch)
        self.certificates = self.scratch / "certificates"
        self.processes = set()
        self.lock = threading.Lock()
        self.stopped = False
        subprocess.run([sys.executable, TESTS / "certificates.py", self.certificates], check=True)

    def start(self, words, log, **more):
        with self.lock:
            if self.stopped:
                raise Skipped("the run was stopped")
            process = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=subprocess.STDOUT, start_new_session=True, **more)
            self.processes.add(process)
        return process

    def stop(self, process):
        """With all that it has started itself."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.processes.discard(process)

    def stop_all(self):
        with self.lock:
            self.stopped = True
        for process in list(self.processes):
            self.stop(process)

    @contextlib.contextmanager
    def servers(self, wanted):
        """Starts them in their order; gives back the words that stand for their places."""
        with contextlib.ExitStack() as stack:
            directory = stack.enter_context(tempfile.TemporaryDirectory(dir=self.scratch))
            # A server that gives up its rights must still be able to enter.
            os.chmod(directory, 0o755)
            words = {"certs": str(self.certificates), "root": str(self.certificates / "root.pem"), "later": later()}
            for server in wanted:
                stack.enter_context(self.server(pathlib.Path(directory), server, words))
            yield words

    @contextlib.contextmanager
    def server(self, directory, server, words):
        name = server.get("name", "server")
        home = directory / name
        home.mkdir(mode=0o755)
        process = self.listening(home, server, words, name)
        try:
            yield
        finally:
            self.stop(process)

    def listening(self, home, server, words, name):
        """Somebody else may take a port that was free a moment ago; then another one is tried."""
        bind = server.get("bind", "127.0.0.1")
        for _ in range(1 if "port" in server else 3):
            port = server.get("port") or free_port(bind)
            words.update(place(name, bind, port))
            with open(home / "log", "ab") as log:
                command = PROGRAMS[server["program"]](self, home, server, words, bind, port)
                process = self.start(command, log, env={**os.environ, "HOME": str(home), "TMPDIR": str(home)})
            if until_listening(process, bind, port) and until_ready(server, bind, port):
                return process
            self.stop(process)
        said = (home / "log").read_text(errors="replace").strip()
        if said and "port" in server and "ermission denied" in said:
            raise Skipped(f"port {server['port']} is not ours to open")
        raise RuntimeError(f"{server['program']} does not listen: {said[-300:]}")


def later():
    """What a server's clock shows ten years from now."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3650)
    return email.utils.format_datetime(moment, usegmt=True)


def place(name, bind, port):
    return {name: f"[{bind}]:{port}" if ":" in bind else f"{bind}:{port}", f"{name}_port": str(port)}


@contextlib.contextmanager
def laboratory():
    """A lab of its own, that leaves nothing behind, also when it is told to stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda which, _: sys.exit(128 + which))
    scratch = tempfile.mkdtemp()
    os.chmod(scratch, 0o711)
    lab = None
    try:
        lab = Lab(scratch)
        yield lab
    finally:
        if lab:
            lab.stop_all()
        shutil.rmtree(scratch, ignore_errors=True)


def free_port(bind="127.0.0.1"):
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with contextlib.closing(socket.socket(family)) as one:
        try:
            one.bind((bind, 0))
        except OSError as why:
            raise Skipped(f"{bind} is not an address of this machine: {why.strerror}") from why
        return one.getsockname()[1]


def until_listening(process, bind, port):
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection((bind, port), timeout=1):
            # Who holds the port may be another one, whom ours has found there.
            time.sleep(0.05)
            return process.poll() is None
        time.sleep(0.02)
    return False


def until_ready(server, bind, port):
    """Caddy listens before its own CA has signed."""
    if server["program"] != "caddy":
        return True
    # What is looked for is any certificate at all.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection((bind, port), timeout=2) as connection:
            with context.wrap_socket(connection, server_hostname=HOST):
                return True
        time.sleep(0.05)
    return False


def program(name):
    """Where it is; some are in virtual environments of the checks."""
    for candidate in (ENVIRONMENTS / "mitmproxy" / "bin" / name, ENVIRONMENTS / "sslyze" / "bin" / name):
        if candidate.exists():
            return str(candidate)
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        raise Skipped(f"{name} is not installed")
    return found


def needed(server):
    """Raises what is missing, before anything is started."""
    if server["program"] == "modern":
        modern_python()
    elif server["program"] != "wire":
        program({"mitmproxy": "mitmdump"}.get(server["program"], server["program"]))


def modern_python():
    python = ENVIRONMENTS / "pyopenssl" / "bin" / "python"
    if not python.exists():
        raise Skipped("pyOpenSSL is not installed in target/checks/pyopenssl")
    return python


# One function a program: gives back the words that start it.


def nginx(lab, home, server, words, bind, port):
    lines = "\n".join(server.get("lines", ())).format(**words)
    others = "\n".join(server.get("others", ())).format(**words)
    user = f"user {os.environ.get('USER', 'root')};" if os.geteuid() == 0 else ""
    places = "".join(f"{kind}_temp_path {home}/{kind};\n"
                     for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    protocols = "http2" if server.get("http2", True) else ""
    default = server.get("default", "")
    chain = lab.certificates / server["chain"]
    (home / "nginx.conf").write_text(f"""{user}
daemon off; master_process off; worker_processes 1;
pid {home}/pid; error_log {home}/error.log warn;
events {{ worker_connections 256; }}
http {{
{places} access_log off; default_type application/json;
ssl_protocols TLSv1.2 TLSv1.3;
{others}
server {{ listen {words[server.get('name', 'server')]} ssl {protocols} {default}; server_name {HOST} localhost;
ssl_certificate {chain}.pem; ssl_certificate_key {chain}.key;
{lines}
location / {{ return 200 '{{}}'; }} }}
}}
""")
    return [program("nginx"), "-e", home / "error.log", "-p", home, "-c", home / "nginx.conf"]


def openssl(lab, home, server, words, bind, port):
    chain = lab.certificates / server["chain"]
    rest = pathlib.Path(f"{chain}.rest.pem")
    options = [option.format(**words) for option in server.get("options", ())]
    return ["openssl", "s_server", "-accept", words[server.get("name", "server")], "-quiet", "-www",
            "-cert", f"{chain}.leaf.pem", "-key", f"{chain}.key",
            *(["-cert_chain", rest] if rest.stat().st_size else []), *options]


def haproxy(lab, home, server, words, bind, port):
    answer = "http-request return status 200 content-type application/json string {}"
    options = server.get("bind_options", "").format(**words)
    (home / "haproxy.cfg").write_text(f"""
defaults
    mode http
    timeout client 20s
    timeout server 20s
    timeout connect 5s
frontend tls
    bind {bind}:{port} ssl crt {lab.certificates / server['chain']}.both.pem {options}
    {answer}
""")
    return [program("haproxy"), "-db", "-f", home / "haproxy.cfg"]


def caddy(lab, home, server, words, bind, port):
    chain = lab.certificates / server.get("chain", "good")
    what = server.get("tls", f"{chain}.pem {chain}.key")
    lines = "\n".join(server.get("lines", ())).format(**words)
    (home / "Caddyfile").write_text(f"""{{
    admin off
    skip_install_trust
    auto_https disable_redirects
    storage file_system {home}/storage
}}
https://{HOST}:{port} {{
    bind {bind}
    tls {what} {{
        {lines}
    }}
    header Content-Type application/json
    respond "{{}}"
}}
""")
    return [program("caddy"), "run", "--config", home / "Caddyfile", "--adapter", "caddyfile"]


def mitmproxy(lab, home, server, words, bind, port):
    """As a proxy that is named, or in the place of a server; it goes on to nobody unless it is asked."""
    options = [option.format(**words) for option in server.get("options", ())]
    return [program("mitmdump"), "--quiet", "--listen-host", bind, "--listen-port", port, "--set",
            f"confdir={server.get('home', home / 'mitmproxy')}".format(**words),
            "--set", "connection_strategy=lazy", *options]


def tinyproxy(lab, home, server, words, bind, port):
    lines = [f"Port {port}", f"Listen {bind}", "Allow 127.0.0.1", "Timeout 20", "MaxClients 20",
             f'LogFile "{home}/tinyproxy.log"', "LogLevel Connect", *server.get("lines", ())]
    (home / "filter").write_text("^allowed\\.example$\n")
    (home / "tinyproxy.conf").write_text("\n".join(lines).format(home=home, **words) + "\n")
    return [program("tinyproxy"), "-d", "-c", home / "tinyproxy.conf"]


def wire(lab, home, server, words, bind, port, python=sys.executable):
    does = [word.format(**words) for word in server["does"]]
    return [python, TESTS / "wire.py", "--bind", bind, port, "--", *does]


def modern(lab, home, server, words, bind, port):
    chain = lab.certificates / server["chain"]
    does = {"does": ["modern", f"{chain}.pem", f"{chain}.key"]}
    return wire(lab, home, does, words, bind, port, modern_python())


PROGRAMS = {"nginx": nginx, "openssl": openssl, "haproxy": haproxy, "caddy": caddy, "mitmproxy": mitmproxy,
            "tinyproxy": tinyproxy, "wire": wire, "modern": modern}
