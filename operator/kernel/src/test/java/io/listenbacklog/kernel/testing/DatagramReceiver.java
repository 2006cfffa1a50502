package io.listenbacklog.kernel.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.HexFormat;

/**
 * Another program that receives datagrams at a UNIX socket, as systemd does: {@link Need#PYTHON}.
 */
public final class DatagramReceiver implements AutoCloseable {
  private static final String PROGRAM =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind("\\0" + sys.argv[1][1:] if sys.argv[1].startswith("@") else sys.argv[1])
      s.settimeout(120)
      print("bound", flush=True)
      while True: print(s.recv(65536).hex(), flush=True)
      """;

  private final Process process;
  private final BufferedReader said;

  private DatagramReceiver(Process process) {
    this.process = process;
    said = process.inputReader(US_ASCII);
  }

  /** One that is bound to a path, or to {@code @} and an abstract name. */
  public static DatagramReceiver at(String address) throws IOException {
    var builder = new ProcessBuilder("python3", "-c", PROGRAM, address);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    var receiver = new DatagramReceiver(builder.start());
    if (!"bound".equals(receiver.said.readLine())) {
      throw new IOException("cannot be bound to " + address);
    }
    return receiver;
  }

  /**
   * The next one; waits for it.
   *
   * @throws IOException if none comes for two minutes
   */
  public String next() throws IOException {
    String line = said.readLine();
    if (line == null) throw new IOException("nothing came any more");
    return new String(HexFormat.of().parseHex(line), UTF_8);
  }

  /** Passes over those before it. */
  public String nextWith(String text) throws IOException {
    while (true) {
      String next = next();
      if (next.contains(text)) return next;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
