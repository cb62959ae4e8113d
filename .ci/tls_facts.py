#!/usr/bin/env python3
"""Holds the facts of `tls-check --format json` against what others say of the same servers, field by field.

  .ci/tls_facts.py [--program PATH] [--only HOST]... [--witnesses]

Versions, groups, ALPN and the chain, of several servers that are each configured in another way. The witnesses are
`openssl s_client` and `openssl x509`, sslscan, and a hello made by hand, which knows groups that they do not. With
--witnesses only these speak, and are held against each other. A field that is wrong has FAILED before it; a witness
that is missing is told as skipped."""

import argparse
import base64
import collections
import contextlib
import datetime
import fnmatch
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import xml.etree.ElementTree

from tls_lab import HOST, ROOT, Skipped, laboratory, needed, program

WALL = 30
VERSIONS = {"TLS 1.0": "-tls1", "TLS 1.1": "-tls1_1", "TLS 1.2": "-tls1_2", "TLS 1.3": "-tls1_3"}
ALPN = ["h2", "http/1.1"]

# Names by IANA, of OpenSSL, and the numbers in a hello.
Group = collections.namedtuple("Group", "name openssl number")
GROUPS = [
    Group("secp256r1", "P-256", 0x0017), Group("secp384r1", "P-384", 0x0018), Group("secp521r1", "P-521", 0x0019),
    Group("x25519", "X25519", 0x001D), Group("x448", "X448", 0x001E), Group("ffdhe2048", "ffdhe2048", 0x0100),
    Group("ffdhe3072", "ffdhe3072", 0x0101), Group("ffdhe4096", "ffdhe4096", 0x0102),
    Group("ffdhe6144", "ffdhe6144", 0x0103), Group("ffdhe8192", "ffdhe8192", 0x0104),
    Group("X25519MLKEM768", None, 0x11EC), Group("SecP256r1MLKEM768", None, 0x11EB),
    Group("SecP384r1MLKEM1024", None, 0x11ED),
]

ANY_CIPHER = ["-cipher", "ALL:@SECLEVEL=0"]
HOSTS = {
    "nginx": dict(program="nginx", chain="surplus"),
    # Before TLS 1.3 a key on a curve is of use only to who offers that curve too, so it has an RSA key.
    "nginx-old": dict(program="nginx", chain="rsa2048", http2=False, lines=[
        "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;", "ssl_ciphers DEFAULT@SECLEVEL=0;",
        "ssl_ecdh_curve prime256v1:secp384r1;"]),
    "haproxy": dict(program="haproxy", chain="wrong-order", bind_options="alpn h2,http/1.1"),
    "caddy": dict(program="caddy", chain="wildcard"),
    "openssl": dict(program="openssl", chain="thousand-names", options=["-alpn", "h2,http/1.1"]),
    "openssl-12": dict(program="openssl", chain="rsa4096", options=["-tls1_2", "-alpn", "http/1.1"]),
    "openssl-13": dict(program="openssl", chain="ed25519", options=["-tls1_3", "-groups", "X25519:P-256"]),
    "openssl-all": dict(program="openssl", chain="root-in-vain", options=[
        "-cipher", "DEFAULT@SECLEVEL=0", "-alpn", "h2"]),
    "openssl-groups": dict(program="openssl", chain="p384", options=["-groups", "P-384:P-521:X448:ffdhe2048"]),
    "openssl-expired": dict(program="openssl", chain="expired-3-days", options=["-serverpref"]),
    "modern": dict(program="modern", chain="company"),
}


