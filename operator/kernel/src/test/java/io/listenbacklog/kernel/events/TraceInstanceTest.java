package io.listenbacklog.kernel.events;

import static io.listenbacklog.kernel.testing.Need.GCC;
import static io.listenbacklog.kernel.testing.Need.GCC_ARM64;

import io.listenbacklog.kernel.testing.CHeaders;
import io.listenbacklog.kernel.testing.Needs;
import org.junit.jupiter.api.Test;

class TraceInstanceTest {

  @Test
  @Needs(GCC)
  void theHeadersAgree() {
    said().agree();
  }

  @Test
  @Needs(GCC_ARM64)
  void theHeadersOfArm64Agree() {
    said().agreeOnArm64();
  }

  private static CHeaders said() {
    return new CHeaders().struct("pollfd", TraceInstance.POLLFD);
  }
}
