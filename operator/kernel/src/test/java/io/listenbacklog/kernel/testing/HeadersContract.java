package io.listenbacklog.kernel.testing;

import static io.listenbacklog.kernel.testing.Need.GCC;
import static io.listenbacklog.kernel.testing.Need.GCC_ARM64;

import org.junit.jupiter.api.Test;

/** The test of a class that says something of C: the headers say the same, here and on arm64. */
public interface HeadersContract {

  /** What the class says, of each architecture alike. */
  CHeaders said();

  @Test
  @Needs(GCC)
  default void theHeadersAgree() {
    said().agree();
  }

  @Test
  @Needs(GCC_ARM64)
  default void theHeadersOfArm64Agree() {
    said().agreeOnArm64();
  }
}