def main():
    options = arguments()
    tally = collections.Counter()
    with laboratory() as lab:
        for word, line in everything(lab, options):
            tally[word] += 1
            print(f"skipped: {line}" if word == "skipped" else f"{word:8} {line}", flush=True)
    print(f"{tally['ok']} passed, {tally['FAILED']} failed, {tally['skipped']} skipped")
    return 1 if tally["FAILED"] else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    release = str(ROOT / "target" / "release" / "gemini-doctor")
    parser.add_argument("--program", default=os.environ.get("GEMINI_DOCTOR", release))
    parser.add_argument("--only", action="append", default=[], metavar="HOST")
    parser.add_argument("--witnesses", action="store_true")
    options = parser.parse_args()
    options.program = os.path.realpath(options.program)
    if not (options.witnesses or os.access(options.program, os.X_OK)):
        sys.exit(f"{options.program} is not built: cargo build --release")
    return options


def everything(lab, options):
    for name, server in HOSTS.items():
        if not options.only or any(fnmatch.fnmatch(name, pattern) for pattern in options.only):
            yield from told(lab, options, name, server)
    if not (options.witnesses or options.only):
        yield from counted(lab, options)


def told(lab, options, name, server):
    try:
        needed(server)
        with lab.servers([server]) as words:
            witnesses = list(heard(words["server"]))
            ours = None if options.witnesses else our_facts(options, words)
            yield from ((word, f"{name:16} {line}") for word, line in held(ours, witnesses))
    except Skipped as why:
        yield "skipped", f"{name}: {why}"
    except (OSError, RuntimeError, ValueError, KeyError, IndexError, subprocess.SubprocessError) as why:
        yield "FAILED", f"{name:16} {type(why).__name__}: {why}"


def held(ours, witnesses):
    """Each field of ours against each who says something of it; without ours, the first one speaks for us."""
    missing = [witness for witness in witnesses if "skipped" in witness]
    yield from (("skipped", f"{witness['who']}: {witness['skipped']}") for witness in missing)
    present = [witness for witness in witnesses if "skipped" not in witness]
    if ours is None:
        ours, present = present[0], present[1:]
        present = [{**one, "knows": one["knows"] & ours["knows"]} for one in present]
    for field in ("versions", "groups", "alpn", "chain"):
        for witness in present:
            if field in witness:
                yield from judged(field, ours, witness)
    if "negotiated" in ours:
        yield from best_was_taken(ours)


def judged(field, ours, witness):
    flaws = list(COMPARE[field](ours[field], witness[field], witness))
    value = ours[field]
    shown = f"{len(value)} certificates" if field == "chain" else ", ".join(sorted(value)) or "none"
    if not flaws:
        yield "ok", f"{field:10} as {witness['who']}: {shown}"
    for flaw in flaws:
        yield "FAILED", f"{field:10} {flaw}, by {witness['who']}"


def compare_sets(ours, theirs, _witness):
    if set(ours) != set(theirs):
        yield f"{', '.join(sorted(ours)) or 'none'}; {', '.join(sorted(theirs)) or 'none'}"


def compare_groups(ours, theirs, witness):
    """Of those that this witness knows at all."""
    yield from compare_sets(set(ours) & witness["knows"], set(theirs) & witness["knows"], witness)


def compare_chains(ours, theirs, _witness):
    # sslscan shows the leaf alone.
    if len(ours) < len(theirs) or (len(theirs) > 1 and len(ours) != len(theirs)):
        yield f"{len(ours)} certificates; {len(theirs)}"
    for number, (one, other) in enumerate(zip(ours, theirs)):
        for field, compare in CERTIFICATE.items():
            if not compare(one[field], other[field]):
                yield f"{number}.{field} is {short(one[field])}; {short(other[field])}"


def short(value):
    text = str(sorted(value) if isinstance(value, set) else value)
    return text if len(text) < 200 else text[:200] + "…"


COMPARE = {"versions": compare_sets, "groups": compare_groups, "alpn": compare_sets, "chain": compare_chains}


def every_part(ours, theirs):
    """All values of a name stand in ours, in whatever form that writes them."""
    return all(value in ours for value in theirs) if isinstance(theirs, list) else ours == theirs


def same(ours, theirs):
    return ours == theirs


