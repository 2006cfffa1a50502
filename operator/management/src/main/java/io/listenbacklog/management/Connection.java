package io.listenbacklog.management;

import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * A client, from its connection to its end. It holds the part of the request head received so far,
 * then the part of the response not yet sent: nothing while the client is silent.
 */
final class Connection {
  /** What it does now. */
  enum State {
    /** All is sent; what the client still sends is thrown away, so that it can read the answer. */
    LINGERS,
    /** Its request has not ended yet. */
    ASKS,
    /** Its response is being made. */
    WAITS,
    /** Its answer is sent. */
    READS
  }

  private static final byte[] NOTHING = {};
  private static final ByteBuffer SENT = ByteBuffer.allocate(0);

  /** After this many pieces a fast reader yields to other clients. */
  private static final int PIECES_A_TURN = 16;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final InetAddress address;
  private State state = State.ASKS;
  private long deadlineNanos;
  private byte[] head = NOTHING;
  private int length;
  private boolean chunked;
  private boolean bodiless;
  private boolean takesGzip;
  private @Nullable Gzip gzip;
  private @Nullable Body body;
  private ByteBuffer unsent = SENT;

  Connection(SocketChannel channel, SelectionKey key, InetAddress address, long deadlineNanos) {
    this.channel = channel;
    this.key = key;
    this.address = address;
    this.deadlineNanos = deadlineNanos;
  }

  InetAddress address() {
    return address;
  }

  State state() {
    return state;
  }

  boolean isOver(long nanos) {
    return nanos - deadlineNanos >= 0;
  }

  /**
   * Reads on.
   *
   * @param buffer is the server's
   * @return the head once it has ended
   * @throws RequestHead.Malformed also for one that is too long
   * @throws IOException if the client is gone
   */
  Optional<RequestHead> read(ByteBuffer buffer, int headBytes)
      throws IOException, RequestHead.Malformed {
    buffer.clear();
    int count = channel.read(buffer);
    if (count < 0) throw new IOException("closed by the client");
    buffer.flip();
    int taken = Math.min(buffer.remaining(), headBytes - length);
    if (length + taken > head.length) {
      // Grows by half for a client that sends byte by byte; exact for one that sends all at once.
      int size = Math.min(headBytes, Math.max(length + taken, head.length + head.length / 2));
      head = Arrays.copyOf(head, size);
    }
    buffer.get(head, length, taken);
    length += taken;
    int end = RequestHead.end(head, length);
    if (end < 0 && length < headBytes) return Optional.empty();
    var bytes = head;
    head = NOTHING;
    if (end < 0) throw new RequestHead.Malformed(431, "more than " + headBytes + " bytes of head");
    return Optional.of(RequestHead.of(bytes, end));
  }

  /** Its request is complete; no more is read. */
  void waits(RequestHead request, long deadline) {
    state = State.WAITS;
    deadlineNanos = deadline;
    chunked = !request.old();
    bodiless = request.method().equals("HEAD");
    takesGzip = request.gzip() && chunked;
    key.interestOps(0);
  }

  /** Begins to send an answer. */
  void reads(Answer answer, String more, long deadline) {
    state = State.READS;
    deadlineNanos = deadline;
    body = answer.body();
    var text = new StringBuilder(256);
    text.append("HTTP/1.1 ").append(answer.status()).append(' ').append(Reason.of(answer.status()));
    text.append("\r\nContent-Type: ").append(answer.contentType()).append("\r\n").append(more);
    if (answer.body().isLong()) {
      text.append("Vary: Accept-Encoding\r\n");
      if (takesGzip) {
        gzip = new Gzip();
        text.append("Content-Encoding: gzip\r\n");
      }
    }
    if (chunked) text.append("Transfer-Encoding: chunked\r\n");
    text.append("Connection: close\r\n\r\n");
    unsent = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    if (bodiless) endBody();
    key.interestOps(SelectionKey.OP_WRITE);
  }

  /**
   * Sends on, as much as the client takes now.
   *
   * @param text is the server's, for pieces
   * @param deflater likewise
   * @return whether all is sent
   */
  boolean write(StringBuilder text, Deflater deflater) throws IOException {
    for (int i = 0; i < PIECES_A_TURN; i++) {
      channel.write(unsent);
      if (unsent.hasRemaining()) return false;
      unsent = SENT;
      var rest = body;
      if (rest == null) return true;
      text.setLength(0);
      boolean last = !rest.more(text);
      if (last) endBody();
      unsent = piece(text, deflater, last);
    }
    return false;
  }

  private ByteBuffer piece(StringBuilder text, Deflater deflater, boolean last) {
    var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    var compressed = gzip;
    if (compressed != null) bytes = compressed.piece(deflater, bytes, last);
    if (!chunked) return ByteBuffer.wrap(bytes);
    var framed = ByteBuffer.allocate(bytes.length + 32);
    if (bytes.length > 0) {
      framed.put(ascii(Integer.toHexString(bytes.length))).put(ascii("\r\n"));
      framed.put(bytes).put(ascii("\r\n"));
    }
    if (last) framed.put(ascii("0\r\n\r\n"));
    return framed.flip();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Shuts down our side. */
  void lingers(long deadline) throws IOException {
    state = State.LINGERS;
    deadlineNanos = deadline;
    channel.shutdownOutput();
    key.interestOps(SelectionKey.OP_READ);
  }

  /** Whether the client has shut down its side; anything else it sends is discarded. */
  boolean isEnded(ByteBuffer buffer) throws IOException {
    buffer.clear();
    return channel.read(buffer) < 0;
  }

  private void endBody() {
    var ended = body;
    body = null;
    if (ended != null) ended.end();
  }

  /** Closes it in the normal way. */
  void close() throws IOException {
    endBody();
    unsent = SENT;
    channel.close();
  }

  /**
   * Ends it with a reset: a truncated response must not look complete, and the kernel keeps nothing
   * of it.
   */
  void abort() throws IOException {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } finally {
      close();
    }
  }
}
