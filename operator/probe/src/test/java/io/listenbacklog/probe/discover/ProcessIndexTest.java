package io.listenbacklog.probe.discover;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.fake.FakeKernel;
import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.process.OpenFiles;
import io.listenbacklog.kernel.process.ProcessFacts;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.process.ServiceFacts;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessIndexTest {
  private static final Container CONTAINER = new Container("uid-1", "c".repeat(64));

  private final FakeKernel kernel = new FakeKernel();
  private final Counting processes = new Counting();
  private final ProcessIndex discovery = new ProcessIndex(processes, false);
  private long nanos;

  private void scan() throws IOException {
    var scan = discovery.scan(nanos);
    for (int steps = 0; !scan.step(2, nanos); steps++) assertThat(steps).isLessThan(100);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void processesAreKnownByPodAndByNamespace() throws IOException {
    var namespace = kernel.namespace();
    var first = kernel.process(namespace, CONTAINER, "api", "server");
    var second = kernel.process(namespace, CONTAINER, "api", "server");
    var another = kernel.process(namespace, new Container("uid-2", "d".repeat(64)), "a", "sh");
    kernel.process(namespace, "kubelet");

    scan();

    assertThat(discovery.pids("uid-1")).containsExactly(first.pid(), second.pid());
    assertThat(discovery.namespaces("uid-1")).containsExactly(namespace.inode());
    assertThat(discovery.members(namespace.inode()))
        .containsExactly(
            Map.entry(first.pid(), "uid-1"),
            Map.entry(second.pid(), "uid-1"),
            Map.entry(another.pid(), "uid-2"));
  }

  @Test
  void whatIsGoneIsForgotten() throws IOException {
    var process = kernel.process(kernel.namespace(), CONTAINER, "api", "server");
    scan();
    process.exit();
    scan();

    assertThat(discovery.pids("uid-1")).isEmpty();
    assertThat(discovery.size()).isZero();
  }

  @Test
  void aProcessThatIsMovedToItsCgroupAfterItsBirthIsFound() throws IOException {
    var process = kernel.process(kernel.namespace(), CONTAINER, "api", "server");
    processes.outside = process.pid();
    scan();
    assertThat(discovery.pids("uid-1")).isEmpty();
    processes.outside = 0;
    pass(Duration.ofSeconds(2));
    scan();

    assertThat(discovery.pids("uid-1")).containsExactly(process.pid());
  }

  @Test
  void whatIsOldIsNotReadAgainForAMinute() throws IOException {
    kernel.process(kernel.namespace(), CONTAINER, "api", "server");
    scan();
    pass(Duration.ofSeconds(11));
    scan();
    int reads = processes.reads;
    pass(Duration.ofSeconds(2));
    scan();
    assertThat(processes.reads).isEqualTo(reads);
    pass(Duration.ofSeconds(60));
    scan();
    assertThat(processes.reads).isEqualTo(reads + 1);
  }

  @Test
  void aProcessThatWasReadDuringAScanOutlivesIt() throws IOException {
    var scan = discovery.scan(nanos);
    pass(Duration.ofMillis(1));
    var born = kernel.process(kernel.namespace(), CONTAINER, "api", "server");
    discovery.read(born.pid(), nanos);
    while (!scan.step(1, nanos)) pass(Duration.ofMillis(1));

    assertThat(discovery.pids("uid-1")).containsExactly(born.pid());
  }

  /** Counts what is read of processes, and may keep one out of its cgroup. */
  private final class Counting implements Processes {
    private int reads;
    private int outside;

    @Override
    public int[] pids() throws IOException {
      return kernel.processes().pids();
    }

    @Override
    public Optional<String> unlisted() throws IOException {
      return kernel.processes().unlisted();
    }

    @Override
    public OptionalInt livingThread(int pid) throws IOException {
      return kernel.processes().livingThread(pid);
    }

    @Override
    public boolean mayTrace() throws IOException {
      return kernel.processes().mayTrace();
    }

    @Override
    public OptionalLong networkMark(int pid) throws IOException {
      return kernel.processes().networkMark(pid);
    }

    @Override
    public Set<Long> mountedNamespaces(int pid) throws IOException {
      return kernel.processes().mountedNamespaces(pid);
    }

    @Override
    public Optional<Container> container(int pid) throws IOException {
      reads++;
      return pid == outside ? Optional.empty() : kernel.processes().container(pid);
    }

    @Override
    public Optional<ServiceFacts> service(int pid) throws IOException {
      return kernel.processes().service(pid);
    }

    @Override
    public OptionalLong networkNamespace(int pid) throws IOException {
      return kernel.processes().networkNamespace(pid);
    }

    @Override
    public OptionalInt threadGroup(int thread) throws IOException {
      return kernel.processes().threadGroup(thread);
    }

    @Override
    public OptionalLong startTicks(int pid) throws IOException {
      return kernel.processes().startTicks(pid);
    }

    @Override
    public OptionalInt parent(int pid) throws IOException {
      return kernel.processes().parent(pid);
    }

    @Override
    public Optional<ProcessFacts> facts(int pid) throws IOException {
      return kernel.processes().facts(pid);
    }

    @Override
    public int sockets(int pid, int from, int most, HeldSocket each) throws IOException {
      return kernel.processes().sockets(pid, from, most, each);
    }

    @Override
    public Optional<OpenFiles> atLimitOfFiles(int pid) throws IOException {
      return kernel.processes().atLimitOfFiles(pid);
    }

    @Override
    public OptionalLong programImage(int pid) throws IOException {
      return kernel.processes().programImage(pid);
    }

    @Override
    public Set<String> mappedFiles(int pid) throws IOException {
      return kernel.processes().mappedFiles(pid);
    }

    @Override
    public Set<Integer> handedOver(int pid) throws IOException {
      return kernel.processes().handedOver(pid);
    }
  }
}
