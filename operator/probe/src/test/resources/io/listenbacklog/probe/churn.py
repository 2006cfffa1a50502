"""Containers that come and go: churn.py SECONDS BIRTHS_A_SECOND SEED (governed|stranger):CGROUP...

Keeps two processes alive for each CGROUP ("stranger:" alone: in none), each in a network namespace of its own. All
listen on the same ports, on the same fds, close and open them again all the time, and are killed without a warning,
some right after a listen(); the next one gets the pid of the one before where the kernel allows it. Each looks whether
its sockets are as they should be: a stranger's backlogs untouched, a governed one's untouched or RAISED, and what is
only bound never listening. Prints what it saw, a "name number" a line, and a line "wrong ..." for what should not be.
"""
import ctypes
import os
import random
import select
import signal
import socket
import struct
import sys
import time

PORTS = range(7000, 7005)
BOUND = 7100
RAISED = 64
CLONE_NEWNET = 0x40000000
LAST_PID = "/proc/sys/kernel/ns_last_pid"

libc = ctypes.CDLL(None, use_errno=True)


def backlog(s):
    """tcpi_sacked of a listener is its backlog (tcp_get_info, net/ipv4/tcp.c)."""
    return struct.unpack_from("I", s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104), 28)[0]


def listener(port):
    s = socket.socket()
    s.bind(("0.0.0.0", port))
    s.listen(port - PORTS[0] + 5)
    return s


class Container:
    def __init__(self, kind, cgroup, told):
        self.kind, self.told = kind, told
        if cgroup:
            with open(cgroup + "/cgroup.procs", "w") as f:
                f.write(str(os.getpid()))
        if libc.unshare(CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "unshare")

    def tell(self, *words):
        os.write(self.told, (" ".join(map(str, words)) + "\n").encode())

    def look(self, port, s):
        asked, now = port - PORTS[0] + 5, backlog(s)
        if now == RAISED and self.kind == "governed":
            self.tell("raised")
        elif now != asked:
            self.tell("wrong", self.kind, os.getpid(), port, "has a backlog of", now)
        elif self.kind == "stranger":
            self.tell("untouched")

    def live(self, pause):
        bound = socket.socket()
        bound.bind(("0.0.0.0", BOUND))
        sockets = {}
        for port in PORTS:
            sockets[port] = listener(port)
            self.tell("born")
        while True:
            time.sleep(pause)
            port = random.choice(PORTS)
            self.look(port, sockets[port])
            if bound.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                self.tell("wrong", self.kind, os.getpid(), "what was only bound listens")
            # What is only bound gets the listener's fd, and the listener the bound one's.
            sockets[port].close()
            again = socket.socket()
            again.bind(("0.0.0.0", BOUND + 1 if bound.getsockname()[1] == BOUND else BOUND))
            bound.close()
            bound = again
            sockets[port] = listener(port)
            self.tell("born")


def start(kind, cgroup, pause, told, pid):
    """A new container; with that pid, if nobody else takes it first."""
    if pid:
        try:
            with open(LAST_PID, "w") as f:
                f.write(str(pid - 1))
        except OSError:
            pass
    child = os.fork()
    if child:
        return child
    try:
        random.seed()
        Container(kind, cgroup, told).live(pause)
    except BaseException as e:
        os.write(told, ("wrong a container ended: %r\n" % e).encode())
    os._exit(1)


def main(seconds, rate, seed, *pods):
    random.seed(int(seed))
    kinds = [pod.split(":", 1) for pod in pods for _ in range(2)]
    pause = len(kinds) / int(rate)
    told, tell = os.pipe()
    seen, wrong, alive = {"killed": 0, "reused": 0}, [], []
    end = time.monotonic() + float(seconds)
    buffer = b""
    while time.monotonic() < end:
        now = time.monotonic()
        for _, _, pid in [each for each in alive if each[0] < now]:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            seen["killed"] += 1
            # The successor is another pod's: the last in line, its pid the one that is free now.
            kinds.append(kinds.pop(0))
            kind, cgroup = kinds[0]
            child = start(kind, cgroup, pause, tell, pid)
            seen["reused"] += child == pid
            alive = [each for each in alive if each[2] != pid]
            alive.append((now + lifetime(), kind, child))
        if len(alive) < len(kinds):
            kind, cgroup = kinds[len(alive)]
            alive.append((now + lifetime(), kind, start(kind, cgroup, pause, tell, None)))
        if select.select([told], [], [], 0.002)[0]:
            *lines, buffer = (buffer + os.read(told, 65536)).split(b"\n")
            for line in map(bytes.decode, lines):
                if line.startswith("wrong"):
                    wrong.append(line)
                else:
                    seen[line] = seen.get(line, 0) + 1
    for _, _, pid in alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    for name, count in seen.items():
        print(name, count)
    print("\n".join(wrong))


def lifetime():
    """A third is killed while the remedies of its first listeners may still be under way."""
    return random.uniform(0.001, 0.03) if random.random() < 0.33 else random.uniform(0.3, 2)


main(*sys.argv[1:])
