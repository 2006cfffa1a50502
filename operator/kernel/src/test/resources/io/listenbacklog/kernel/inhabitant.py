"""The inhabitant of a network namespace made for a test: does with sockets what it is told.

One command a line on stdin, one answer a line on stdout: the values asked for, or "error: ...".
"""
import ctypes
import fcntl
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

SO_COOKIE = 57
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
IPPROTO_MPTCP = 262
SIOCADDRT, RTF_UP = 0x890B, 1

EPOLL = select.epoll()

sockets, clients, connecting, children, forged = {}, [], [], [], []


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(s, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def bind(name, address, port, *options):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    protocol = IPPROTO_MPTCP if "mptcp" in options else 0
    s = socket.socket(family, socket.SOCK_STREAM, protocol)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, "v6only" in options)
    if "reuseport" in options:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if "device" in options:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    s.bind((address, int(port)))
    sockets[name] = s
    return told(s)


def unix_name(path):
    return "\0" + path[1:] if path.startswith("@") else path


def unix_bind(name, path, kind="stream"):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET if kind == "seqpacket" else socket.SOCK_STREAM)
    s.bind(unix_name(path))
    sockets[name] = s
    return told(s)


def unix_many(path, count):
    least = int(count) + 100
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < least: resource.setrlimit(resource.RLIMIT_NOFILE, (least, max(hard, least)))
    for each in range(int(count)):
        unix_bind("many%d" % each, path + str(each))
        sockets["many%d" % each].listen(1)


def unix_connect(path):
    """Whether there is room; who may wait would wait otherwise."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    s.setblocking(False)
    clients.append(s)
    return 1 if s.connect_ex(unix_name(path)) == 0 else 0


def unix_leave():
    """The client that came last closes its connection."""
    clients.pop().close()


def unix_server_as_seen_by_a_client(path):
    """User and group that the server of a UNIX socket has for its clients."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    clients.append(s)
    s.connect(unix_name(path))
    return "%d %d" % struct.unpack("3i", s.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1:]


def listen_as(name, backlog, uid):
    """A child of another user listens."""
    pid = os.fork()
    if pid == 0:
        os.setgid(int(uid))
        os.setuid(int(uid))
        sockets[name].listen(int(backlog))
        os._exit(0)
    os.waitpid(pid, 0)


def told(s):
    cookie = struct.unpack("Q", s.getsockopt(socket.SOL_SOCKET, SO_COOKIE, 8))[0]
    return "%d %d %d" % (s.fileno(), os.fstat(s.fileno()).st_ino, cookie)


def listen(name, backlog):
    sockets[name].listen(int(backlog))
    return told(sockets[name])


def listens(name):
    return sockets[name].getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)


def connect(address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    s = socket.socket(family, socket.SOCK_STREAM)
    s.setblocking(False)
    clients.append(s)
    connecting.append(s)
    if s.connect_ex((address, int(port))) == 0:
        return 1
    _, writable, _ = select.select([], [s], [], 0.1)
    # Writable is also who was refused: nobody listens there yet.
    return 1 if writable and s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0 else 0


def defer(name):
    sockets[name].setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 30)


