package io.listenbacklog.kernel;

import io.listenbacklog.kernel.births.KernelEvent.CgroupMade;
import io.listenbacklog.kernel.births.KernelEvent.ListenerBorn;
import io.listenbacklog.kernel.births.KernelEvents;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.listeners.Listener;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.relisten.RelistenResult.Changed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Does everything once on the kernel that it runs on, with nothing but a JVM and {@code unshare}:
 * for kernels booted in an emulator. Exits with 1 if something is not as it should be.
 */
final class SelfCheck {
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
      var raised = kernel.relisten().raise(pid, fd, listener.inode(), listener.id(), 64);
      require(raised.equals(new Changed(5, 64)), "raise: " + raised);
      var known =
          kernel
              .namespaces()
              .visit(pid, namespace, there -> there.listeners().known(List.of(listener.id())));
      require(known.size() == 1 && known.getFirst().backlog() == 64, "read back: " + known);
      var restored = kernel.relisten().restore(pid, fd, listener.inode(), listener.id(), 64, 5);
      require(restored.equals(new Changed(64, 5)), "restore: " + restored);
      say("raised and restored", listener.id().text());
    }
  }

  private Listener onPort(int port) throws IOException {
    return kernel
        .namespaces()
        .visit(pid, namespace, there -> there.listeners().onPort(port))
        .getFirst();
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