def algorithm(ours, theirs):
    """`ecdsa-with-SHA256`, `ECDSA with SHA-256`, `ecdsa-sha256`: the kind and the digest, in whatever words."""
    kind_of, digest_of = (re.compile(words) for words in ("rsa|ecdsa|ed25519|ed448", "sha1(?!\\d)|sha\\d{3}|md5"))
    plain = [re.sub("[^a-z0-9]", "", text.lower()) for text in (ours, theirs)]
    return all(set(found.findall(plain[0])) == set(found.findall(plain[1])) for found in (kind_of, digest_of))


def key(ours, theirs):
    """`EC P-256`, `ECDSA 256 bits`, `id-ecPublicKey 256`: the kind, and its size as a number that stands there."""
    if ours == theirs:
        return True
    kind, bits = theirs
    plain = ours.lower()
    is_of_kind = kind in plain or kind == "ec" and "p-" in plain
    return is_of_kind and (kind == "ed25519" or bits in re.findall(r"\d+", plain))


CERTIFICATE = {"subject": every_part, "issuer": every_part, "serial": same, "not_before": same, "not_after": same,
               "names": same, "key": key, "signature": algorithm, "sha256": same, "pin": same}


def best_was_taken(ours):
    negotiated = ours["negotiated"]
    flaws = []
    if negotiated["version"] != max(ours["versions"]):
        flaws.append(f"version {negotiated['version']}, and {max(ours['versions'])} is there")
    if negotiated["group"] and negotiated["group"] not in ours["groups"]:
        flaws.append(f"group {negotiated['group']}, which it does not support")
    if (negotiated["alpn"] or "") not in ours["alpn"] | {""}:
        flaws.append(f"ALPN {negotiated['alpn']}, which it does not support")
    for flaw in flaws:
        yield "FAILED", f"negotiated {flaw}"
    if not flaws:
        yield "ok", f"negotiated as is supported: {', '.join(str(value) for value in negotiated.values())}"


# How many connections it opens


def counted(lab, options):
    """As many as its report tells, seen by a relay; and not more than it says that it may."""
    log = lab.scratch / "connections"
    servers = [dict(program="nginx", chain="good", name="origin"),
               dict(program="wire", does=["relay", "{origin_port}", "count", str(log)])]
    try:
        needed(servers[0])
        with lab.servers(servers) as words:
            before = log.stat().st_size
            told_of = report_of(options, words)["data"]["hosts"][0]["connections"]
            seen = log.stat().st_size - before
    except Skipped as why:
        yield "skipped", f"connections: {why}"
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, subprocess.SubprocessError) as why:
        yield "FAILED", f"connections      {type(why).__name__}: {why}"
    else:
        right = seen == told_of["opened"] <= told_of["at_most"]
        yield "ok" if right else "FAILED", f"connections      {seen} were seen, by the report {told_of}"


# Ours


def our_facts(options, words):
    host = report_of(options, words)["data"]["hosts"][0]
    supports = host["supports"]
    return {"versions": set(supports["versions"]), "groups": set(supports["groups"]), "alpn": set(supports["alpn"]),
            "negotiated": {name: host["negotiated"][name] for name in ("version", "group", "alpn")},
            "chain": [our_certificate(one) for one in host["chain"]]}


def report_of(options, words):
    command = [options.program, "tls-check", HOST, "--address", words["server"], "--ca-file", words["root"],
               "--connect-timeout", "5", "--deadline", "20", "--format", "json"]
    home = os.path.dirname(words["certs"])
    done = subprocess.run(command, env={"PATH": os.environ["PATH"], "HOME": home}, cwd=home, capture_output=True,
                          text=True, timeout=WALL, stdin=subprocess.DEVNULL, check=False)
    if not done.stdout.strip():
        raise RuntimeError(f"no report: exit {done.returncode}, {done.stderr[-300:]!r}")
    return json.loads(done.stdout)


