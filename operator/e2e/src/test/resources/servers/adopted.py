"""A server of one thread whose manager has opened its listener, as descriptor 0."""
import socket

listener = socket.socket(fileno=0)
while True:
    with listener.accept()[0] as connection:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nserved")
