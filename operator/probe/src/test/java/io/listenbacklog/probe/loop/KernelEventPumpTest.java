package io.listenbacklog.probe.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.WrappedKernel;
import io.listenbacklog.kernel.events.KernelEvents;
import io.listenbacklog.kernel.fake.FakeKernel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KernelEventPumpTest {
  @Test
  void aFaultOfOursInReadingBirthsIsToldToo() throws Exception {
    var inbox = new Inbox();
    try (var pump = new KernelEventPump(new Confused(new FakeKernel()), inbox)) {
      Thread.ofPlatform().daemon().start(pump);
      assertThat(inbox.poll(Duration.ofSeconds(5))).isEqualTo(new Message.BirthsFail("confused"));
    }
  }

  /** Nothing else of it is asked. */
  private record Confused(NodeKernel kernel) implements WrappedKernel {
    @Override
    public KernelEvents openEvents() {
      throw new IllegalStateException("confused");
    }
  }
}
