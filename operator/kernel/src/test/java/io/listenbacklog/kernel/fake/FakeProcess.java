package io.listenbacklog.kernel.fake;

import io.listenbacklog.kernel.listeners.Addresses;
import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.process.ProcessFacts;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A process of a {@link FakeKernel}. */
public final class FakeProcess {
  final FakeNamespace namespace;
  final @Nullable Container container;
  final SortedMap<Integer, FakeSocket> descriptors = new TreeMap<>();
  final ProcessFacts facts;
  private final FakeKernel kernel;

  FakeProcess(
      FakeKernel kernel,
      FakeNamespace namespace,
      @Nullable Container container,
      ProcessFacts facts) {
    this.kernel = kernel;
    this.namespace = namespace;
    this.container = container;
    this.facts = facts;
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

  /** Gets another process's socket, at its lowest free fd from 3. */
  public void receive(FakeSocket socket) {
    synchronized (kernel) {
      int fd = 3;
      while (descriptors.containsKey(fd)) fd++;
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

  /** Ends. */
  public void exit() {
    kernel.exit(this);
  }
}
