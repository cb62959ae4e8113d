"""Writes DER by hand, and signs it with the `openssl` program: the only way to certificates that no tool would make.

It knows ASN.1 and X.509, and must not know what a certificate is good or bad for."""

import datetime
import hashlib
import pathlib
import subprocess

OIDS = {
    "C": "2.5.4.6", "ST": "2.5.4.8", "L": "2.5.4.7", "O": "2.5.4.10", "OU": "2.5.4.11", "CN": "2.5.4.3",
    "emailAddress": "1.2.840.113549.1.9.1",
    "serverAuth": "1.3.6.1.5.5.7.3.1", "clientAuth": "1.3.6.1.5.5.7.3.2",
    "keyIdentifier": "2.5.29.14", "keyUsage": "2.5.29.15", "names": "2.5.29.17", "basicConstraints": "2.5.29.19",
    "nameConstraints": "2.5.29.30", "authorityKey": "2.5.29.35", "extendedUsage": "2.5.29.37",
    "access": "1.3.6.1.5.5.7.1.1", "caIssuers": "1.3.6.1.5.5.7.48.2", "ocsp": "1.3.6.1.5.5.7.48.1",
    "ocspBasic": "1.3.6.1.5.5.7.48.1.1", "sha1": "1.3.14.3.2.26", "unknown": "1.3.6.1.4.1.99999.1.1",
}

# By kind of key and digest: what it is called, and whether it has the NULL that RSA's have.
SIGNATURES = {
    ("ec", "sha1"): ("1.2.840.10045.4.1", False),
    ("ec", "sha256"): ("1.2.840.10045.4.3.2", False),
    ("ec", "sha384"): ("1.2.840.10045.4.3.3", False),
    ("ec", "sha512"): ("1.2.840.10045.4.3.4", False),
    ("rsa", "md5"): ("1.2.840.113549.1.1.4", True),
    ("rsa", "sha1"): ("1.2.840.113549.1.1.5", True),
    ("rsa", "sha256"): ("1.2.840.113549.1.1.11", True),
    ("ed25519", "sha256"): ("1.3.101.112", False),
}


# Values


def tlv(tag, *parts):
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def sequence(*parts):
    return tlv(0x30, *parts)


def explicit(number, *parts):
    return tlv(0xA0 | number, *parts)


def integer(value):
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(value):
    return tlv(0x04, value)


def bits(value, unused=0):
    return tlv(0x03, bytes([unused]), value)


def yes():
    return tlv(0x01, b"\xff")


def null():
    return tlv(0x05)


def oid(name):
    first, second, *rest = map(int, OIDS.get(name, name).split("."))
    return tlv(0x06, bytes([40 * first + second]), *map(base_128, rest))


def base_128(value):
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(value & 0x7F | 0x80)
    return bytes(reversed(digits))


def moment(when):
    """As certificates want it: two digits of the year until 2049."""
    if when.year < 2050:
        return tlv(0x17, when.strftime("%y%m%d%H%M%SZ").encode())
    return generalized(when)


def generalized(when):
    return tlv(0x18, when.strftime("%Y%m%d%H%M%SZ").encode())


# Names and extensions


def name(**parts):
    """In the order in which they are given."""
    return sequence(*(relative(kind, value) for kind, value in parts.items()))


def relative(kind, value):
    # A country is printable text, an address of mail is ASCII, and all else is UTF-8.
    tag = {"C": 0x13, "emailAddress": 0x16}.get(kind, 0x0C)
    return tlv(0x31, sequence(oid(kind), tlv(tag, value.encode())))


def extension(kind, value, critical=False):
    return sequence(oid(kind), yes() if critical else b"", octets(value))


def dns(value):
    """Any bytes, also those that no name may have."""
    return tlv(0x82, value if isinstance(value, bytes) else value.encode())


def address(value):
    return tlv(0x87, value)


def names(*all_of_them):
    return extension("names", sequence(*all_of_them))


