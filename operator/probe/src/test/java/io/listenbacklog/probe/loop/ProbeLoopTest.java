package io.listenbacklog.probe.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.kernel.fake.FakeKernel;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.netns.StrayThreadError;
import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeLoopTest {
  @TempDir private Path folder;

  /** The kubelet sees by /livez that it goes round no more, and starts the probe anew. */
  @Test
  void endsRatherThanGoOnInTheWrongNamespace() throws IOException {
    var fake = new FakeKernel();
    var kernel = new TrickyKernel(fake);
    var own = fake.namespace();
    var probe = fake.process(own, "probe");
    var pod = new Node(folder.resolve("pods")).pod();
    var namespace = fake.namespace();
    var there = new Node.Pod(pod.pod(), namespace, fake).start("api");
    there.listen("0.0.0.0", 9876, 5);
    var inbox = new Inbox();
    var spec = new NodeBacklogSpec(List.of(Node.enforce(pod).written(5_000)));
    inbox.add(new Message.SpecArrived(NodeSpec.of("uid", 1, spec), null));
    try (var journal = Journal.open(folder, fake.bootId(), Node.JSON)) {
      var loop =
          ProbeLoop.of(
              new NodeAccess(
                  kernel,
                  new HostNamespaces(kernel.processes(), Map.of(own.inode(), probe.pid())),
                  fake.bootId(),
                  probe.pid()),
              journal,
              _ -> (_, _) -> Optional.empty(),
              new Engine.Intervals(Duration.ofMillis(1), Duration.ofMillis(1)),
              new Clocks(Clock.systemUTC(), System::nanoTime),
              new Counters(),
              inbox,
              _ -> {});
      kernel.beforeVisit =
          () -> {
            throw new StrayThreadError(
                Thread.currentThread(), new SyscallException("setns", Errno.EPERM));
          };

      assertThatThrownBy(loop::run).isInstanceOf(StrayThreadError.class);

      assertThat(loop.ready()).isFalse();
    }
  }
}
