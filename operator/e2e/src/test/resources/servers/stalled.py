"""Servers that come to a stop by themselves: stalled.py NAME, on port 8080."""
import socket
import subprocess
import sys
import time


def at_limit():
    """Keeps all of its connections, and tries again where it can have no more."""
    server = socket.create_server(("0.0.0.0", 8080), backlog=64)
    held = []
    while True:
        try:
            held.append(server.accept())
        except OSError:
            time.sleep(0.001)


def reopens_at_limit():
    """The same, but it closes its door for a moment, as if that helped."""
    held = []
    server = socket.create_server(("0.0.0.0", 8080), backlog=64)
    while True:
        try:
            held.append(server.accept())
        except OSError:
            time.sleep(1)
            server.close()
            server = socket.create_server(("0.0.0.0", 8080), backlog=64)


def leaks():
    """Is gone, and what it started keeps its listener."""
    server = socket.create_server(("0.0.0.0", 8080), backlog=5)
    server.set_inheritable(True)
    subprocess.Popen(["sleep", "100000"], close_fds=False)
    server.settimeout(8)
    try:
        while True:
            server.accept()[0].close()
    except TimeoutError:
        pass


def behind_tproxy():
    """Accepts nobody; whoever comes was sent to it by a rule, and came for another port."""
    server = socket.socket()
    server.setsockopt(socket.SOL_IP, 19, 1)  # IP_TRANSPARENT
    server.bind(("0.0.0.0", 15006))
    server.listen(16)
    innocent = socket.create_server(("0.0.0.0", 8080), backlog=16)
    innocent.accept()


{each.__name__: each for each in (at_limit, reopens_at_limit, leaks, behind_tproxy)}[sys.argv[1]]()
