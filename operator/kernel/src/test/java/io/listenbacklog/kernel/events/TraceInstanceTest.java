package io.listenbacklog.kernel.events;

import static io.listenbacklog.kernel.testing.Need.GCC;

import io.listenbacklog.kernel.testing.CHeaders;
import io.listenbacklog.kernel.testing.Needs;
import org.junit.jupiter.api.Test;

@Needs(GCC)
class TraceInstanceTest {

  @Test
  void theHeadersAgree() {
    new CHeaders().struct("pollfd", TraceInstance.POLLFD).agree();
  }
}