def authority(path_length=None):
    length = b"" if path_length is None else integer(path_length)
    return extension("basicConstraints", sequence(yes(), length), critical=True)


def no_authority():
    return extension("basicConstraints", sequence(), critical=True)


def usage(*bit_numbers):
    value = sum(0x80 >> number for number in bit_numbers)
    return extension("keyUsage", bits(bytes([value]), unused=7 - max(bit_numbers)), critical=True)


def extended_usage(*kinds):
    return extension("extendedUsage", sequence(*map(oid, kinds)))


def issuers_at(url):
    return extension("access", sequence(sequence(oid("caIssuers"), tlv(0x86, url.encode()))))


def only_below(domain):
    permitted = tlv(0xA0, sequence(dns(domain)))
    return extension("nameConstraints", sequence(permitted), critical=True)


def key_identifier(key):
    return extension("keyIdentifier", octets(key.identifier))


def authority_key(key):
    return extension("authorityKey", sequence(tlv(0x80, key.identifier)))


# Keys and signatures


class Key:
    """A fresh private key in a file."""

    def __init__(self, path, *words):
        self.path = pathlib.Path(path)
        words = words or ("EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:named_curve")
        self.kind = words[0].lower()
        openssl("genpkey", "-algorithm", *words, "-out", self.path)
        self.path.chmod(0o644)
        self.public = openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER")
        self.identifier = hashlib.sha1(self.bits()).digest()

    def bits(self):
        """The key within the structure that also names its algorithm: the bit string at the end of it."""
        inside = within(self.public)
        after_algorithm = inside[len(element(inside)):]
        return within(after_algorithm)[1:]

    def sign(self, message, digest):
        if self.kind == "ed25519":
            file = self.path.with_suffix(".message")
            file.write_bytes(message)
            return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.path, "-in", file)
        return openssl("dgst", f"-{digest}", "-sign", self.path, given=message)

    def algorithm(self, digest):
        called, has_null = SIGNATURES[self.kind, digest]
        return sequence(oid(called), null() if has_null else b"")


def signed(key, digest, body, *more):
    """The form that certificates and answers about them have in common."""
    return sequence(body, key.algorithm(digest), bits(key.sign(body, digest)), *more)


def element(der):
    """The first element, whole."""
    head, length = header(der)
    return der[:head + length]


def within(der):
    head, length = header(der)
    return der[head:head + length]


def header(der):
    if der[1] < 0x80:
        return 2, der[1]
    count = der[1] & 0x7F
    return 2 + count, int.from_bytes(der[2:2 + count], "big")


def openssl(*words, given=None):
    words = ["openssl", *map(str, words)]
    done = subprocess.run(words, input=given, capture_output=True, timeout=120, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.decode()}")
    return done.stdout


# Certificates


def certificate(*, subject, issuer, key, signer, serial, window, extensions, digest="sha256"):
    body = sequence(
        explicit(0, integer(2)), integer(serial), signer.algorithm(digest), issuer,
        sequence(*map(moment, window)), subject, key.public, explicit(3, sequence(*extensions)),
    )
    return signed(signer, digest, body)


def ocsp_answer(*, issuer, issuer_key, serial, window, revoked=None):
    """What a responder that is the issuer itself says of one certificate."""
    status = tlv(0x80) if revoked is None else tlv(0xA1, generalized(revoked), explicit(0, tlv(0x0A, b"\x01")))
    since, until = window
    asked = sequence(sequence(oid("sha1"), null()), octets(hashlib.sha1(issuer).digest()),
                     octets(issuer_key.identifier), integer(serial))
    one = sequence(asked, status, generalized(since), explicit(0, generalized(until)))
    body = sequence(explicit(2, octets(issuer_key.identifier)), generalized(since), sequence(one))
    basic = signed(issuer_key, "sha256", body)
    return sequence(tlv(0x0A, b"\x00"), explicit(0, sequence(oid("ocspBasic"), octets(basic))))


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
