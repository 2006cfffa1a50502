package io.listenbacklog.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapTrimTest {
  private static final long MIB = 1 << 20;

  private long heap = 20 * MIB;
  private long live = 10 * MIB;
  private int collections;

  private final HeapTrim trim =
      new HeapTrim(
          () -> heap,
          () -> {
            collections++;
            heap = live;
          });

  @Test
  void givesBackWhatTheStartTook() {
    trim.trim();

    assertThat(heap).isEqualTo(live);
  }

  @Test
  void collectsAgainOnlyOnceItHasGrown() {
    trim.trim();
    heap += 2 * MIB - 1;
    trim.trim();
    assertThat(collections).isEqualTo(1);

    heap++;
    trim.trim();
    assertThat(collections).isEqualTo(2);
  }

  /** Else a heap that is in use would be collected each time. */
  @Test
  void whatIsLiveIsNoReason() {
    trim.trim();
    live = heap = 18 * MIB;
    trim.trim();
    trim.trim();
    trim.trim();

    assertThat(collections).isEqualTo(2);
  }

  /** The JVM collects by itself, too. */
  @Test
  void growsFromWhereItWasSmallest() {
    trim.trim();
    heap = 6 * MIB;
    trim.trim();
    heap = 8 * MIB;
    trim.trim();

    assertThat(collections).isEqualTo(2);
  }
}
