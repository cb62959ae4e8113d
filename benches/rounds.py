"""What benchmarks have in common: an nginx, what a program costs, and a far server.

It must not know what is compared, nor what a good figure is."""

import contextlib
import ctypes
import fcntl
import heapq
import itertools
import os
import select
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time

TIME = "/usr/bin/time"
CLIENT_ADDRESS, SERVER_ADDRESS = "10.77.0.2", "10.77.0.1"
# From linux/sched.h, linux/if_tun.h.
CLONE_NEWNET, TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x40000000, 0x400454CA, 0x0001, 0x1000


# What a program costs


class Spent:
    """One run: how it ended, what it said, and what it took of wall time, processor time and memory."""

    def __init__(self, status, said, complained, wall, processor, memory):
        self.status, self.said, self.complained = status, said, complained
        self.wall, self.processor, self.memory = wall, processor, memory


def spent(scratch, words, environment):
    """Processor time is that of all its processes, memory in MiB that of the largest."""
    words = [str(word) for word in [TIME, "-q", "-f", "%M", "-o", scratch / "memory", *words]]
    with open(scratch / "said", "w+b") as said, open(scratch / "complained", "w+b") as complained:
        streams = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                   (os.POSIX_SPAWN_DUP2, said.fileno(), 1), (os.POSIX_SPAWN_DUP2, complained.fileno(), 2)]
        began = time.monotonic()
        child = os.posix_spawn(words[0], words, environment, file_actions=streams)
        _, status, usage = os.wait4(child, 0)
        wall = time.monotonic() - began
        said.seek(0)
        complained.seek(0)
        memory = int((scratch / "memory").read_text().split()[-1]) / 1024
        return Spent(os.waitstatus_to_exitcode(status), said.read().decode(errors="replace"),
                     complained.read().decode(errors="replace"), wall, usage.ru_utime + usage.ru_stime, memory)


# A far server


def why_no_namespaces():
    if not os.path.exists("/dev/net/tun"):
        return "there is no /dev/net/tun to put a relay between network namespaces"
    tried = subprocess.run(["unshare", "--net", "true"], capture_output=True, text=True, check=False)
    return f"network namespaces are not allowed: {tried.stderr.strip()}" if tried.returncode != 0 else None


def inside(process):
    return ["nsenter", "--net", "--target", process.pid, "--"]


@contextlib.contextmanager
def namespaces(round_trip):
    """Two of them, each held by a process, and a relay between them."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(namespace()) for _ in range(2)]
        ends = [tunnel(held[0], CLIENT_ADDRESS), tunnel(held[1], SERVER_ADDRESS)]
        Relay(*ends, round_trip / 2).start()
        yield held


@contextlib.contextmanager
def namespace():
    process = subprocess.Popen(["unshare", "--net", "sleep", "3600"])
    try:
        ours = os.stat("/proc/self/ns/net").st_ino
        until = time.monotonic() + 10
        while os.stat(f"/proc/{process.pid}/ns/net").st_ino == ours and time.monotonic() < until:
            time.sleep(0.01)
        yield process
    finally:
        process.kill()
        process.wait()


def tunnel(process, address):
    """The end, in our hands, of a network device in the namespace of a process."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/proc/{process.pid}/ns/net", os.O_RDONLY)
    enter(there)
    try:
        end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", b"far", IFF_TUN | IFF_NO_PI))
        for words in (f"ip addr add {address}/24 dev far", "ip link set far up txqueuelen 2000", "ip link set lo up"):
            subprocess.run(words.split(), check=True)
    finally:
        enter(home)
        os.close(there)
        os.close(home)
    return end


def enter(namespace_file):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace_file, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class Relay(threading.Thread):
    """Passes packets on after a while."""

    def __init__(self, near, distant, delay):
        super().__init__(daemon=True)
        self.across = {near: distant, distant: near}
        self.delay = delay
        self.travelling, self.came = [], itertools.count()

    def run(self):
        with contextlib.suppress(OSError):
            # Its own thread alone, and only where that is allowed.
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(5))
        while True:
            readable, _, _ = select.select(list(self.across), [], [], self.patience())
            for end in readable:
                self.receive(end)
            self.deliver()

    def patience(self):
        return max(self.travelling[0][0] - time.monotonic(), 0) if self.travelling else None

    def receive(self, end):
        with contextlib.suppress(BlockingIOError):
            while True:
                packet = os.read(end, 65536)
                arrives = time.monotonic() + self.delay
                heapq.heappush(self.travelling, (arrives, next(self.came), self.across[end], packet))

    def deliver(self):
        while self.travelling and self.travelling[0][0] <= time.monotonic():
            *_, end, packet = heapq.heappop(self.travelling)
            with contextlib.suppress(OSError):
                os.write(end, packet)


# The server


@contextlib.contextmanager
def nginx(scratch, listen, answer, enter=()):
    """An nginx that gives one answer to all, and keeps connections."""
    certificates(scratch)
    (scratch / "nginx.conf").write_text(configuration(scratch, listen, answer))
    words = [*enter, "nginx", "-e", scratch / "error.log", "-p", scratch, "-c", scratch / "nginx.conf"]
    process = subprocess.Popen([str(word) for word in words], stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 10
        while not (scratch / "pid").exists() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.2)
        if process.poll() is not None:
            sys.exit(f"nginx did not start: {(scratch / 'error.log').read_text()}")
        yield
    finally:
        process.terminate()
        process.wait()


def configuration(scratch, listen, answer):
    places = "".join(f"{kind}_temp_path {scratch}/{kind};\n"
                     for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = f"user {os.environ.get('USER', 'root')};" if os.geteuid() == 0 else ""
    return f"""{user}
daemon off; master_process off; worker_processes 1;
pid {scratch}/pid; error_log {scratch}/error.log warn;
events {{ worker_connections 512; }}
http {{
{places} access_log off; keepalive_requests 100000000; keepalive_timeout 300s; default_type application/json;
ssl_certificate {scratch}/leaf.pem; ssl_certificate_key {scratch}/leaf.key; ssl_protocols TLSv1.2 TLSv1.3;
server {{ listen {listen} ssl http2; location / {{ return 200 '{answer}'; }} }}
}}
"""


def certificates(scratch):
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = f"subjectAltName=IP:127.0.0.1,IP:{SERVER_ADDRESS}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"
    (scratch / "leaf.ext").write_text(names)
    openssl(scratch, "req", "-x509", *curve, "-days", "2", "-keyout", "ca.key", "-out", "ca.pem", "-subj",
            "/CN=Benchmark CA", "-addext", "basicConstraints=critical,CA:TRUE", "-addext",
            "keyUsage=critical,keyCertSign,cRLSign")
    openssl(scratch, "req", "-new", *curve, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=loopback")
    openssl(scratch, "x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
            "2", "-extfile", "leaf.ext", "-out", "leaf.pem")


def openssl(scratch, *words):
    subprocess.run(["openssl", *words], cwd=scratch, check=True, capture_output=True)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


# Figures


def spread(figures, form):
    """The median, the least and the most."""
    return f"{statistics.median(figures):{form}} ({min(figures):{form}} to {max(figures):{form}})"
