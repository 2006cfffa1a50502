package io.listenbacklog.management;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.Deflater;

/**
 * An HTTP server with one thread for all its clients, within {@link Bounds}.
 *
 * <p>A client that sends half a request, or nothing, or does not read its response, holds a
 * connection and no thread; when there are too many connections, the oldest of the client with the
 * most are closed first. So the next valid request is answered, whatever others do. The kubelet's
 * probes have a server of their own, whose pages never block: clients of the metrics port cannot
 * affect it.
 */
public final class ManagementServer implements AutoCloseable {
  /** Explicit, because the JDK's default (50) is the fault that this operator cures. */
  private static final int BACKLOG = 512;

  /** So that a connected client is read before many others take its place. */
  private static final int ACCEPTS_A_TURN = 16;

  private static final Duration LOOK_AT_DEADLINES = Duration.ofMillis(100);

  /** For clients that still send when their response is complete. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  private static final int PIECE = 16 * 1024;

  private final ServerSocketChannel server;
  private final Selector selector;
  private final Bounds bounds;
  private final Executor executor;
  private final Map<String, Page> pages;
  private final Connections connections;
  private final ConcurrentLinkedQueue<Runnable> answered = new ConcurrentLinkedQueue<>();
  private final ByteBuffer input = ByteBuffer.allocateDirect(8 * 1024);
  private final StringBuilder piece = new StringBuilder(PIECE);

  /** Its thread's alone. Of metrics the fastest leaves a tenth, the best little less. */
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);

  private long lastLookNanos = System.nanoTime();
  private long acceptAgainNanos = System.nanoTime();

  private ManagementServer(
      ServerSocketChannel server,
      Selector selector,
      Bounds bounds,
      Executor executor,
      Map<String, Page> pages) {
    this.server = server;
    this.selector = selector;
    this.bounds = bounds;
    this.executor = executor;
    this.pages = Map.copyOf(pages);
    connections = new Connections(bounds);
  }

  /**
   * Starts serving, on all addresses.
   *
   * @param name of its thread
   * @param port 0: any free one
   * @param executor on which pages answer: {@code Runnable::run} for pages that never block. What
   *     it rejects is answered with 503.
   * @param pages by path, such as {@code /livez}
   * @throws IOException naming the port, if it cannot be had
   */
  public static ManagementServer start(
      String name, int port, Bounds bounds, Executor executor, Map<String, Page> pages)
      throws IOException {
    var server = ServerSocketChannel.open();
    try {
      server.bind(new InetSocketAddress(port), BACKLOG);
      server.configureBlocking(false);
      var selector = Selector.open();
      server.register(selector, SelectionKey.OP_ACCEPT);
      var started = new ManagementServer(server, selector, bounds, executor, pages);
      Thread.ofPlatform().name(name).daemon().start(started::serve);
      return started;
    } catch (IOException e) {
      server.close();
      throw new IOException("cannot listen on port " + port + ": " + e.getMessage(), e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.socket().getLocalPort();
  }

  private void serve() {
    while (selector.isOpen()) {
      try {
        turn();
      } catch (ClosedSelectorException e) {
        break;
      } catch (IOException | RuntimeException e) {
        // Nothing that a client does leads here; the next turn may succeed.
        LockSupport.parkNanos(LOOK_AT_DEADLINES.toNanos());
      }
    }
    connections.all().forEach(this::abort);
    deflater.end();
  }

  private void turn() throws IOException {
    // Without clients there is no deadline.
    selector.select(connections.size() == 0 && accepts() ? 0 : LOOK_AT_DEADLINES.toMillis());
    for (var each = answered.poll(); each != null; each = answered.poll()) each.run();
    SelectionKey acceptable = null;
    for (var key : new ArrayList<>(selector.selectedKeys())) {
      if (key.attachment() instanceof Connection connection) attend(connection, key);
      else acceptable = key;
    }
    selector.selectedKeys().clear();
    endThoseThatAreOver();
    // Last, so that it makes no room at the cost of who has been heard of only now.
    if (acceptable != null) accept(acceptable);
  }

  private boolean accepts() {
    var key = server.keyFor(selector);
    return key == null || key.interestOps() != 0;
  }

  private void accept(SelectionKey key) {
    try {
      for (int i = 0; i < ACCEPTS_A_TURN; i++) {
        var channel = server.accept();
        if (channel == null) return;
        take(channel);
      }
    } catch (IOException e) {
      // Most likely out of file descriptors, which would be logged again and again.
      key.interestOps(0);
      acceptAgainNanos = System.nanoTime() + LOOK_AT_DEADLINES.toNanos();
      connections.all().stream().findFirst().ifPresent(this::abort);
    }
  }

  private void take(SocketChannel channel) throws IOException {
    try {
      var address = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
      connections.inTheWayOf(address).ifPresent(this::abort);
      channel.configureBlocking(false);
      var key = channel.register(selector, SelectionKey.OP_READ);
      var connection = new Connection(channel, key, address, after(bounds.requestTime()));
      key.attach(connection);
      connections.add(connection);
      // Usually its request is there already.
      attend(connection, key);
    } catch (IOException e) {
      channel.close(); // it is gone already
    }
  }

  /** Does what can be done for a client now. */
  private void attend(Connection connection, SelectionKey key) {
    try {
      if (!key.isValid()) return;
      switch (connection.state()) {
        case ASKS -> hear(connection);
        case READS -> write(connection);
        case LINGERS -> {
          if (connection.isEnded(input)) close(connection);
        }
        case WAITS -> {}
      }
    } catch (IOException | RuntimeException e) {
      // The client is gone; or a bug in its page, which must not affect others.
      abort(connection);
    }
  }

  private void hear(Connection connection) throws IOException {
    try {
      var head = connection.read(input, bounds.headBytes());
      if (head.isEmpty()) return;
      ask(connection, head.get());
    } catch (RequestHead.Malformed e) {
      reply(connection, Answer.text(e.status(), e.why()), "");
    }
  }

  private void ask(Connection connection, RequestHead head) throws IOException {
    connection.waits(head, after(bounds.answerTime()));
    var page = pages.get(head.path());
    if (page == null) {
      reply(connection, Answer.text(404, "there is " + new TreeSet<>(pages.keySet())), "");
    } else if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
      reply(connection, Answer.text(405, "GET and HEAD are allowed"), "Allow: GET, HEAD\r\n");
    } else {
      var request = new Request(client(connection.address()), head.path(), head.bearerToken());
      think(connection, page, request);
    }
  }

  private static String client(InetAddress address) {
    return address.getHostAddress();
  }

  private void think(Connection connection, Page page, Request request) throws IOException {
    var thread = Thread.currentThread();
    try {
      executor.execute(
          () -> {
            var answer = answer(page, request);
            if (Thread.currentThread() == thread) {
              replyOrAbort(connection, answer);
            } else {
              answered.add(() -> replyOrAbort(connection, answer));
              selector.wakeup();
            }
          });
    } catch (RejectedExecutionException e) {
      reply(connection, Answer.text(503, "others are being answered"), "Retry-After: 1\r\n");
    }
  }

  private static Answer answer(Page page, Request request) {
    try {
      return page.answer(request);
    } catch (RuntimeException e) {
      return Answer.text(500, "this should not have happened");
    }
  }

  private void replyOrAbort(Connection connection, Answer answer) {
    if (!connections.contains(connection)) {
      answer.body().end(); // it was ended meanwhile
      return;
    }
    try {
      String more = answer.status() == 401 ? "WWW-Authenticate: Bearer\r\n" : "";
      reply(connection, answer, more);
    } catch (IOException | RuntimeException e) {
      abort(connection);
    }
  }

  private void reply(Connection connection, Answer answer, String more) throws IOException {
    connection.reads(answer, more, after(bounds.answerTime()));
    write(connection);
  }

  private void write(Connection connection) throws IOException {
    if (connection.write(piece, deflater)) connection.lingers(after(LINGER));
  }

  private void endThoseThatAreOver() {
    long now = System.nanoTime();
    if (now - lastLookNanos < LOOK_AT_DEADLINES.toNanos()) return;
    lastLookNanos = now;
    for (var each : connections.all()) {
      if (each.isOver(now)) abort(each);
    }
    var key = server.keyFor(selector);
    if (key != null && !accepts() && now - acceptAgainNanos >= 0) {
      key.interestOps(SelectionKey.OP_ACCEPT);
    }
  }

  private static long after(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  private void close(Connection connection) throws IOException {
    connections.remove(connection);
    connection.close();
  }

  private void abort(Connection connection) {
    connections.remove(connection);
    try {
      connection.abort();
    } catch (IOException e) {
      // It is gone anyhow.
    }
  }

  @Override
  public void close() {
    try (selector;
        server) {
      selector.wakeup();
    } catch (IOException e) {
      // They end with the process at the latest.
    }
  }
}
