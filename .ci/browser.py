"""Looks at pages in a headless Chromium over its debugging pipe, without packages.

    browser.py CHROMIUM PROFILE FOLDER

Prints `ok` or `FAILED` a line, and `cannot start` where there is no browser to ask. Pages that are
made here to be wrong must be found wrong, or nothing else counts.
"""

import base64
import fcntl
import json
import os
import pathlib
import select
import struct
import subprocess
import sys
import time
import zlib

WIDTHS = (400, 1400)
SCHEMES = ("light", "dark")
PATIENCE = 30

# What the page says of itself: its width, its words, and letters that are small, cut off or covered.
LOOK = """(() => {
  const shown = (one) => one.getClientRects().length > 0;
  const texts = [...document.querySelectorAll('svg text')].filter(shown);
  const boxes = texts.map((one) => ({what: one.textContent, box: one.getBoundingClientRect(),
    svg: one.ownerSVGElement.getBoundingClientRect()}));
  const cut = boxes.filter(({box, svg}) => box.left < svg.left - 1 || box.right > svg.right + 1);
  const covered = [];
  boxes.forEach((one, at) => boxes.slice(at + 1).forEach((other) => {
    const [a, b] = [one.box, other.box];
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 2 && b.top < a.bottom - 2)
      covered.push(one.what + ' / ' + other.what);
  }));
  const words = [...document.querySelectorAll('h1, h2, h3, p, dt, dd, td, th, pre, text, figcaption, li')];
  const sizes = words.filter(shown).map((one) => parseFloat(getComputedStyle(one).fontSize));
  return {
    page: document.documentElement.scrollWidth, window: window.innerWidth,
    text: document.body.innerText, cut: cut.map((one) => one.what), covered,
    smallest: Math.min(99, ...sizes), pictures: document.querySelectorAll('svg[role=img]').length,
    named: [...document.querySelectorAll('svg[role=img]')].every((one) =>
      one.getAttribute('aria-labelledby').split(' ').every((id) => document.getElementById(id).textContent)),
  };
})()"""