def our_certificate(one):
    pin = re.search(r"[A-Za-z0-9+/]{43}=", one["pin"])
    return {**{name: one[name] for name in ("subject", "issuer", "key", "signature")}, "names": set(one["names"]),
            "serial": hexadecimal(one["serial"]), "sha256": hexadecimal(one["sha256"].removeprefix("sha256:")),
            "pin": pin[0] if pin else one["pin"],
            **{name: datetime.datetime.fromisoformat(one[name]) for name in ("not_before", "not_after")}}


def hexadecimal(text):
    return text.lower().removeprefix("0x").replace(":", "").replace(" ", "").lstrip("0")


# The witnesses


def heard(address):
    for witness in (by_openssl, by_hand, by_sslscan):
        try:
            if (said := witness(address)) is not None:
                yield said
        except Skipped as why:
            yield {"who": witness.__name__.removeprefix("by_"), "skipped": str(why)}


def by_openssl(address):
    known = [group for group in GROUPS if group.openssl]
    # Each group with either version, since a server may have one of them alone.
    has_group = {group.name for group in known if any(
        connected(client(address, version, "-groups", group.openssl, "-cipher", ciphers))
        for version, ciphers in [("-tls1_3", "ALL"), ("-tls1_2", "ECDHE:@SECLEVEL=0")]
        # Before TLS 1.3 finite fields were none of these groups, and ECDHE does without them.
        if version == "-tls1_3" or not group.name.startswith("ffdhe"))}
    return {
        "who": "openssl",
        "versions": {name for name, option in VERSIONS.items() if connected(client(address, option, *ANY_CIPHER))},
        "groups": has_group, "knows": {group.name for group in known},
        "alpn": {name for name in ALPN if f"ALPN protocol: {name}\n" in client(address, "-alpn", name)},
        "chain": [read_by_openssl(pem) for pem in certificates(client(address, "-showcerts", *ANY_CIPHER))],
    }


def client(address, *options):
    command = ["openssl", "s_client", "-connect", address, "-servername", HOST, *options]
    done = subprocess.run(command, capture_output=True, timeout=WALL, stdin=subprocess.DEVNULL, check=False)
    # A server may speak first, and not in text.
    return done.stdout.decode("utf-8", "replace")


def connected(said):
    return re.search(r"^New, TLSv1\.\d, Cipher is (?!\(NONE\))", said, re.MULTILINE) is not None


def certificates(text):
    return re.findall("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", text, re.DOTALL)


def read_by_openssl(pem):
    def ask(*words, given=pem.encode()):
        return subprocess.run(["openssl", *words], input=given, capture_output=True, timeout=WALL, check=True).stdout

    fields = ["-subject", "-issuer", "-serial", "-startdate", "-enddate", "-fingerprint", "-sha256"]
    lines = ask("x509", "-noout", *fields, "-nameopt", "multiline,-align,utf8,-esc_msb").decode()
    text = ask("x509", "-noout", "-text").decode()
    public = ask("pkey", "-pubin", "-outform", "DER", given=ask("x509", "-noout", "-pubkey"))
    names = re.search(r"X509v3 Subject Alternative Name:[^\n]*\n\s*([^\n]+)", text)
    return {
        "subject": values(lines, "subject"), "issuer": values(lines, "issuer"),
        "serial": hexadecimal(re.search("serial=(.*)", lines)[1]),
        "not_before": day(re.search("notBefore=(.*)", lines)[1]),
        "not_after": day(re.search("notAfter=(.*)", lines)[1]),
        "names": {name.split(":", 1)[1] for name in names[1].split(", ")} if names else set(),
        "key": kind_of_key(text), "signature": re.search("Signature Algorithm: (.*)", text)[1],
        "sha256": hexadecimal(re.search("ingerprint=(.*)", lines)[1]),
        "pin": base64.b64encode(hashlib.sha256(public).digest()).decode(),
    }