def reset(port):
    """Sends a RST of no connection from 127.0.0.1 to itself."""
    def segment(checksum):
        return struct.pack("!HHIIBBHHH", 40000, int(port), 7, 0, 5 << 4, 4, 1024, checksum, 0)

    home = socket.inet_aton("127.0.0.1")
    summed = home + home + struct.pack("!BBH", 0, socket.IPPROTO_TCP, 20) + segment(0)
    total = sum(struct.unpack("!%dH" % (len(summed) // 2), summed))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP) as s:
        s.sendto(segment(~total & 0xFFFF), ("127.0.0.1", 0))


def send(count):
    connecting[-1].send(b"x" * int(count))


def connections():
    """How many were tried so far."""
    return len(connecting)


def reset_client():
    """Ends the last connection with a RST."""
    s = connecting[-1]
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def accept(name):
    clients.append(sockets[name].accept()[0])


def close(name):
    sockets.pop(name).close()


def replace(name, other):
    """Puts another socket behind the fd of this one."""
    fd = sockets[name].fileno()
    os.dup2(sockets[other].fileno(), fd)


def fork():
    pid = os.fork()
    if pid == 0:
        signal.pause()
        os._exit(0)
    children.append(pid)
    return pid


def fork_doing(what):
    """A child that does one thing for ever."""
    pid = os.fork()
    if pid == 0:
        try:
            globals()["do_" + what]()
        finally:
            os._exit(1)
    children.append(pid)
    return pid


def do_sleep():
    time.sleep(1000)


def do_spin():
    while True:
        pass


def do_stop():
    os.kill(os.getpid(), signal.SIGSTOP)


def do_lock():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def do_flock():
    with tempfile.NamedTemporaryFile() as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        again = os.open(f.name, os.O_RDWR)
        fcntl.flock(again, fcntl.LOCK_EX)


def do_pipe():
    os.read(os.pipe()[0], 1)


def do_epoll():
    select.epoll().poll()


def do_poll():
    p = select.poll()
    p.register(os.pipe()[0])
    p.poll()


def do_wait():
    pid = os.fork()
    if pid == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        signal.pause()
    os.waitpid(pid, 0)


def do_silence():
    """Accepts, and waits for a client that never sends anything."""
    s = socket.create_server(("127.0.0.1", 7777))
    client = socket.create_connection(("127.0.0.1", 7777))
    s.accept()[0].recv(1)
    client.close()


def serve(s):
    """One client after the other, like a WSGI server without threads."""
    while True:
        client = s.accept()[0]
        client.recv(65536)
        client.close()


def do_serve():
    serve(socket.create_server(("0.0.0.0", 9876), backlog=64))


def do_serve_by_three():
    """Two children that share the listener, and their parent."""
    s = socket.create_server(("0.0.0.0", 9876), backlog=64)
    for _ in range(2):
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
            break
    serve(s)


def at_limit_of_files(refused):
    """Accepts until it may open no more files, and then does something else and tries again."""
    s = socket.create_server(("0.0.0.0", 9876), backlog=64)
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    held = []
    while True:
        try:
            held.append(s.accept())
        except OSError:
            refused()


def do_spin_at_limit_of_files():
    at_limit_of_files(lambda: None)


def do_sleep_at_limit_of_files():
    at_limit_of_files(lambda: time.sleep(0.1))


def do_wait_at_limit_of_files():
    """As an event loop does that stops asking for a while."""
    at_limit_of_files(lambda: EPOLL.poll(0.5))


def do_serve_by_two_under_another_number():
    """As php-fpm: the master waits in epoll, its children have the listener as 40."""
    s = socket.create_server(("0.0.0.0", 9876), backlog=64)
    for _ in range(2):
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
            os.dup2(s.fileno(), 40)
            s.close()
            serve(socket.socket(fileno=40))
    EPOLL.poll()


def do_serve_by_another_program():
    """As supervisord's fcgi-program: it holds the listener, its program has it as 0."""
    s = socket.create_server(("0.0.0.0", 9876), backlog=64)
    program = "import socket; s = socket.socket(fileno=0)\nwhile True: c = s.accept()[0]; c.recv(1)"
    subprocess.Popen([sys.executable, "-c", program], stdin=s.fileno(),
                     preexec_fn=lambda: ctypes.CDLL(None).prctl(1, signal.SIGKILL))
    EPOLL.poll()


def do_stop_asking_beside_other_listeners():
    """As a JVM at its connection limit: others of its threads wait for JMX and for a debugger."""
    s = socket.create_server(("0.0.0.0", 9876), backlog=64)
    others = [socket.create_server(("127.0.0.1", port)) for port in (8005, 5005)]
    for other in others:
        threading.Thread(target=other.accept).start()
    s.accept()
    do_lock()


def do_leave_listener_to_a_child():
    """The server ends, and what it started has its listener."""
    s = socket.create_server(("0.0.0.0", 9876), backlog=64)
    s.set_inheritable(True)
    time.sleep(3)  # so that it is seen
    subprocess.Popen(["sleep", "60"], close_fds=False)
    os._exit(0)


def do_listen_and_load():
    """Listens at once, and then loads for long."""
    s = socket.create_server(("0.0.0.0", 9876), backlog=64)
    time.sleep(1000)
    s.accept()


def do_serve_nobody_behind_tproxy():
    """Its connections were made to port 8080, where another one listens."""
    rules = """table ip m {
 chain p {
  type filter hook prerouting priority -150
  tcp dport 8080 tproxy to :9876 meta mark set 1 accept
 }
}
"""
    subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
    subprocess.run(["ip", "rule", "add", "fwmark", "1", "lookup", "100"], check=True)
    subprocess.run(["ip", "route", "add", "local", "0.0.0.0/0", "dev", "lo", "table", "100"],
                   check=True)
    s = socket.socket()
    s.setsockopt(socket.SOL_IP, 19, 1)  # IP_TRANSPARENT
    s.bind(("0.0.0.0", 9876))
    innocent = socket.create_server(("0.0.0.0", 8080), backlog=64)
    s.listen(64)
    time.sleep(1000)
    innocent.accept()


def do_serve_in_a_loop():
    """Accepts one, and is busy for ever."""
    s = socket.create_server(("0.0.0.0", 9876), backlog=64)
    s.accept()
    do_spin()


def leave(which):
    """A client that connected closes its connection."""
    connecting[int(which)].close()


def do_accept():
    socket.create_server(("127.0.0.1", 7778)).accept()


def do_lose_leader():
    """Its first thread ends, another one lives."""
    threading.Thread(target=do_sleep).start()
    ctypes.CDLL(None).pthread_exit(0)


def end(pid):
    os.kill(int(pid), signal.SIGKILL)
    os.waitpid(int(pid), 0)
    children.remove(int(pid))


def somaxconn(value):
    with open("/proc/sys/net/core/somaxconn", "w") as f:
        f.write(value)


def sysctl(name, value):
    with open("/proc/sys/" + name, "w") as f:
        f.write(value)


def route_to_nowhere():
    """Answers to 10.9.0.0/16 go out by the loopback device, and are nobody's there."""
    def address(text):
        return struct.pack("=H2x4s8x", socket.AF_INET, socket.inet_aton(text))

    device = ctypes.create_string_buffer(b"lo")
    route = struct.pack("@L16s16s16sHhLPhPLLH", 0, address("10.9.0.0"), address("0.0.0.0"),
                        address("255.255.0.0"), RTF_UP, 0, 0, 0, 0, ctypes.addressof(device), 0, 0, 0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, SIOCADDRT, route)


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def flood(port, count):
    """SYNs from addresses of 10.9.0.0/16, each from another."""
    if not forged:
        route_to_nowhere()
    target = socket.inet_aton("127.0.0.1")
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as s:
        for _ in range(int(count)):
            forged.append(None)
            source = socket.inet_aton("10.9.%d.%d" % divmod(len(forged), 250))

            def segment(check):
                return struct.pack("!HHIIBBHHH", 40000, int(port), 7, 0, 5 << 4, 2, 1024, check, 0)

            pseudo = source + target + struct.pack("!BBH", 0, socket.IPPROTO_TCP, 20)
            header = struct.pack("!BBHHHBBH", 0x45, 0, 40, 0, 0, 64, socket.IPPROTO_TCP, 0)
            packet = header + source + target + segment(checksum(pseudo + segment(0)))
            s.sendto(packet, ("127.0.0.1", 0))


def thread_listen(name, address, port, backlog):
    """As listen, from a thread that is not the first one."""
    answers = []

    def work():
        bind(name, address, port)
        answers.append(listen(name, backlog))
        answers.append(threading.get_native_id())

    t = threading.Thread(target=work)
    t.start()
    t.join()
    return "%s %d" % tuple(answers)


def listen_many(first, count):
    for port in range(int(first), int(first) + int(count)):
        bind(str(port), "0.0.0.0", port)
        sockets[str(port)].listen(5)


def timed_listen(port):
    """The monotonic clock right before the call."""
    bind(port, "0.0.0.0", port)
    before = time.monotonic_ns()
    sockets[port].listen(5)
    return before


loopback_up()
print("ready", flush=True)
try:
    for line in sys.stdin:
        command, *arguments = line.split()
        try:
            answer = globals()[command](*arguments)
        except Exception as e:
            answer = "error: %r" % e
        print("" if answer is None else answer, flush=True)
finally:
    for child in children:
        os.kill(child, signal.SIGKILL)
