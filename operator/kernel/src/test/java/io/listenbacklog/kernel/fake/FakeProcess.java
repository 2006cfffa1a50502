package io.listenbacklog.kernel.fake;

import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.process.OpenFiles;
import io.listenbacklog.kernel.process.ProcessFacts;
import io.listenbacklog.kernel.process.ServiceFacts;
import io.listenbacklog.kernel.socket.Addresses;
import io.listenbacklog.kernel.threads.BlockedCall;
import io.listenbacklog.kernel.threads.FdTarget;
import io.listenbacklog.kernel.threads.ThreadFacts;
import io.listenbacklog.kernel.threads.ThreadFacts.Condition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A process of a {@link FakeKernel}. */
public final class FakeProcess {
  final FakeNamespace namespace;
  final @Nullable Container container;
  final SortedMap<Integer, FakeSocket> descriptors = new TreeMap<>();
  final List<FakeConnection> connections = new ArrayList<>();
  final SortedMap<Integer, ThreadFacts> threads = new TreeMap<>();
  volatile ProcessFacts facts;
  final AtomicLong image = new AtomicLong(1);
  volatile Set<String> mapped = Set.of();
  volatile Set<Integer> handedOver = Set.of();
  final long startNanos;
  private final FakeKernel kernel;
  @Nullable SyscallException hidden;
  private int limitOfFiles = 1024;
  private boolean wakes;
  private final Set<Integer> awake = new HashSet<>();

  /** The pid of who started it; 0: the node did. */
  volatile int parent;

  private volatile String unit = "";
  private volatile int user;

  FakeProcess(
      FakeKernel kernel,
      FakeNamespace namespace,
      @Nullable Container container,
      ProcessFacts facts) {
    this.kernel = kernel;
    this.namespace = namespace;
    this.container = container;
    this.facts = facts;
    startNanos = kernel.nanos();
    does(Condition.SLEEPING, new BlockedCall("read", 0, new FdTarget("pipe", 0)));
  }

  /** What its first thread does from now on; until then it waits for input from a pipe. */
  public void does(Condition condition, @Nullable BlockedCall call) {
    thread(pid(), facts.command(), condition, call);
  }

  /** Its first thread waits for a client to send something. */
  public void waitsFor(FakeConnection client) {
    int fd = fd(client);
    var target = new FdTarget("socket", client.inode());
    does(Condition.SLEEPING, new BlockedCall("recvfrom", fd, target));
  }

  /** It is started as a unit of systemd, by a user. */
  public FakeProcess ofUnit(String name, int uid) {
    unit = name;
    user = uid;
    return this;
  }

  /** It was started by another, whose unit and user it has. */
  FakeProcess startedBy(FakeProcess other) {
    parent = other.pid();
    return ofUnit(other.unit, other.user);
  }

  ServiceFacts service() {
    return new ServiceFacts(user, unit, container == null ? "" : container.containerId());
  }

  /** Under which fd it holds a connection that it accepted. */
  int fd(FakeConnection accepted) {
    return 100 + connections.indexOf(accepted);
  }

  /** From now on it may have no more descriptors open than it has. */
  public void limitFilesToThoseOpen() {
    synchronized (kernel) {
      limitOfFiles = opened();
    }
  }

  /** It may open more again. */
  public void raiseLimitOfFiles() {
    synchronized (kernel) {
      limitOfFiles = Integer.MAX_VALUE;
    }
  }

  private int opened() {
    return 3 + descriptors.size() + connections.size(); // stdin, stdout, stderr
  }

  OpenFiles openFiles() {
    return new OpenFiles(opened(), limitOfFiles);
  }

  /** Gets one more thread; its id. */
  public int thread(String name, Condition condition, @Nullable BlockedCall call) {
    int thread = kernel.nextThread();
    thread(thread, name, condition, call);
    return thread;
  }

  /** Each time that it is looked at, all its threads run at the first look, and not at the next. */
  public void wakesForMoments() {
    synchronized (kernel) {
      wakes = true;
    }
  }

  /** What a look shows of a thread; null: it is gone. */
  @Nullable ThreadFacts look(int thread) {
    var asleep = threads.get(thread);
    if (asleep == null || !wakes || !awake.add(thread)) {
      awake.remove(thread);
      return asleep;
    }
    return new ThreadFacts(asleep.pid(), thread, asleep.name(), Condition.RUNNING, null);
  }

