"""Tells what the TLS of this Python is and whether it connects. Sends nothing but a handshake."""
import os
import platform
import socket
import ssl
import sys
import time

HOST, PORT, NAME, PROXY, PROXY_PORT = sys.argv[1:6]
PATIENCE = 6


def say(key, value):
    text = " ".join(str(value).split())
    sys.stdout.write("%s=%s\n" % (key, text.encode("ascii", "backslashreplace").decode("ascii")))
    sys.stdout.flush()


def bracketed(host):
    return "[%s]" % host if ":" in host else host


def dial():
    if PROXY == "-":
        return socket.create_connection((HOST, int(PORT)), PATIENCE)
    stream = socket.create_connection((PROXY, int(PROXY_PORT)), PATIENCE)
    target = "%s:%s" % (bracketed(HOST), PORT)
    stream.sendall(("CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (target, target)).encode("ascii"))
    answer = b""
    while b"\r\n\r\n" not in answer:
        part = stream.recv(1)
        if not part or len(answer) > 16384:
            raise OSError("the proxy gave no answer that can be read")
        answer += part
    first = answer.split(b"\r\n")[0].decode("ascii", "replace")
    if first.split(" ")[1:2] != ["200"]:
        raise OSError("the proxy answered: %s" % first)
    return stream


def connect(way, bundle, make):
    say("way", way)
    say("bundle", bundle)
    start = time.time()
    try:
        context = make()
        if ssl.HAS_ALPN:
            context.set_alpn_protocols(["h2", "http/1.1"])
        stream = dial()
        try:
            stream = context.wrap_socket(stream, server_hostname=NAME)
            say("negotiated", stream.version())
        finally:
            stream.close()
        say("connected", "yes")
    except Exception as error:
        say("words", "%s: %s" % (type(error).__name__, error))
        say("connected", "no")
    say("ms", int((time.time() - start) * 1000))


def default_bundle():
    if sys.platform == "win32":
        return "the store of Windows"
    paths = ssl.get_default_verify_paths()
    named = [paths.cafile or "%s (missing)" % paths.openssl_cafile]
    named.append(paths.capath or "%s (missing)" % paths.openssl_capath)
    return ", ".join(named)


def of_requests(path):
    if os.path.isdir(path):
        return ssl.create_default_context(capath=path)
    return ssl.create_default_context(cafile=path)


def main():
    say("version", platform.python_version())
    say("tls", ssl.OPENSSL_VERSION)
    say("tls13", "yes" if getattr(ssl, "HAS_TLSv1_3", False) else "no")
    say("alpn", "yes" if ssl.HAS_ALPN else "no")
    connect("ssl", default_bundle(), ssl.create_default_context)
    try:
        import certifi
    except ImportError:
        return
    own = certifi.where()
    file, directory = os.environ.get("SSL_CERT_FILE") or own, os.environ.get("SSL_CERT_DIR")
    shown = "%s, %s" % (file, directory) if directory else file
    connect("httpx", shown, lambda: ssl.create_default_context(cafile=file, capath=directory))
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or own
    connect("requests", named, lambda: of_requests(named))


main()
