package io.listenbacklog.kernel.fake;

import io.listenbacklog.kernel.events.KernelEvent.ListenerBorn;
import io.listenbacklog.kernel.log.FloodWarning;
import io.listenbacklog.kernel.socket.Addresses;
import io.listenbacklog.kernel.socket.Endpoint;
import io.listenbacklog.kernel.socket.IpAddress;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.SocketId;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A socket of a {@link FakeKernel}, bound to an address or a UNIX path; perhaps it listens. */
public final class FakeSocket {
  private static final IpAddress PEER = Addresses.of("10.0.3.7");

  final FakeNamespace namespace;
  final int port;
  final long inode;
  final long cookie;
  private final FakeKernel kernel;
  private final IpAddress address;
  private final @Nullable String path;
  private boolean listening;
  private boolean deferring;
  private int backlog;
  private int queue;
  final List<FakeConnection> waiting = new ArrayList<>();

  /** Inodes of the sockets of those that wait at a UNIX one; 0: it is closed. */
  private final List<Long> unixClients = new ArrayList<>();

  private long drops;
  private int synReceived;
  private boolean warned;

  FakeSocket(FakeKernel kernel, FakeNamespace namespace, IpAddress address, int port) {
    this(kernel, namespace, address, port, null);
  }

  FakeSocket(FakeKernel kernel, FakeNamespace namespace, String path) {
    this(kernel, namespace, IpAddress.v4(0), 0, path);
  }

  private FakeSocket(
      FakeKernel kernel,
      FakeNamespace namespace,
      IpAddress address,
      int port,
      @Nullable String path) {
    this.kernel = kernel;
    this.path = path;
    this.namespace = namespace;
    this.address = address;
    this.port = port;
    inode = kernel.nextInode();
    cookie = kernel.nextCookie();
  }

  public ListenerId id() {
    return new ListenerId(address, port, 0, cookie);
  }

  /** Of whichever family. */
  public SocketId socketId() {
    return path == null ? id() : new UnixListenerId(path, cookie);
  }

  public long inode() {
    return inode;
  }

  /** The application calls {@code listen()}, for the first time or again. */
  public void listen(FakeProcess caller, int wanted) {
    synchronized (kernel) {
      boolean born = !listening;
      setBacklog(wanted);
      listening = true;
      if (born && path == null) kernel.tell(new ListenerBorn(caller.pid(), port));
    }
  }

  /** {@code inet_listen}: the clamp is the one of the socket's namespace, negative means most. */
  void setBacklog(int wanted) {
    backlog = (int) Math.min(Integer.toUnsignedLong(wanted), Math.max(0, namespace.somaxconn()));
  }

  /**
   * A client connects.
   *
   * @return whether it got into the queue; otherwise its SYN was dropped and counted
   */
  public boolean connect() {
    return connect(local());
  }

  /** A client connects to another address, and TPROXY or sk_lookup brings it here. */
  public FakeConnection connectedFor(String otherAddress, int otherPort) {
    synchronized (kernel) {
      if (!connect(new Endpoint(Addresses.of(otherAddress), otherPort))) {
        throw new IllegalStateException("the queue is full");
      }
      return waiting.getLast();
    }
  }

  private boolean connect(Endpoint to) {
    synchronized (kernel) {
      if (path != null) {
        if (queue > backlog) return false; // EAGAIN, and nobody counts it
        queue++;
        unixClients.add(kernel.nextInode());
        return true;
      }
      if (queue > backlog) {
        drops++;
        namespace.overflow();
        return false;
      }
      if (deferring) {
        drops++; // its bare ACK is ignored: the client thinks that it is connected
        return true;
      }
      queue++;
      namespace.opened();
      var peer = new Endpoint(PEER, kernel.nextPort());
      waiting.add(kernel.client(new FakeConnection(kernel, to, peer)));
      return true;
    }
  }

  /**
   * SYNs come whose senders never answer: forged. Of {@code tcp_conn_request}
   * (net/ipv4/tcp_input.c) it keeps which limit holds, what is counted, and the one line in the
   * log.
   */
  public void flood(int count) {
    synchronized (kernel) {
      for (int syn = 0; syn < count; syn++) synOfNobody();
    }
  }

