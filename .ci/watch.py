"""Watches on a pseudo-terminal and in real time: what is drawn, what is held open, what is noticed. Prints one
line a check, as tally.bash counts them. Usage: watch.py PROGRAM"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

DOCTOR = sys.argv[1]
KEY = "AQ.FAKE-key-for-the-gemini-doctor-simulator-0001"


def judge(name, good, why=""):
    print(f"{'ok      ' if good else 'FAILED  '} {name}{'' if good else ': ' + str(why)}", flush=True)


class Simulator:
    """A simulator in real time."""

    def __init__(self, folder):
        self.ca = os.path.join(folder, "ca.pem")
        self.said = open(os.path.join(folder, "simulator"), "w+", encoding="utf-8")
        line = [DOCTOR, "simulate", "healthy", "--listen", "127.0.0.1:0", "--for", "300", "--ca-out", self.ca]
        self.child = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=self.said)
        for _ in range(200):
            found = re.search(r"^note: base URL *(\S+)", open(self.said.name, encoding="utf-8").read(), re.M)
            if found and os.path.exists(self.ca):
                self.url = found.group(1)
                return
            time.sleep(0.1)
        raise SystemExit("FAILED   the simulator did not start")

    def line(self, *more):
        start = [DOCTOR, "watch", "gemini-3.5-flash", "--every", "1s", "--for", "5m", "--yes"]
        return [*start, "--base-url", self.url, "--ca-file", self.ca, *more]


def environment(**more):
    return {"PATH": os.environ["PATH"], "GEMINI_API_KEY": KEY, "TERM": "xterm", "LANG": "C.UTF-8", **more}


def on_a_terminal(columns, line, seconds, end):
    """What a terminal of so many columns is sent in so many seconds, and how the program ends then."""
    child, master = pty.fork()
    if child == 0:
        os.execve(line[0], line, environment())
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    sent, until = b"", time.monotonic() + seconds
    while time.monotonic() < until:
        if select.select([master], [], [], 0.1)[0]:
            try:
                sent += os.read(master, 65536)
            except OSError:
                break
    if end == "close":
        return sent, child, master
    os.kill(child, end)
    while True:
        try:
            more = os.read(master, 65536)
        except OSError:
            break
        if not more:
            break
        sent += more
    return sent.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), None


def screen(text):
    """The lines that stand on a screen in the end, as far as this program moves about."""
    lines, row = [""], 0
    for part in re.split(r"(\x1b\[\d*[AJKm]|\r|\n)", text):
        moved = re.fullmatch(r"\x1b\[(\d*)A", part)
        if moved:
            row = max(0, row - int(moved.group(1) or 1))
        elif part == "\x1b[J":
            del lines[row:]
            lines.append("")
        elif part == "\n":
            row += 1
            if row == len(lines):
                lines.append("")
        elif part and part != "\r" and not part.startswith("\x1b"):
            lines[row] += part
    return lines


def draws(simulator):
    for columns in (80, 50):
        text, code, _ = on_a_terminal(columns, simulator.line(), 6, signal.SIGTERM)
        name = f"{columns} columns"
        views = re.findall(r"watching for [^\r\n]*", text)
        judge(f"{name}: it draws again and again", len(views) >= 4, text)
        judge(f"{name}: it moves up and clears", text.count("\x1b[J") >= 3, text)
        wide = [line for line in re.split(r"[\r\n]+", text) if line.startswith("watching for") and len(line) > columns]
        judge(f"{name}: no line of it is wider", not wide, wide)
        left = [line for line in screen(text) if "next look in" in line]
        judge(f"{name}: nothing of it is left at the end", not left, left)
        judge(f"{name}: it ends with its report", code == 143 and "HEALTHY" in text, (code, text[-500:]))


def held(child):
    folder = f"/proc/{child}"
    handles = len(os.listdir(f"{folder}/fd"))
    memory = re.search(r"VmRSS:\s*(\d+)", open(f"{folder}/status", encoding="utf-8").read())
    return handles, int(memory.group(1))


def stays_small(simulator, folder):
    log = os.path.join(folder, "small.log")
    line = simulator.line("--log", log, "--log-max-size", "4k", "--format", "json")
    child = subprocess.Popen(line, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    time.sleep(4)
    seen = []
    for _ in range(4):
        time.sleep(2.5)
        seen.append(held(child.pid))
    handles = [one[0] for one in seen]
    judge("no handle is left behind", max(handles) <= min(handles) + 2, handles)
    memory = [one[1] for one in seen]
    judge("its memory stays as it is", memory[-1] < memory[0] * 1.1, memory)
    # A machine that sleeps, seen from the program: nothing goes on for a while.
    child.send_signal(signal.SIGSTOP)
    time.sleep(8)
    child.send_signal(signal.SIGCONT)
    time.sleep(3)
    child.terminate()
    report = json.loads(child.communicate()[0])
    notes = [note["text"] for note in report["data"]["notes"]]
    judge("a pause is told, and is no outage", any("no outage" in note for note in notes), notes)
    judge("looks that were missed are counted", report["data"]["looks_missed"] >= 5, report["data"]["looks_missed"])
    failed = [one["failed"] for one in report["data"]["targets"]]
    judge("nothing failed", not any(failed), failed)


def outlives_its_terminal(simulator, folder):
    log = os.path.join(folder, "closed.log")
    _, child, master = on_a_terminal(80, simulator.line("--log", log), 3, "close")
    os.close(master)
    time.sleep(1)
    before = len(open(log, encoding="utf-8").readlines())
    time.sleep(3)
    after = len(open(log, encoding="utf-8").readlines())
    judge("without its terminal it goes on logging", after > before, (before, after))
    os.kill(child, signal.SIGTERM)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    judge("and can be stopped", code == 143, code)
    _, child, master = on_a_terminal(80, simulator.line(), 3, "close")
    os.close(master)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    judge("without a log it ends with its terminal", code == 143, code)


def main():
    with tempfile.TemporaryDirectory() as folder:
        simulator = Simulator(folder)
        try:
            draws(simulator)
            if os.path.isdir("/proc/self/fd"):
                stays_small(simulator, folder)
            else:
                print("skipped: there is no /proc here to count handles in", flush=True)
            outlives_its_terminal(simulator, folder)
        finally:
            simulator.child.terminate()
            simulator.child.wait()


main()
