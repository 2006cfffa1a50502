"""The clients of a server, in its own network namespace. Prints what became of them; every wait has a limit.

ask PROTOCOL ADDRESS PORT            one request; fails unless it is answered
load PROTOCOL ADDRESS PORT SECONDS   four requests at once, every two seconds
crowd ADDRESS PORT COUNT SECONDS     connections that say nothing; PORT may be the path of a UNIX listener
hold PROTOCOL ADDRESS PORT COUNT SECONDS   requests whose answers nobody waits for
"""
import socket
import struct
import sys
import threading
import time

PATIENCE = 15  # seconds


def connect(address, port, patience=PATIENCE):
    if str(port).startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(patience)
        connection.connect(port)
        return connection
    return socket.create_connection((address, int(port)), timeout=patience)


def until(connection, expected):
    answer = b""
    while expected not in answer:
        more = connection.recv(4096)
        if not more:
            raise OSError("no %r in the answer: %r" % (expected, answer))
        answer += more


def http(connection):
    connection.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
    until(connection, b" 200 ")


def redis(connection):
    connection.sendall(b"PING\r\n")
    until(connection, b"+PONG")


def memcached(connection):
    connection.sendall(b"version\r\n")
    until(connection, b"VERSION ")


def postgres(connection):
    startup = struct.pack("!i", 3 << 16) + b"user\0postgres\0database\0postgres\0\0"
    connection.sendall(struct.pack("!i", 4 + len(startup)) + startup)
    until(connection, b"Z\0\0\0\5I")  # ReadyForQuery
    query = b"select 'ser' || 'ved'\0"
    connection.sendall(b"Q" + struct.pack("!i", 4 + len(query)) + query)
    until(connection, b"served")


def fastcgi(connection, script=b"/conf/index.php"):
    def record(kind, content):
        return struct.pack("!BBHHBx", 1, kind, 1, len(content), 0) + content

    def pair(name, value):
        return bytes([len(name), len(value)]) + name + value

    parameters = pair(b"SCRIPT_FILENAME", script) + pair(b"REQUEST_METHOD", b"GET")
    connection.sendall(
        record(1, b"\0\1\0\0\0\0\0\0") + record(4, parameters) + record(4, b"") + record(5, b""))
    until(connection, b"served")


def slow(connection):  # PHP that takes long
    fastcgi(connection, b"/conf/slow.php")


def anyhttp(connection):
    connection.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
    until(connection, b"HTTP/1.")


def line(connection):
    connection.sendall(b"\n")
    until(connection, b"served")


def grpc(connection):  # HTTP/2: its preface, and a SETTINGS frame, which is answered by another
    connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0")
    until(connection, b"\4\0\0\0\0\0")


def zeromq(connection):  # the greeting of ZMTP 3: either side begins with it
    connection.sendall(b"\xff\0\0\0\0\0\0\0\1\x7f")
    until(connection, b"\x7f")


def ssl_of_postgres(connection):
    connection.sendall(struct.pack("!ii", 8, 80877103))
    until(connection, b"N")


def dns(connection):  # the address of "served."; whether it is known does not matter here
    query = b"\x12\x34\1\0\0\1\0\0\0\0\0\0\6served\0\0\1\0\1"
    connection.sendall(struct.pack("!H", len(query)) + query)
    until(connection, b"\x12\x34")


def mqtt(connection):
    connection.sendall(b"\x10\x0c\0\4MQTT\4\2\0\x3c\0\0")
    until(connection, b"\x20\2")


def ftp(connection):
    until(connection, b"220 ")


def rsync(connection):
    until(connection, b"@RSYNCD:")


def ssh(connection):
    until(connection, b"SSH-2.0-")


PROTOCOLS = {each.__name__: each for each in (
    http, redis, memcached, postgres, fastcgi, slow, anyhttp, line, grpc, zeromq, ssl_of_postgres, dns, mqtt, ftp, rsync,
    ssh)}


def ask(protocol, address, port):
    with connect(address, port) as connection:
        PROTOCOLS[protocol](connection)


def load(protocol, address, port, seconds):
    lock = threading.Lock()
    asked, failed = [], []

    def request():
        try:
            ask(protocol, address, port)
        except OSError as error:
            with lock:
                failed.append(str(error))

    end = time.monotonic() + float(seconds)
    while time.monotonic() < end:
        together = [threading.Thread(target=request) for _ in range(4)]
        for each in together:
            each.start()
        for each in together:
            each.join()
        asked.extend(together)
        time.sleep(2)
    print("asked: %d" % len(asked))
    print("failed: %d" % len(failed), *failed[:3])


def crowd(address, port, count, seconds):
    held = []

    def join():
        try:
            held.append(connect(address, port, patience=float(seconds)))
        except OSError:
            pass  # dropped, as it may be

    together = [threading.Thread(target=join) for _ in range(int(count))]
    for each in together:
        each.start()
    time.sleep(float(seconds))
    for each in together:
        each.join()
    print("held: %d" % len(held))


def hold(protocol, address, port, count, seconds):
    def request():
        try:
            with connect(address, port, patience=float(seconds)) as connection:
                PROTOCOLS[protocol](connection)
        except OSError:
            pass  # nobody answered in time, as it may be

    for _ in range(int(count)):
        threading.Thread(target=request, daemon=True).start()
    time.sleep(float(seconds))


verb, *arguments = sys.argv[1:]
{"ask": ask, "load": load, "crowd": crowd, "hold": hold}[verb](*arguments)
print("done")
