#!/usr/bin/env python3
"""A port of loopback that behaves as no proper server does: before TLS, in the handshake, or after it.

  tests/tls/wire.py PORT say TEXT                 sends that at once, and hangs up when it got an answer
  tests/tls/wire.py PORT answer TEXT              sends that once something came, and hangs up
  tests/tls/wire.py PORT alert NUMBER             answers a hello with a fatal alert
  tests/tls/wire.py PORT end WHEN HOW             WHEN: accepted, hello, half-answer; HOW: closed, reset, silent
  tests/tls/wire.py PORT http CHAIN KEY HEAD      TLS, and for every request that head of an answer and no body
  tests/tls/wire.py PORT after CHAIN KEY HOW      TLS, and after the handshake HOW: closed, reset, silent
  tests/tls/wire.py PORT refuse NAME NUMBER CHAIN KEY  TLS, and a fatal alert for those who name that host
  tests/tls/wire.py PORT relay TO large HOW       to a server, but for hellos larger than 1,400 bytes HOW
  tests/tls/wire.py PORT relay TO flip BYTE       the server's byte of that number arrives with a bit flipped
  tests/tls/wire.py PORT relay TO spoil           the leaf's first byte of DER is another one (TLS 1.2 shows it)
  tests/tls/wire.py PORT relay TO count FILE      as it is, and FILE has a byte for each connection
  tests/tls/wire.py PORT modern CHAIN KEY         TLS as it should be, of pyOpenSSL, whose OpenSSL is a newer one

TEXT and HEAD have Python's escapes. --bind ADDRESS is another one than 127.0.0.1."""

import argparse
import contextlib
import select
import socket
import ssl
import struct
import sys
import threading
import time

LARGE = 1400
# Longer than any client waits.
PATIENCE = 60
# The beginning of a ServerHello of TLS 1.3: a record of 122 bytes, of which that is not all.
HALF_ANSWER = bytes.fromhex("160303007a020000760303") + b"\x11" * 20
HANDSHAKE, CERTIFICATE = 0x16, 0x0B


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int)
    parser.add_argument("behaviour", choices=sorted(BEHAVIOURS))
    parser.add_argument("words", nargs="*")
    parser.add_argument("--bind", default="127.0.0.1")
    given = parser.parse_args()
    behave = BEHAVIOURS[given.behaviour](*given.words)
    with socket.create_server((given.bind, given.port), backlog=64) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=guarded, args=(behave, connection), daemon=True).start()


def guarded(behave, connection):
    connection.settimeout(PATIENCE)
    with contextlib.suppress(OSError, EOFError):
        behave(connection)
    connection.close()


# How a connection ends


def closed(connection):
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
    drain(connection, 1)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def silent(connection):
    """Until the other side gives up."""
    drain(connection, PATIENCE)


