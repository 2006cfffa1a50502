package io.listenbacklog.kernel.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResourceLimitsTest {
  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max cpu time              unlimited            unlimited            seconds
      Max open files            32                   1048576              files
      Max locked memory         8388608              8388608              bytes
      """;

  @Test
  void theSoftLimitOfOpenFilesIsRead() {
    assertThat(ResourceLimits.openFiles(LIMITS)).hasValue(32);
  }

  @Test
  void whatIsUnlimitedOrTooMuchOrAbsentIsNoLimit() {
    assertThat(ResourceLimits.openFiles(LIMITS.replace("32 ", "unlimited "))).isEmpty();
    assertThat(ResourceLimits.openFiles(LIMITS.replace("32 ", "9999999999 "))).isEmpty();
    assertThat(ResourceLimits.openFiles("Max open files\n")).isEmpty();
    assertThat(ResourceLimits.openFiles("")).isEmpty();
  }
}
