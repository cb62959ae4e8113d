#!/usr/bin/env python3
"""Holds the token counter against SentencePiece itself, with the very model that the program embeds.

    .ci/tokens.py packed            is the embedded file what packing the model gives?
    .ci/tokens.py strings N [SEED]  N random strings of all scripts, runs, look-alikes of tokens
    .ci/tokens.py texts N           real texts of this machine, N million tokens
    .ci/tokens.py runs              a megabyte of each thing that is hard to cut
    .ci/tokens.py json [N]          a tokenizer.json, against Hugging Face's own library
    .ci/tokens.py write FILE        the counts that the test suite expects
    .ci/tokens.py files             where the model is, and a tokenizer.json of it, for other programs

Needs the packages sentencepiece, protobuf and tokenizers, and the examples of this package built (cargo build --examples).
"""

import glob
import hashlib
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "benches"))
from texts import INVISIBLE, LOOKALIKES, hard, mixed  # noqa: E402: it lies beside the benchmarks

SCRATCH = os.path.join(ROOT, "target", "checks", "gemma")
EXAMPLES = os.environ.get("EXAMPLES", os.path.join(ROOT, "target", "debug", "examples"))
# The package that carries the model as data; it is fetched and not built.
CARRIER, VERSION = "gemini-tokenizer", "0.2.0"
SHA256 = "1299c11d7cf632ef3b4e11937501358ada021bbdf7c47638d13c0ee982f2e79c"


def model_file():
    """The model, out of the package that carries it."""
    os.makedirs(os.path.join(SCRATCH, "src"), exist_ok=True)
    manifest = os.path.join(SCRATCH, "Cargo.toml")
    with open(manifest, "w") as out:
        out.write(f'[package]\nname = "carrier"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n'
                  f'[dependencies]\n{CARRIER} = "={VERSION}"\n')
    open(os.path.join(SCRATCH, "src", "lib.rs"), "w").close()
    metadata = json.loads(subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--manifest-path", manifest],
        check=True, capture_output=True).stdout)
    package = next(package for package in metadata["packages"] if package["name"] == CARRIER)
    found = glob.glob(os.path.join(os.path.dirname(package["manifest_path"]), "resources", "*.model"))[0]
    with open(found, "rb") as model:
        assert hashlib.sha256(model.read()).hexdigest() == SHA256, "the model is another one"
    return found


MODEL = model_file()
ORACLE = sentencepiece.SentencePieceProcessor(model_file=MODEL)


def ours(texts, *arguments):
    """What the program's counter says of each text."""
    framed = b"".join(struct.pack("<I", len(text.encode())) + text.encode() for text in texts)
    run = subprocess.run([os.path.join(EXAMPLES, "count_strings"), *arguments],
                         input=framed, check=True, capture_output=True)
    return [int(line) for line in run.stdout.split()]


def compare(name, texts, oracle, *arguments):
    """Prints how many texts differ, the shortest of them, and whether none does."""
    expected = [oracle(text) for text in texts]
    counted = ours(texts, *arguments)
    wrong = [(text, want, got) for text, want, got in zip(texts, expected, counted) if want != got]
    print(f"{name}: {len(texts)} texts, {sum(expected)} tokens, {len(wrong)} differ")
    for text, want, got in sorted(wrong, key=lambda row: len(row[0]))[:5]:
        print(f"  {text[:200]!r}: expected {want}, counted {got}")
    return sum(expected), not wrong


def count(text):
    return len(ORACLE.encode(text))