def drain(connection, seconds):
    until = time.monotonic() + seconds
    with contextlib.suppress(OSError):
        while (left := until - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(65536):
                return


ENDS = {"closed": closed, "reset": reset, "silent": silent}


# No TLS


def say(text):
    def behave(connection):
        connection.sendall(unescaped(text))
        connection.recv(65536)
        closed(connection)
    return behave


def answer(text):
    def behave(connection):
        connection.recv(65536)
        connection.sendall(unescaped(text))
        closed(connection)
    return behave


def alert(number):
    def behave(connection):
        read_hello(connection)
        connection.sendall(bytes([21, 3, 3, 0, 2, 2, int(number)]))
        closed(connection)
    return behave


def end(when, how):
    def behave(connection):
        if when != "accepted":
            read_hello(connection)
        if when == "half-answer":
            connection.sendall(HALF_ANSWER)
            # A reset at once would take back what was just sent.
            time.sleep(0.05)
        ENDS[how](connection)
    return behave


def unescaped(text):
    return text.encode().decode("unicode_escape").encode("latin-1")


def read_hello(connection):
    head = exactly(connection, 5)
    return head + exactly(connection, int.from_bytes(head[3:], "big"))


def exactly(connection, count):
    found = b""
    while len(found) < count:
        more = connection.recv(count - len(found))
        if not more:
            raise EOFError
        found += more
    return found


# After the handshake


def http(chain, key, head):
    context = server_context(chain, key)

    def behave(connection):
        with context.wrap_socket(connection, server_side=True) as tls:
            while tls.recv(65536):
                tls.sendall(unescaped(head))
    return behave


def after(chain, key, how):
    context = server_context(chain, key)

    def behave(connection):
        tls = context.wrap_socket(connection, server_side=True)
        # The tickets are on their way; a reset may overtake what it follows.
        time.sleep(0.05)
        if how == "closed":
            tls.unwrap()
        ENDS[how](tls)
        tls.close()
    return behave


def refuse(name, number, chain, key):
    context = server_context(chain, key)
    context.sni_callback = lambda _, named, __: int(number) if named == name else None

    def behave(connection):
        with context.wrap_socket(connection, server_side=True) as tls:
            drain(tls, PATIENCE)
    return behave


def server_context(chain, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    context.set_alpn_protocols(["http/1.1"])
    return context


def modern(chain, key):
    from OpenSSL import SSL

    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.use_certificate_chain_file(chain)
    context.use_privatekey_file(key)
    context.set_alpn_select_callback(
        lambda _, offered: b"http/1.1" if b"http/1.1" in offered else SSL.NO_OVERLAPPING_PROTOCOLS)

    def behave(connection):
        connection.setblocking(True)
        tls = SSL.Connection(context, connection)
        tls.set_accept_state()
        with contextlib.suppress(SSL.Error):
            tls.do_handshake()
            while tls.recv(65536):
                tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    return behave


# Between a client and a server


def relay(to, mode, *words):
    change, before = RELAYS[mode](*words)

    def behave(connection):
        hello = before(connection)
        if hello is None:
            return
        with socket.create_connection(("127.0.0.1", int(to)), timeout=PATIENCE) as server:
            server.sendall(hello)
            pass_on(connection, server, change())
    return behave


def pass_on(connection, server, change):
    across = {connection: server, server: connection}
    while True:
        readable, _, _ = select.select(list(across), [], [], PATIENCE)
        if not readable:
            return
        for end_of_it in readable:
            data = end_of_it.recv(65536)
            if not data:
                return
            across[end_of_it].sendall(change(data) if end_of_it is server else data)


def for_large(how):
    def before(connection):
        hello = read_hello(connection)
        if len(hello) > LARGE:
            ENDS[how](connection)
            return None
        return hello
    return as_it_is, before


def flipped(number):
    number = int(number)

    def change():
        passed = 0

        def flip(data):
            nonlocal passed
            place, passed = number - passed, passed + len(data)
            if 0 <= place < len(data):
                data = data[:place] + bytes([data[place] ^ 1]) + data[place + 1:]
            return data
        return flip
    return change, nothing_before


def spoilt():
    def change():
        held, done = b"", False

        def spoil(data):
            nonlocal held, done
            if done:
                return data
            held += data
            place = leaf_in(held)
            if place is None:
                return b""
            done = True
            return held[:place] + b"\x31" + held[place + 1:]
        return spoil
    return change, nothing_before


def leaf_in(data):
    """Where the leaf begins in the records of a server, if its message has come whole."""
    place = 0
    while place + 5 <= len(data):
        length = int.from_bytes(data[place + 3:place + 5], "big")
        if place + 5 + length > len(data):
            return None
        if data[place] == HANDSHAKE and data[place + 5] == CERTIFICATE:
            # Behind the record's head: type, length, length of the list, length of the first one.
            return place + 5 + 1 + 3 + 3 + 3
        place += 5 + length
    return None


def counted(file):
    def before(_):
        with open(file, "ab") as log:
            log.write(b".")
        return b""
    return as_it_is, before


def as_it_is():
    return lambda data: data


def nothing_before(_):
    return b""


RELAYS = {"large": for_large, "flip": flipped, "spoil": spoilt, "count": counted}
BEHAVIOURS = {"say": say, "answer": answer, "alert": alert, "end": end, "http": http, "after": after, "refuse": refuse,
              "relay": relay, "modern": modern}

if __name__ == "__main__":
    sys.exit(main())
