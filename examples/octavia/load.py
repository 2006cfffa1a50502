"""Bounded load on a server in this network namespace: one client that connects and says nothing, then requests at once.

Prints what became of them as "name: value" lines. Every wait has a limit.
"""
import argparse
import socket
import statistics
import threading
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, default=9876)
arguments.add_argument("--requests", type=int, default=30)
arguments.add_argument("--silent", type=float, default=8, help="seconds that the silent client stays")
arguments.add_argument("--patience", type=float, default=3, help="seconds a client tries to connect")
options = arguments.parse_args()

# What the clients of the day asked, and what lay unread in the sockets that waited: 384 bytes.
request = b"GET / HTTP/1.0\r\nHost: octavia-api:9876\r\nX-Auth-Token: "
request += b"g" * (384 - len(request) - 4) + b"\r\n\r\n"

silent = socket.create_connection(("127.0.0.1", options.port), timeout=options.patience)
print("silent client: %s:%d" % silent.getsockname(), flush=True)
time.sleep(0.2)  # the server takes it, and waits for its request

lock = threading.Lock()
connected, timeouts, refused, answers = [], [], [], []
together = threading.Barrier(options.requests)


def ask():
    together.wait()
    began = time.monotonic()
    try:
        connection = socket.create_connection(("127.0.0.1", options.port), timeout=options.patience)
    except TimeoutError:
        with lock:
            timeouts.append(time.monotonic() - began)
        return
    except OSError as error:
        with lock:
            refused.append(str(error))
        return
    with lock:
        connected.append((time.monotonic() - began) * 1000)
    with connection:
        connection.settimeout(options.silent + 10)
        try:
            connection.sendall(request)
            if connection.recv(1024).startswith(b"HTTP/1.0 200"):
                with lock:
                    answers.append(time.monotonic() - began)
        except OSError:
            pass  # counted as not answered


threads = [threading.Thread(target=ask) for _ in range(options.requests)]
for thread in threads:
    thread.start()
time.sleep(options.silent)
silent.close()
for thread in threads:
    thread.join()

print(f"requests: {options.requests}, beside 1 client that said nothing for {options.silent:g} s")
print(f"connected: {len(connected)}")
print(f"gave up connecting after {options.patience:g} s: {len(timeouts)}")
print(f"refused: {len(refused)}")
print(f"answered: {len(answers)}")
if connected:
    print(f"median connect: {statistics.median(connected):.2f} ms")
if answers:
    print(f"median answer: {statistics.median(answers):.2f} s")
