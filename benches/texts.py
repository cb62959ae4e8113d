"""Texts for measuring and checking token counts, out of what a machine with a Rust toolchain has, and made up.

It must not know who counts them."""

import base64
import glob
import gzip
import os
import random
import re

REGISTRY = os.path.expanduser("~/.cargo/registry/src/*/")
PYTHON = os.path.dirname(os.__file__)
PROSE = ["/usr/share/man/man[1-8]/*.gz", REGISTRY + "**/*.md", "/usr/share/doc/**/copyright", "/usr/share/doc/**/*.gz"]
CODE = [REGISTRY + "*/src/**/*.rs", PYTHON + "/**/*.py"]
CHINESE = ["/usr/share/man/zh_*/**/*.gz", "/usr/share/doc/**/*zh*"]
ALL = ["/usr/share/man/*/man[1-8]/*.gz", *PROSE, *CODE, "/usr/share/perl/**/*.p[lm]"]

LARGEST = 500_000

LOOKALIKES = ["<bos>", "<eos>", "<pad>", "<unk>", "<mask>", "<unused1>", "<start_of_turn>", "<end_of_turn>", "<", ">",
              "</", "\u2581", "[multimodal]", "[", "<0x0A>"]
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def read(name):
    """A file as text, or none; what is very large is seldom written by people."""
    try:
        with (gzip.open(name) if name.endswith(".gz") else open(name, "rb")) as file:
            text = file.read(LARGEST + 1).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError):
        return None
    return None if len(text) > LARGEST or "\0" in text else text


def files(patterns):
    return [name for pattern in patterns for name in sorted(glob.glob(pattern, recursive=True)) if os.path.isfile(name)]


def gathered(patterns, size, plain=lambda text: text):
    """So many bytes of the files of these kinds, each kind in turn, and none of them twice."""
    kinds, parts, seen, wanted = [files([pattern]) for pattern in patterns], [], set(), size
    while size > 0 and any(kinds):
        for names in filter(None, kinds):
            text = read(names.pop())
            if text and hash(text) not in seen:
                seen.add(hash(text))
                parts.append(plain(text))
                size -= len(parts[-1].encode())
    return "\n".join(parts).encode()[:wanted].decode("utf-8", "ignore")


def without_markup(page):
    """The words of a manual page."""
    page = re.sub(r"^[.'].*$", "", page, flags=re.M)
    return re.sub(r"\n{2,}", "\n\n", re.sub(r"\\f[BIRP]|\\-|\\&|\\\(..|\\s[+-]?\d", "", page))


def english(size):
    return gathered(PROSE, size, without_markup)


def code(size):
    return gathered(CODE, size)


def chinese(size):
    """Manual pages in Chinese; few where they are not installed."""
    return gathered(CHINESE, size, without_markup)


def mixed(seed=11, longest=20_000):
    """Prose, code and the manuals of other languages without an end but that of the machine, in parts."""
    chance, names = random.Random(seed), [files([pattern]) for pattern in ALL]
    while any(names):
        some = chance.choice(list(filter(None, names)))
        text = read(some.pop(chance.randrange(len(some)))) or ""
        yield from (text[start:start + longest] for start in range(0, len(text), longest))


def hard(size=1_000_000):
    """A text of about this many bytes for each thing that is hard to cut."""
    chance = random.Random(7)
    letters = "".join(re.findall(r"[A-Za-z0-9_./+=-]+", gathered(CODE[1:], 2 * size)))
    fill = lambda choose, width: "".join(choose() for _ in range(size // width))
    between = lambda low, high: lambda: chr(chance.randint(low, high))
    return {
        "no space": letters[:size],
        "base64": base64.b64encode(chance.randbytes(size * 3 // 4)).decode(),
        "one letter": "a" * size,
        "zero-width": "\u200b" * (size // 3),
        "zero-width mixed": fill(lambda: chance.choice(INVISIBLE), 3),
        "emoji": fill(between(0x1F300, 0x1FAFF), 4),
        "spaces": " " * size,
        "two letters": fill(lambda: chance.choice("ab"), 1),
        "lower case": fill(between(97, 122), 1),
        "marks for spaces": "\u2581" * (size // 3),
        "line feeds": "\n" * size,
        "han": fill(between(0x4E00, 0x9FFF), 3),
        "thai": fill(between(0xE01, 0xE3A), 3),
        "look-alikes": fill(lambda: chance.choice(LOOKALIKES), 6),
        "unknown": fill(between(0xF0000, 0xFFFFD), 4),
    }