  private void thread(int id, String name, Condition condition, @Nullable BlockedCall call) {
    synchronized (kernel) {
      threads.put(id, new ThreadFacts(pid(), id, name, condition, call));
    }
  }

  /** The network namespace it is in. */
  public FakeNamespace namespace() {
    return namespace;
  }

  public int pid() {
    return facts.pid();
  }

  /**
   * Binds a socket and listens.
   *
   * @param address such as {@code 0.0.0.0}, {@code ::} or {@code ::ffff:127.0.0.1}
   */
  public FakeSocket listen(String address, int port, int backlog) {
    synchronized (kernel) {
      var socket = bind(address, port);
      socket.listen(this, backlog);
      return socket;
    }
  }

  /** Binds a socket that does not listen yet. */
  public FakeSocket bind(String address, int port) {
    synchronized (kernel) {
      var socket = new FakeSocket(kernel, namespace, Addresses.of(address), port);
      receive(socket);
      return socket;
    }
  }

  /**
   * Binds a UNIX socket and listens.
   *
   * @param path as {@code ss} shows it, such as {@code /run/php.sock} or {@code @abstract}
   */
  public FakeSocket listenUnix(String path, int backlog) {
    synchronized (kernel) {
      var socket = bindUnix(path);
      socket.listen(this, backlog);
      return socket;
    }
  }

  /** Binds a UNIX socket that does not listen yet. */
  public FakeSocket bindUnix(String path) {
    synchronized (kernel) {
      var socket = new FakeSocket(kernel, namespace, path);
      receive(socket);
      return socket;
    }
  }

  /** Gets another process's socket, at its lowest free fd from 3. */
  public void receive(FakeSocket socket) {
    synchronized (kernel) {
      int fd = 3;
      while (descriptors.containsKey(fd)) fd++;
      descriptors.put(fd, socket);
    }
  }

  /** Holds a socket under so many descriptors more, from this number on. */
  public void dup(FakeSocket socket, int from, int times) {
    synchronized (kernel) {
      for (int fd = from; fd < from + times; fd++) descriptors.put(fd, socket);
    }
  }

  /** Holds a socket under another fd from now on. */
  public void move(FakeSocket socket, int fd) {
    synchronized (kernel) {
      descriptors.values().removeIf(held -> held == socket);
      descriptors.put(fd, socket);
    }
  }

  /** Under which fd it holds a socket. */
  public int fd(FakeSocket socket) {
    synchronized (kernel) {
      return descriptors.entrySet().stream()
          .filter(entry -> entry.getValue() == socket)
          .findFirst()
          .orElseThrow()
          .getKey();
    }
  }

  /** Closes a socket; it is gone when nobody else holds it. */
  public void close(FakeSocket socket) {
    synchronized (kernel) {
      descriptors.values().removeIf(held -> held == socket);
    }
  }

  /** A child that holds all that this one holds. */
  public FakeProcess fork() {
    return kernel.fork(this);
  }

  /** A security module lets nobody look at it any more: only its cgroup is seen. */
  public void hide() {
    synchronized (kernel) {
      hidden = new SyscallException("readlink(/proc/%d/ns/net)".formatted(pid()), Errno.EACCES);
    }
  }

  /** It may be looked at (again). */
  public void show() {
    synchronized (kernel) {
      hidden = null;
    }
  }

  /** A child that holds all that this one holds, and is another program. */
  public FakeProcess forkAndExec(String command) {
    return kernel.forkAndExec(this, command);
  }

  /** Becomes another program, which holds the same sockets. */
  public void exec(String command, String... arguments) {
    facts =
        new ProcessFacts(
            pid(),
            command,
            "/usr/bin/" + command,
            List.of(arguments),
            facts.containerName(),
            false);
    image.incrementAndGet();
  }

  /** Gives itself another name, and stays the program that it is. */
  public void isCalled(String command) {
    facts =
        new ProcessFacts(
            pid(),
            command,
            facts.executable(),
            facts.arguments(),
            facts.containerName(),
            facts.goRuntime());
  }

  /** Has these files mapped from now on. */
  public void maps(String... files) {
    mapped = Set.of(files);
  }

  /** Its environment says from now on that these descriptors were handed over to it. */
  public void isHanded(Integer... descriptors) {
    handedOver = Set.of(descriptors);
  }

  /** Ends. */
  public void exit() {
    kernel.exit(this);
  }
}
