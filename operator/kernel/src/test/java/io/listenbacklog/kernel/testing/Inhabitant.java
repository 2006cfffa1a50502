package io.listenbacklog.kernel.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.listenbacklog.kernel.World;
import io.listenbacklog.kernel.socket.Addresses;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.UnixListenerId;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process in a new network namespace, which does with sockets what a test says. The namespace
 * ends with it.
 */
public final class Inhabitant implements AutoCloseable {
  /** The interpreter itself: a version manager in front of it would be another process. */
  private static @Nullable String python;

  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;
  private int sockets;

  private Inhabitant(Process process) {
    this.process = process;
    commands = process.outputWriter(UTF_8);
    answers = process.inputReader(UTF_8);
  }

  /** A new namespace with its inhabitant. */
  public static Inhabitant settle() {
    return start("unshare", "--net");
  }

  /** One whose namespace is owned by a user namespace of its own. */
  public static Inhabitant settleUnprivileged() {
    return start("unshare", "--user", "--map-root-user", "--net");
  }

  private static Inhabitant start(String... unshare) {
    try {
      var script = Files.createTempFile("inhabitant", ".py");
      try (var source =
          Inhabitant.class.getResourceAsStream("/io/listenbacklog/kernel/inhabitant.py")) {
        if (source == null) throw new IllegalStateException("inhabitant.py is missing");
        Files.write(script, source.readAllBytes());
      }
      var command = new ArrayList<>(Arrays.asList(unshare));
      command.add(python());
      command.add(script.toString());
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      var inhabitant = new Inhabitant(process);
      var first = inhabitant.answers.readLine();
      Files.delete(script);
      if (!"ready".equals(first)) throw new IllegalStateException("inhabitant said " + first);
      return inhabitant;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized String python() throws IOException {
    if (python != null) return python;
    var asked = new ProcessBuilder("python3", "-c", "import sys; print(sys.executable)").start();
    try (var answer = new BufferedReader(new InputStreamReader(asked.getInputStream(), UTF_8))) {
      python = answer.readLine();
      return python;
    }
  }

  /** Its process id. */
  public int pid() {
    return (int) process.pid();
  }

  /** The inode of its network namespace. */
  public long namespace() {
    try {
      var link = Files.readSymbolicLink(Path.of("/proc/" + pid() + "/ns/net")).toString();
      return Long.parseLong(link, "net:[".length(), link.length() - 1, 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A socket that listens. */
  public Socket listen(String address, int port, int backlog, String... options) {
    var socket = bind(address, port, options);
    socket.listen(backlog);
    return socket;
  }

  /** A socket that is only bound. */
  public Socket bind(String address, int port, String... options) {
    var name = "s" + sockets++;
    var told = tell("bind %s %s %d %s".formatted(name, address, port, String.join(" ", options)));
    return new Socket(this, name, address, port, told);
  }

  /**
   * A UNIX socket that is only bound.
   *
   * @param path with an {@code @} before it, it is abstract
   */
  public UnixSocket unix(String path, String... options) {
    var name = "s" + sockets++;
    var told = tell("unix_bind %s %s %s".formatted(name, path, String.join(" ", options)));
    return new UnixSocket(this, name, path, told);
  }

  /** A client connects; whether it got through within a tenth of a second. */
  public boolean connect(String address, int port) {
    return tell("connect %s %d".formatted(address, port)).equals("1");
  }

  /** Sends a RST that belongs to no connection to a port of 127.0.0.1. */
  public void strayReset(int port) {
    tell("reset " + port);
  }

  /** A child with copies of all fds; its pid. */
  public int fork() {
    return Integer.parseInt(tell("fork"));
  }

  /** A child that does one thing for ever: a {@code do_} function of inhabitant.py; its pid. */
  public int forkDoing(String what) {
    return Integer.parseInt(tell("fork_doing " + what));
  }

  /** Ends a child. */
  public void end(int child) {
    tell("end " + child);
  }

  /** Sets its somaxconn. */
  public void somaxconn(int value) {
    tell("somaxconn " + value);
  }

  /** Sets a sysctl of its network namespace, such as {@code net/ipv4/tcp_syncookies}. */
  public void sysctl(String name, int value) {
    tell("sysctl %s %d".formatted(name, value));
  }

  /**
   * SYNs from senders that do not exist come to a port of 127.0.0.1; nothing leaves its namespace.
   */
  public void flood(int port, int count) {
    tell("flood %d %d".formatted(port, count));
  }

  /** Carries out a command of inhabitant.py. */
  public String tell(String command) {
    try {
      commands.write(command + "\n");
      commands.flush();
      var answer = answers.readLine();
      if (answer == null || answer.startsWith("error")) {
        throw new IllegalStateException("%s: %s".formatted(command, answer));
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it, and waits until it is gone. */
  public void die() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) throw new IllegalStateException("it lives");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      commands.close(); // so that it ends its children
      process.waitFor(2, TimeUnit.SECONDS);
    } catch (IOException e) {
      // It died before, which a test may want.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  /** One of its sockets. */
  public static final class Socket implements World.Socket {
    private final Inhabitant owner;
    private final String name;
    private final String address;
    private final int port;
    private final int fd;
    private final long inode;
    private final long cookie;

    private Socket(Inhabitant owner, String name, String address, int port, String told) {
      this.owner = owner;
      this.name = name;
      this.address = address;
      this.port = port;
      var numbers = told.split(" ", -1);
      fd = Integer.parseInt(numbers[0]);
      inode = Long.parseLong(numbers[1]);
      cookie = Long.parseLong(numbers[2]);
    }

    @Override
    public int fd() {
      return fd;
    }

    @Override
    public long inode() {
      return inode;
    }

    @Override
    public ListenerId id() {
      return new ListenerId(Addresses.of(address), port, 0, cookie);
    }

    @Override
    public void listen(int backlog) {
      owner.tell("listen %s %d".formatted(name, backlog));
    }

    @Override
    public void deferAccept() {
      owner.tell("defer " + name);
    }

    /** Whether it listens, as its owner sees it. */
    public boolean listens() {
      return owner.tell("listens " + name).equals("1");
    }

    @Override
    public void accept() {
      owner.tell("accept " + name);
    }

    @Override
    public void close() {
      owner.tell("close " + name);
    }

    /** From now on another socket is behind its fd. */
    public void replaceBy(Socket other) {
      owner.tell("replace %s %s".formatted(name, other.name));
    }
  }

  /** One of its UNIX sockets. */
  public static final class UnixSocket implements World.UnixSocket {
    private final Inhabitant owner;
    private final String name;
    private final String path;
    private final int fd;
    private final long inode;
    private final long cookie;

    private UnixSocket(Inhabitant owner, String name, String path, String told) {
      this.owner = owner;
      this.name = name;
      this.path = path;
      var numbers = told.split(" ", -1);
      fd = Integer.parseInt(numbers[0]);
      inode = Long.parseLong(numbers[1]);
      cookie = Long.parseLong(numbers[2]);
    }

    @Override
    public int fd() {
      return fd;
    }

    @Override
    public long inode() {
      return inode;
    }

    @Override
    public UnixListenerId id() {
      return new UnixListenerId(path, cookie);
    }

    @Override
    public void listen(int backlog) {
      owner.tell("listen %s %d".formatted(name, backlog));
    }

    /** A child of another user calls {@code listen()}. */
    public void listenAs(int uid, int backlog) {
      owner.tell("listen_as %s %d %d".formatted(name, backlog, uid));
    }

    /** User and group of its server, as a new client is told: {@code "1000 1000"}. */
    public String serverAsSeenByAClient() {
      return owner.tell("unix_server_as_seen_by_a_client " + path);
    }

    @Override
    public boolean connect() {
      return owner.tell("unix_connect " + path).equals("1");
    }

    @Override
    public void accept() {
      owner.tell("accept " + name);
    }

    @Override
    public void close() {
      owner.tell("close " + name);
    }
  }
}