class Browser:
    """One Chromium, one page, and what happened to it."""

    def __init__(self, program, profile):
        to_browser, self.writer = (self.high(end) for end in os.pipe())
        self.reader, from_browser = (self.high(end) for end in os.pipe())

        def as_it_wants_them():
            os.dup2(to_browser, 3)
            os.dup2(from_browser, 4)

        options = ["--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run"]
        options += ["--disable-background-networking", "--disable-dev-shm-usage", "--hide-scrollbars"]
        options += [f"--user-data-dir={profile}"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
        self.process = subprocess.Popen(
            [program, *options, "about:blank"],
            preexec_fn=as_it_wants_them,
            pass_fds=(3, 4),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.left, self.session, self.events = 0, b"", None, []

    @staticmethod
    def high(end):
        """A descriptor that is neither 3 nor 4."""
        moved = fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10)
        os.close(end)
        return moved

    def open(self):
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self.session = session["sessionId"]
        for part in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{part}.enable")

    def ask(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def next(self):
        until = time.monotonic() + PATIENCE
        while b"\0" not in self.left:
            ready, _, _ = select.select([self.reader], [], [], max(0, until - time.monotonic()))
            more = os.read(self.reader, 1 << 16) if ready else b""
            if not more:
                raise RuntimeError("the browser does not answer")
            self.left += more
        one, self.left = self.left.split(b"\0", 1)
        return json.loads(one)

    def visit(self, url, width, scheme):
        """Loads a page; what it asked for and what it complained of are its events."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.ask("Emulation.setEmulatedMedia", features=features)
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        self.ask("Page.navigate", url="about:blank")
        self.settle()
        self.events.clear()
        self.ask("Page.navigate", url=url)
        self.settle()
        return self.ask("Runtime.evaluate", expression=LOOK, returnByValue=True)["result"]["value"]

    def settle(self):
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.next())
        # What is asked for late comes before the answer to this.
        wait = "new Promise((done) => setTimeout(done, 150))"
        self.ask("Runtime.evaluate", expression=wait, awaitPromise=True)

    def asked_for(self):
        sent = [one for one in self.events if one.get("method") == "Network.requestWillBeSent"]
        return [one["params"]["request"]["url"] for one in sent]

    def complaints(self):
        told = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
        said = [one["params"] for one in self.events if one.get("method") in told]
        return [json.dumps(one)[:200] for one in said]

    def picture(self, width):
        """A small picture: its letters need not be read."""
        part = {"x": 0, "y": 0, "width": width, "height": 900, "scale": 0.25}
        png = base64.b64decode(self.ask("Page.captureScreenshot", format="png", clip=part)["data"])
        return brightness(png)

    def close(self):
        self.process.kill()
        self.process.wait()


def brightness(png):
    """The mean brightness of a picture from 0 to 255, and how many brightnesses there are."""
    at, packed = 8, b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
        packed += body if kind == b"IDAT" else b""
        at += length + 12
    step = {2: 3, 6: 4}[colour]
    assert depth == 8
    raw, before = zlib.decompress(packed), bytearray(width * step)
    levels = [0] * 256
    for row in range(height):
        start = row * (width * step + 1)
        line = bytearray(raw[start + 1 : start + 1 + width * step])
        unfilter(raw[start], line, before, step)
        for value in line[1::step]:
            levels[value] += 1
        before = line
    total = sum(levels)
    return sum(level * count for level, count in enumerate(levels)) / total, sum(map(bool, levels))


def unfilter(kind, line, before, step):
    """Undoes what PNG does to a line before it is packed."""
    for at in range(len(line) if kind else 0):
        left = line[at - step] if at >= step else 0
        corner = before[at - step] if at >= step else 0
        up = before[at]
        if kind == 4:
            guess = left + up - corner
            near = min((left, up, corner), key=lambda one: (abs(guess - one), (left, up, corner).index(one)))
        else:
            near = {1: left, 2: up, 3: (left + up) // 2}[kind]
        line[at] = (line[at] + near) & 255


def troubles(browser, url, width, scheme, words):
    """All that is wrong with a page at a width."""
    seen = browser.visit(url, width, scheme)
    elsewhere = [one for one in browser.asked_for() if one != url and not one.startswith("data:")]
    found = [f"asked for {one}" for one in elsewhere]
    found += [f"complained: {one}" for one in browser.complaints()]
    if seen["page"] > seen["window"]:
        found.append(f"is {seen['page']} wide in a window of {seen['window']}")
    found += [f"letters are cut off: {one}" for one in seen["cut"]]
    found += [f"letters lie on letters: {one}" for one in seen["covered"]]
    if seen["smallest"] < 12:
        found.append(f"has letters of {seen['smallest']} pixels")
    found += [f"lacks the words {word!r}" for word in words if word not in seen["text"]]
    if not seen["named"]:
        found.append("has a picture without words")
    return found, seen["pictures"]


WORDS = {
    "refused": ["FAIL", "SIMULATED", "API_KEY_INVALID", "Checks", "fix 1", "Each call", "This run"],
    "healthy": ["PASS", "SIMULATED", "Checks", "This run"],
    "flaky": ["FLAKY", "What was seen", "fix 1"],
    "joined": ["joined exactly", "How long calls took", "h1-cold", "p50 ms"],
    "timed": ["SIMULATED", "How long calls took", "Where the time goes", "waiting ms", "p50 ms"],
    "sample-bench": ["How long calls took", "Where the time goes", "waiting ms", "2", "longest part"],
}
PICTURES = {"refused": 1, "joined": 1, "timed": 2, "sample-bench": 2}


def check(browser, page):
    name, url = page.stem, page.as_uri()
    lights = {}
    for width in WIDTHS:
        found = []
        for scheme in SCHEMES:
            wrong, pictures = troubles(browser, url, width, scheme, WORDS.get(name, []))
            if pictures < PICTURES.get(name, 0):
                wrong.append(f"has {pictures} pictures")
            mean, levels = browser.picture(width)
            lights[scheme] = mean
            if levels < 10:
                wrong.append(f"is blank in {scheme}")
            found += [one for one in wrong if one not in found]
        if lights["light"] < 180 or lights["dark"] > 80:
            found.append(f"is as bright as {lights}")
        say(f"{name} at {width} pixels", found)


def say(what, found):
    print(f"FAILED {what}: {'; '.join(found[:5])}" if found else f"ok {what}", flush=True)


def check_the_check(browser, folder):
    """Pages that are wrong, each in one way."""
    begin = "<!DOCTYPE html><meta charset=utf-8><body>"
    svg = '<svg width="100%" height="40"><text x="0" y="20">some words</text><text x="{}" y="20">others</text></svg>'
    wrong = {
        "asked for": begin + '<img src="http://127.0.0.1:9/x.png" alt="">',
        "complained": begin + "<script>console.error('x')</script>",
        "wide in a window": begin + '<p style="width:2000px">x</p>',
        "lie on letters": begin + svg.format("8"),
        "cut off": begin + svg.format("99%"),
        "letters of": begin + '<p style="font-size:8px">x</p>',
        "lacks the words": begin + "<p>nothing</p>",
    }
    for what, text in wrong.items():
        page = folder / "wrong.html"
        page.write_text(text)
        words = ["something"] if what == "lacks the words" else []
        found, _ = troubles(browser, page.as_uri(), WIDTHS[0], "light", words)
        seen = any(what in one for one in found)
        say(f"a page that is wrong is found wrong: {what}", [] if seen else [f"found only {found}"])
        page.unlink()


def main(program, profile, folder):
    folder = pathlib.Path(folder).resolve()
    browser = Browser(program, profile)
    try:
        try:
            browser.open()
        except (RuntimeError, OSError) as error:
            sys.exit(f"cannot start {program}: {error}")
        for page in sorted(folder.glob("*.html")):
            check(browser, page)
        check_the_check(browser, folder)
    finally:
        browser.close()


main(*sys.argv[1:])
