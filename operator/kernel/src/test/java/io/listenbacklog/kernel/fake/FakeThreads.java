package io.listenbacklog.kernel.fake;

import io.listenbacklog.kernel.threads.FdTarget;
import io.listenbacklog.kernel.threads.ThreadFacts;
import io.listenbacklog.kernel.threads.Threads;
import java.util.Optional;

/** The threads of a {@link FakeKernel}. */
record FakeThreads(FakeKernel kernel) implements Threads {

  @Override
  public int[] of(int pid, int most) {
    synchronized (kernel) {
      return kernel
          .living(pid)
          .map(
              process -> process.threads.keySet().stream().mapToInt(it -> it).limit(most).toArray())
          .orElseGet(() -> new int[0]);
    }
  }

  @Override
  public Optional<ThreadFacts> facts(int pid, int thread) {
    synchronized (kernel) {
      kernel.threadRead();
      return kernel.living(pid).flatMap(it -> Optional.ofNullable(it.look(thread)));
    }
  }

  @Override
  public Optional<FdTarget> descriptor(int pid, int fd) {
    synchronized (kernel) {
      return kernel
          .living(pid)
          .flatMap(it -> Optional.ofNullable(it.descriptors.get(fd)))
          .map(socket -> new FdTarget("socket", socket.inode));
    }
  }
}
