package io.listenbacklog.management;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client that sends what it likes, byte for byte. */
final class Client implements AutoCloseable {
  static final String HALF = "GET /livez HTTP/1.1\r\nHost: x\r\n";

  private final Socket socket;

  private Client(Socket socket) {
    this.socket = socket;
  }

  static Client of(int port) throws IOException {
    return from("127.0.0.1", port);
  }

  /** From one of the addresses of the loopback, each of which is another client. */
  static Client from(String address, int port) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(10_000);
    socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), 5_000);
    return new Client(socket);
  }

  Client send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return this;
  }

  /** All of the answer, to the end of the connection. */
  String answer() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  /** What is there of it now, at least one byte, at most so many. */
  String some(int most) throws IOException {
    var bytes = new byte[most];
    int count = socket.getInputStream().read(bytes);
    return count < 0 ? "" : new String(bytes, 0, count, ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
