package io.listenbacklog.kernel;

import static java.util.Objects.requireNonNull;

import io.listenbacklog.kernel.events.KernelEvent.CgroupMade;
import io.listenbacklog.kernel.events.KernelEvent.ListenerBorn;
import io.listenbacklog.kernel.events.KernelEvents;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.netns.NetworkNamespaces.Visit;
import io.listenbacklog.kernel.relisten.RelistenResult.Changed;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.threads.ThreadFacts;
import io.listenbacklog.kernel.threads.ThreadFacts.Condition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Does everything once on the kernel that it runs on, with nothing but a JVM and {@code unshare}:
 * for kernels booted in an emulator. Exits with 1 if something is not as it should be.
 */
final class SelfCheck {
  private static final Set<String> READS = Set.of("read", "recvfrom");

  private final LinuxKernel kernel;
  private final int pid = (int) ProcessHandle.current().pid();
  private final long namespace;

  private SelfCheck(LinuxKernel kernel) throws IOException {
    this.kernel = kernel;
    namespace = kernel.processes().networkNamespace(pid).orElseThrow();
  }

  public static void main(String[] arguments) throws IOException {
    var paths = new LinuxKernel.Paths(Path.of("/proc"), Path.of("/tmp/self-check-tracefs"));
    try (var kernel = new LinuxKernel(new LibC(), paths)) {
      new SelfCheck(kernel).check();
    } catch (IOException | RuntimeException e) {
      e.printStackTrace(System.out);
      System.exit(1);
    }
    System.out.println("all is as it should be");
  }