  private void synOfNobody() {
    int cookies = namespace.synCookies();
    if (cookies == 2) {
      namespace.sendCookie();
    } else if (synReceived > backlog) {
      warn(cookies == 1);
      if (cookies == 1) {
        namespace.sendCookie();
      } else {
        namespace.dropForFullRequestQueue();
        drops++;
      }
    } else if (cookies == 0 && tooManyFor(namespace.tcpMaxSynBacklog())) {
      namespace.dropForMaxSynBacklog();
      drops++;
    } else {
      synReceived++;
    }
  }

  private boolean tooManyFor(int tcpMaxSynBacklog) {
    return tcpMaxSynBacklog - synReceived < tcpMaxSynBacklog >> 2;
  }

  private void warn(boolean cookies) {
    if (warned) return;
    warned = true;
    String text = id().text();
    String shown = text.substring(0, text.lastIndexOf(':'));
    kernel.warn(new FloodWarning(kernel.nextMicros(), shown, port, cookies));
  }

  /** The requests of forged SYNs time out. */
  public void forgetSyns() {
    synchronized (kernel) {
      synReceived = 0;
    }
  }

  /**
   * A client's last ACK comes while the queue is full: it is ignored, and the client is not told.
   */
  public void dropLastAck() {
    synchronized (kernel) {
      if (queue <= backlog) throw new IllegalStateException("there is room");
      drops += 2;
      namespace.overflow();
    }
  }

  /** A segment comes that makes no sense, such as a RST of no connection: not an overflow. */
  public void strayReset() {
    synchronized (kernel) {
      drops++;
    }
  }

  /** Sets {@code TCP_DEFER_ACCEPT}: who sends nothing waits outside of the queue. */
  public void deferAccept() {
    synchronized (kernel) {
      deferring = true;
    }
  }

  boolean isDeferring() {
    return deferring;
  }

  /** A client connects, and must get in. */
  public FakeConnection connected() {
    synchronized (kernel) {
      if (!connect()) throw new IllegalStateException("the queue is full");
      return waiting.getLast();
    }
  }

  /** The address by which clients come: that of the listener, or one that it stands for. */
  private Endpoint local() {
    if (!address.isWildcard()) return new Endpoint(address, port);
    var own = address.isMapped() ? "::ffff:10.9.0.1" : address.ipv6() ? "fd00::1" : "10.9.0.1";
    return new Endpoint(Addresses.of(own), port);
  }

  /** The application accepts a connection that waits. */
  public FakeConnection accept() {
    synchronized (kernel) {
      if (queue == 0) throw new IllegalStateException("nobody waits");
      queue--;
      if (path != null) throw new IllegalStateException("acceptUnix() it");
      var first = waiting.removeFirst();
      first.accept();
      return first;
    }
  }

  /** A process accepts a connection that waits, and holds it from now on. */
  public FakeConnection accept(FakeProcess process) {
    synchronized (kernel) {
      var accepted = accept();
      process.connections.add(accepted);
      return accepted;
    }
  }

  public int backlog() {
    synchronized (kernel) {
      return backlog;
    }
  }

  int synReceived() {
    synchronized (kernel) {
      return synReceived;
    }
  }

  boolean isListening() {
    return listening;
  }

  /** The application accepts a client of a UNIX socket. */
  public void acceptUnix() {
    synchronized (kernel) {
      if (queue == 0) throw new IllegalStateException("nobody waits");
      queue--;
      unixClients.removeFirst();
    }
  }

  /** A client of a UNIX socket that waits gives up: it is in the queue all the same. */
  public void leaveUnix(int which) {
    synchronized (kernel) {
      unixClients.set(which, 0L);
    }
  }

  List<Long> unixClients() {
    synchronized (kernel) {
      return List.copyOf(unixClients);
    }
  }

  /** How many wait for accept(). */
  public int queued() {
    synchronized (kernel) {
      return queue;
    }
  }

  boolean isUnix() {
    return path != null;
  }

  UnixListener seenUnix() {
    synchronized (kernel) {
      return new UnixListener(
          new UnixListenerId(path == null ? "" : path, cookie), inode, queue, backlog);
    }
  }

  Listener seen() {
    synchronized (kernel) {
      return new Listener(id(), inode, queue, backlog, drops);
    }
  }
}