def values(lines, which):
    """The values of a name, which `multiline` has one a line."""
    block = re.search(rf"^{which}=\n((?:    .*\n)*)", lines, re.MULTILINE)[1]
    return [line.split("=", 1)[1].strip() for line in block.splitlines()]


def kind_of_key(text):
    called = re.search("Public Key Algorithm: (.*)", text)[1].lower()
    bits = re.search(r"Public-Key: \((\d+) bit\)", text)
    kind = "ed25519" if "ed25519" in called else "rsa" if "rsa" in called else "ec"
    return kind, bits[1] if bits else "256"


def day(text):
    return datetime.datetime.strptime(text, "%b %d %H:%M:%S %Y %Z").replace(tzinfo=datetime.timezone.utc)


def by_sslscan(address):
    command = [program("sslscan"), "--xml=-", "--no-colour", "--show-certificate", f"--sni-name={HOST}",
               "--no-heartbleed", "--no-renegotiation", "--no-compression", "--no-fallback", address]
    done = subprocess.run(command, capture_output=True, timeout=WALL * 4, stdin=subprocess.DEVNULL, check=True)
    # What it says of bytes that are no text is no XML.
    tree = xml.etree.ElementTree.fromstring(done.stdout.decode("utf-8", "replace"))
    numbers = {int(one.get("id"), 16) for one in tree.iter("group")}
    blob = next(tree.iter("certificate-blob"))
    return {
        "who": "sslscan",
        "versions": {f"TLS {one.get('version')}" for one in tree.iter("protocol")
                     if one.get("type") == "tls" and one.get("enabled") == "1"},
        "groups": {group.name for group in GROUPS if group.number in numbers},
        "knows": {group.name for group in GROUPS if group.openssl},
        "chain": [read_by_openssl(certificates(blob.text)[0])],
    }


def by_hand(address):
    """A hello of TLS 1.3 with one group and no key for it: a server that has the group asks for one."""
    groups = {group.name for group in GROUPS if asks_for(address, group.number)}
    # Of servers without TLS 1.3 it knows nothing.
    return {"who": "hand", "groups": groups, "knows": {group.name for group in GROUPS}} if groups else None


def asks_for(address, number):
    answer = b""
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(hello(number))
        with contextlib.suppress(ConnectionResetError, TimeoutError):
            # One record tells; a server that has the group waits for its key then.
            while not has_record(answer) and (more := connection.recv(4096)):
                answer += more
    return retry_for(answer) == number


def has_record(answer):
    return len(answer) >= 5 + int.from_bytes(answer[3:5], "big") if len(answer) >= 5 else False


# What marks a ServerHello as a request to try again: its random is the digest of these words.
RETRY = hashlib.sha256(b"HelloRetryRequest").digest()


def retry_for(answer):
    place = answer.find(RETRY)
    if answer[:1] != b"\x16" or place < 0:
        return None
    found = re.search(rb"\x00\x33\x00\x02(..)", answer[place:], re.DOTALL)
    return int.from_bytes(found[1], "big") if found else None


def hello(group):
    def sized(width, *parts):
        body = b"".join(parts)
        return len(body).to_bytes(width, "big") + body

    def extension(number, *parts):
        return number.to_bytes(2, "big") + sized(2, *parts)

    signatures = bytes.fromhex("0403 0503 0603 0804 0805 0806 0807 0401")
    extensions = [
        extension(0, sized(2, b"\0", sized(2, HOST.encode()))), extension(10, sized(2, group.to_bytes(2, "big"))),
        extension(13, sized(2, signatures)), extension(43, sized(1, b"\x03\x04")), extension(51, sized(2)),
    ]
    body = b"".join([b"\x03\x03", os.urandom(32), sized(1, os.urandom(32)), sized(2, b"\x13\x01\x13\x02\x13\x03"),
                     sized(1, b"\0"), sized(2, *extensions)])
    return b"\x16\x03\x01" + sized(2, b"\x01", sized(3, body))


if __name__ == "__main__":
    sys.exit(main())