  private void check() throws IOException {
    say("kernel", Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
    say("boot id", kernel.bootId());
    say("relisten unavailable", kernel.relisten().unavailable());
    say("counters", kernel.namespaces().visit(pid, namespace, NamespaceView::counters));
    try (var events = kernel.openEvents()) {
      checkListener(events, "0.0.0.0");
      checkListener(events, "::");
      checkListener(events, "127.0.0.1");
      checkCgroup(events);
    }
    checkOtherNamespace();
    checkQueue();
    checkFrozen();
  }

  /** One client is accepted and silent, another one waits and has sent 384 bytes. */
  private void checkQueue() throws IOException {
    var loopback = InetAddress.ofLiteral("127.0.0.1");
    try (var server = new ServerSocket(0, 5, loopback);
        var silent = new Socket(loopback, server.getLocalPort());
        var accepted = server.accept();
        var waiting = new Socket(loopback, server.getLocalPort())) {
      waiting.getOutputStream().write(new byte[384]);
      int port = server.getLocalPort();
      var queue =
          kernel
              .namespaces()
              .visit(pid, namespace, there -> there.connections().queues(port))
              .getFirst();
      require(queue.listeners().getFirst().queue() == 1, "queue of one: " + queue);
      var first = queue.waiting().getFirst();
      require(first.unreadBytes() == 384 && first.waits(), "384 bytes wait: " + first);
      var reader = Thread.ofPlatform().daemon().start(() -> read(accepted));
      ThreadFacts seen = null;
      while (seen == null) seen = whoReads();
      say("thread that reads", seen);
      long inode = requireNonNull(requireNonNull(seen.call()).target()).socket();
      var peer =
          kernel
              .namespaces()
              .visit(pid, namespace, there -> there.connections().accepted(Set.of(inode)))
              .get(inode);
      require(
          requireNonNull(peer, "no peer").peer().port() == silent.getLocalPort(),
          "another peer: " + peer);
      say("its peer", peer);
      silent.shutdownOutput();
      reader.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void read(Socket socket) {
    try {
      socket.getInputStream().read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The thread of this process that waits for a connected socket. */
  private @Nullable ThreadFacts whoReads() throws IOException {
    for (int thread : kernel.threads().of(pid, 1_000)) {
      var facts = kernel.threads().facts(pid, thread).orElse(null);
      var call = facts == null ? null : facts.call();
      if (call == null || !READS.contains(call.name())) continue;
      if (call.target() != null && call.target().socket() != 0) return facts;
    }
    return null;
  }

  /** On Linux 5.10 wchan is always 0. */
  private void checkFrozen() throws IOException {
    var process = new ProcessBuilder("cat").start();
    var cgroup = Files.createDirectory(cgroup2().resolve("self-check-" + UUID.randomUUID()));
    try {
      int other = (int) process.pid();
      while (!condition(other).equals(Condition.SLEEPING)) Thread.onSpinWait();
      say("a thread that waits", kernel.threads().facts(other, other));
      Files.writeString(cgroup.resolve("cgroup.procs"), Integer.toString(other));
      Files.writeString(cgroup.resolve("cgroup.freeze"), "1");
      while (!Files.readString(cgroup.resolve("cgroup.events")).contains("frozen 1")) {
        Thread.onSpinWait();
      }
      require(condition(other) == Condition.FROZEN, "frozen: " + condition(other));
      say("a thread that is frozen", kernel.threads().facts(other, other));
    } finally {
      Files.writeString(cgroup.resolve("cgroup.freeze"), "0");
      process.destroyForcibly().onExit().join();
      Files.delete(cgroup);
    }
  }

  private Condition condition(int pid) throws IOException {
    return kernel.threads().facts(pid, pid).orElseThrow().condition();
  }

  private void checkListener(KernelEvents events, String address) throws IOException {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0), 5);
      int port = socket.getLocalPort();
      long from = System.nanoTime();
      boolean born = false;
      while (!born) {
        born =
            events.read().stream()
                .anyMatch(event -> event instanceof ListenerBorn(_, int at) && at == port);
      }
      say("birth seen after ms", (System.nanoTime() - from) / 1_000_000);
      var listener = onPort(port);
      require(listener.backlog() == 5, "backlog 5: " + listener);
      int fd = kernel.processes().sockets(pid).getOrDefault(listener.inode(), -1);
      var raised =
          inside(
              there ->
                  kernel.relisten().raise(there, pid, fd, listener.inode(), listener.id(), 64));
      require(raised.equals(new Changed(5, 64)), "raise: " + raised);
      var known = inside(there -> there.listeners().known(List.of(listener.id())));
      require(known.size() == 1 && known.getFirst().backlog() == 64, "read back: " + known);
      var restored =
          inside(
              there ->
                  kernel
                      .relisten()
                      .restore(there, pid, fd, listener.inode(), listener.id(), 64, 5));
      require(restored.equals(new Changed(64, 5)), "restore: " + restored);
      say("raised and restored", listener.id().text());
    }
  }

  private <T> T inside(Visit<T> visit) throws IOException {
    return kernel.namespaces().visit(pid, namespace, visit);
  }

  private Listener onPort(int port) throws IOException {
    return inside(there -> there.listeners().onPort(port)).getFirst();
  }

  private void checkCgroup(KernelEvents events) throws IOException {
    var name = "pod" + UUID.randomUUID();
    var cgroup = cgroup2().resolve(name);
    Files.createDirectory(cgroup);
    boolean made = false;
    while (!made) {
      made =
          events.read().stream()
              .anyMatch(event -> event instanceof CgroupMade(String path) && path.endsWith(name));
    }
    Files.delete(cgroup);
    say("cgroup seen", name);
  }

  private static Path cgroup2() throws IOException {
    try (var mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      return mounts
          .map(line -> line.split(" ", -1))
          .filter(fields -> fields[2].equals("cgroup2"))
          .map(fields -> Path.of(fields[1]))
          .findFirst()
          .orElseThrow(() -> new IOException("no cgroup2 is mounted"));
    }
  }

  private void checkOtherNamespace() throws IOException {
    var process = new ProcessBuilder("unshare", "-n", "cat").start();
    try {
      int other = (int) process.pid();
      long there = namespace;
      while (there == namespace) there = kernel.processes().networkNamespace(other).orElseThrow();
      int before = kernel.namespaces().visit(other, there, NamespaceView::somaxconn);
      int after = kernel.namespaces().visit(other, there, it -> it.writeSomaxconn(before + 1));
      require(after == before + 1, "somaxconn: " + after);
      int own = kernel.namespaces().visit(pid, namespace, NamespaceView::somaxconn);
      require(own != after, "somaxconn of our own namespace changed");
      say("somaxconn of another namespace", "%d -> %d".formatted(before, after));
    } finally {
      process.destroyForcibly();
    }
  }

  private static void say(String what, Object value) {
    System.out.println(what + ": " + value);
  }

  private static void require(boolean holds, String what) {
    if (!holds) throw new IllegalStateException(what);
  }
}