class Strings:
    """Random strings; the same seed gives the same ones."""

    RANGES = [(0x61, 0x7A), (0x20, 0x7E), (0, 0x2FFF), (0xE000, 0x10FFFF), (0x4E00, 0x9FFF),
              (0x3040, 0x30FF), (0xAC00, 0xD7A3), (0xE00, 0xE7F), (0x600, 0x6FF), (0x900, 0x97F),
              (0x400, 0x4FF), (0x1F300, 0x1FAFE)]
    SETS = ["ab", " \n\t\u2581", INVISIBLE, "\r\n ",
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/="]

    def __init__(self, seed):
        self.random = random.Random(seed)
        numbers = range(4, ORACLE.get_piece_size())
        self.pieces = [ORACLE.id_to_piece(i) for i in numbers if not ORACLE.is_byte(i)]

    def one(self, longest=2000):
        kinds = [self.random.randrange(len(self.RANGES) + len(self.SETS) + 3)
                 for _ in range(self.random.randrange(1, 4))]
        length = self.random.choice([1, 2, 5, 10, 30, 100, 300, self.random.randrange(1, longest)])
        parts = []
        while len(parts) < length:
            part = self.part(self.random.choice(kinds))
            parts += [part] * (self.random.randrange(1, 40) if self.random.random() < 0.2 else 1)
        return "".join(parts[:length])

    def part(self, kind):
        if kind < len(self.RANGES):
            return chr(self.random.randint(*self.RANGES[kind]))
        kind -= len(self.RANGES)
        if kind < len(self.SETS):
            return self.random.choice(self.SETS[kind])
        return [self.random.choice(LOOKALIKES), self.random.choice(self.pieces[:400]),
                self.random.choice(self.pieces).replace("\u2581", " ")][kind - len(self.SETS)]


def texts(million):
    """Compares real texts in batches, until there are enough tokens."""
    total, fine, batch = 0, True, []
    for part in mixed():
        batch.append(part)
        if len(batch) == 500:
            tokens, same = compare("real texts", batch, count)
            total, fine, batch = total + tokens, fine and same, []
        if total >= million * 1_000_000:
            break
    print(f"real texts in all: {total} tokens")
    return fine and total >= million * 1_000_000


def runs():
    fine = True
    for name, text in hard().items():
        # SentencePiece takes more than linear time; a tenth of each is enough for it to be exact about.
        fine &= compare(name, [text, text[:1000], text[: len(text) // 10]], count)[1]
    return fine


def packed():
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run([os.path.join(EXAMPLES, "pack_vocabulary"), MODEL, out.name], check=True)
        fresh = open(out.name, "rb").read()
    same = fresh == open(os.path.join(ROOT, "src", "tokens", "gemma3.bin"), "rb").read()
    print("the embedded file is what packing the model gives" if same else "the embedded file is another one")
    return same


def tokenizer_json(path):
    """The model as a tokenizer.json, with all ways to merge each piece, as converters write it."""
    model = sentencepiece_model_pb2.ModelProto()
    with open(MODEL, "rb") as file:
        model.ParseFromString(file.read())
    vocab = {piece.piece: number for number, piece in enumerate(model.pieces)}
    merges = []
    for piece in model.pieces:
        if piece.type == 1:
            ways = [(piece.piece[:at], piece.piece[at:]) for at in range(1, len(piece.piece))]
            ways = [way for way in ways if way[0] in vocab and way[1] in vocab]
            merges += sorted(ways, key=lambda way: (vocab[way[0]], vocab[way[1]]))
    added = [{"id": number, "content": piece.piece, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": "\u2581" in piece.piece, "special": piece.type in (2, 3)}
             for number, piece in enumerate(model.pieces) if piece.type in (2, 3, 4)]
    with open(path, "w") as out:
        json.dump({
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
            "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"},
            "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious",
                              "invert": False},
            "post_processor": None, "decoder": None,
            "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
                      "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True,
                      "ignore_merges": False, "vocab": vocab, "merges": merges}}, out)


def other_library(number):
    """Against Hugging Face's library, which takes the names of control tokens in a text for the tokens."""
    import tokenizers

    path = os.path.join(SCRATCH, "tokenizer.json")
    tokenizer_json(path)
    library = tokenizers.Tokenizer.from_file(path)
    strings = Strings(5)
    texts = [strings.one(500) for _ in range(number)]
    texts = [text for text in texts if not re.search("<(bos|eos|pad|unk)>", text) and "\u2581" not in text]
    return compare("tokenizer.json", texts, lambda text: len(library.encode(text, add_special_tokens=False)),
                   path)[1]


def write(path):
    """Texts and their tokens, for a test that needs no Python."""
    strings = Strings(2026)
    with open(path, "w") as out:
        row = lambda text, times: out.write(json.dumps(
            {"text": text, "times": times, "tokens": count(text * times)}, ensure_ascii=False) + "\n")
        for _ in range(800):
            row(strings.one(120), 1)
        for text in ["a", "ab", "\u200b", " ", "\n", "\u2581", "👨‍👩‍👧", "<bos>", "zero", "\ufffd"]:
            row(text, 20_000)
    return True


def main():
    match sys.argv[1:]:
        case ["packed"]:
            return packed()
        case ["strings", number, *seed]:
            strings = Strings(int(seed[0]) if seed else 1)
            return compare("random strings", [strings.one() for _ in range(int(number))], count)[1]
        case ["texts", million]:
            return texts(int(million))
        case ["runs"]:
            return runs()
        case ["json", *number]:
            return other_library(int(number[0]) if number else 300)
        case ["files"]:
            path = os.path.join(SCRATCH, "tokenizer.json")
            tokenizer_json(path)
            print(MODEL, path, sep="\n")
            return True
        case ["write", path]:
            return write(path)
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
