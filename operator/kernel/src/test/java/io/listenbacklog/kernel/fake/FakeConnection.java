package io.listenbacklog.kernel.fake;

import io.listenbacklog.kernel.socket.Connection;
import io.listenbacklog.kernel.socket.Endpoint;
import java.time.Duration;

/** A connection to a {@link FakeSocket}: in its queue, or accepted. */
public final class FakeConnection {
  private final FakeKernel kernel;
  private final Endpoint local;
  private final Endpoint peer;
  private final long cookie;
  private final long sinceNanos;
  private long receivedNanos;
  private long inode;
  private long unreadBytes;
  private boolean reset;

  FakeConnection(FakeKernel kernel, Endpoint local, Endpoint peer) {
    this.kernel = kernel;
    this.local = local;
    this.peer = peer;
    cookie = kernel.nextCookie();
    sinceNanos = kernel.nanos();
    receivedNanos = sinceNanos;
  }

  public long cookie() {
    return cookie;
  }

  /** Of its socket; 0: it waits. */
  public long inode() {
    synchronized (kernel) {
      return inode;
    }
  }

  /** The client sends something. */
  public FakeConnection send(int bytes) {
    synchronized (kernel) {
      unreadBytes += bytes;
      receivedNanos = kernel.nanos();
      return this;
    }
  }

  /** The client resets it: it stays in the queue, but no dump shows it. */
  public void reset() {
    synchronized (kernel) {
      reset = true;
    }
  }

  void accept() {
    inode = kernel.nextInode();
  }

  boolean isSeen() {
    return !reset;
  }

  Connection seen() {
    synchronized (kernel) {
      long now = kernel.nanos();
      return new Connection(
          local,
          0,
          peer,
          cookie,
          inode,
          unreadBytes,
          Duration.ofNanos(now - sinceNanos).toMillis(),
          Duration.ofNanos(now - receivedNanos).toMillis());
    }
  }
}
