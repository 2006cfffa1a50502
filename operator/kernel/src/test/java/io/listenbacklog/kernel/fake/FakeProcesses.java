package io.listenbacklog.kernel.fake;

import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.process.OpenFiles;
import io.listenbacklog.kernel.process.ProcessFacts;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.process.ServiceFacts;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** The processes of a {@link FakeKernel}; each has one thread. */
record FakeProcesses(FakeKernel kernel) implements Processes {

  @Override
  public int[] pids() {
    return kernel.living().keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public Optional<String> unlisted() {
    return kernel.unlisted();
  }

  @Override
  public OptionalLong networkMark(int pid) {
    var process = kernel.living(pid);
    return process.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(process.get().namespace.inode() + 1_000_000);
  }

  @Override
  public Set<Long> mountedNamespaces(int pid) {
    return kernel.mounted();
  }

  /** Each has one thread. */
  @Override
  public OptionalInt livingThread(int pid) {
    return OptionalInt.empty();
  }

  @Override
  public boolean mayTrace() {
    return kernel.mayTrace();
  }

  @Override
  public Optional<Container> container(int pid) {
    return kernel.living(pid).flatMap(process -> Optional.ofNullable(process.container));
  }

  @Override
  public Optional<ServiceFacts> service(int pid) {
    return kernel.living(pid).map(FakeProcess::service);
  }

  @Override
  public OptionalLong networkNamespace(int pid) throws SyscallException {
    return kernel
        .visible(pid)
        .map(process -> OptionalLong.of(process.namespace.inode()))
        .orElse(OptionalLong.empty());
  }

  @Override
  public OptionalInt threadGroup(int thread) {
    return kernel.living(thread).isPresent() ? OptionalInt.of(thread) : OptionalInt.empty();
  }

  @Override
  public OptionalLong startTicks(int pid) {
    return kernel
        .living(pid)
        .map(process -> OptionalLong.of(process.startNanos / 10_000_000))
        .orElse(OptionalLong.empty());
  }

  @Override
  public OptionalInt parent(int pid) {
    var parent = kernel.living(pid).map(process -> process.parent).orElse(0);
    return parent == 0 ? OptionalInt.empty() : OptionalInt.of(parent);
  }

  @Override
  public Optional<ProcessFacts> facts(int pid) {
    kernel.factRead();
    return kernel.living(pid).map(process -> process.facts);
  }

  @Override
  public int sockets(int pid, int from, int most, HeldSocket each) throws SyscallException {
    synchronized (kernel) {
      if (from == 0) kernel.descriptorsRead();
      var process = kernel.visible(pid).orElse(null);
      if (process == null) return -1;
      var held = new TreeMap<Integer, Long>();
      process.descriptors.forEach((fd, socket) -> held.put(fd, socket.inode));
      for (var connection : process.connections) {
        held.put(process.fd(connection), connection.inode());
      }
      int looked = 0;
      for (var at : held.tailMap(from).entrySet()) {
        if (looked++ == most) return at.getKey();
        each.at(at.getValue(), at.getKey());
      }
      return -1;
    }
  }

  @Override
  public Optional<OpenFiles> atLimitOfFiles(int pid) {
    synchronized (kernel) {
      return kernel.living(pid).map(FakeProcess::openFiles).filter(OpenFiles::areAll);
    }
  }

  @Override
  public OptionalLong programImage(int pid) {
    return kernel
        .living(pid)
        .map(process -> OptionalLong.of(process.image.get()))
        .orElse(OptionalLong.empty());
  }

  @Override
  public Set<String> mappedFiles(int pid) {
    return kernel.living(pid).map(process -> process.mapped).orElse(Set.of());
  }

  @Override
  public Set<Integer> handedOver(int pid) {
    return kernel.living(pid).map(process -> process.handedOver).orElse(Set.of());
  }
}
