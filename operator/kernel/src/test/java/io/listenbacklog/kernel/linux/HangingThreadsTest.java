package io.listenbacklog.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HangingThreadsTest {
  private static final int MOST = 5;

  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger done = new AtomicInteger();
  private final HangingThreads threads = new HangingThreads(MOST);

  @AfterEach
  void end() {
    end.countDown();
    threads.close();
  }

  private boolean hangs() {
    return hangs(threads);
  }

  private boolean hangs(HangingThreads threads) {
    return threads.begin(
        () -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private boolean ends() {
    return threads.begin(done::incrementAndGet);
  }

  @Test
  void whatHangsKeepsNothingElseWaiting() {
    for (int hung = 1; hung < MOST; hung++) {
      assertThat(hangs()).isTrue();
      int before = done.get();
      assertThat(ends()).isTrue();
      await().untilAsserted(() -> assertThat(done).hasValue(before + 1));
    }
  }

  @Test
  void thereIsABound() {
    for (int hung = 0; hung < MOST; hung++) assertThat(hangs()).isTrue();
    assertThat(ends()).isFalse();

    end.countDown();
    await().until(this::ends);
    await().untilAsserted(() -> assertThat(done).hasValue(1));
  }

  /** As on a node, or in a container, whose limit of processes is reached. */
  private static ThreadFactory ofTwoThreads() {
    var started = new AtomicInteger();
    return work ->
        new Thread(work) {
          @Override
          public synchronized void start() {
            if (started.incrementAndGet() > 2) throw new OutOfMemoryError("made by a test");
            setDaemon(true);
            super.start();
          }
        };
  }

  @Test
  void whereNoMoreThreadsMayBeThoseThatThereAreGoOn() {
    var two = new HangingThreads(MOST, ofTwoThreads());
    assertThat(hangs(two)).isTrue();
    assertThat(two.begin(done::incrementAndGet)).isTrue();
    await().untilAsserted(() -> assertThat(done).hasValue(1));
    await().until(() -> hangs(two));
    await().until(() -> !two.begin(done::incrementAndGet));
    int before = done.get();

    end.countDown();
    await().until(() -> two.begin(done::incrementAndGet));
    await().untilAsserted(() -> assertThat(done.get()).isGreaterThan(before));
    two.close();
  }

  @Test
  void thoseThatAreNotNeededAnyMoreEnd() {
    for (int hung = 0; hung < MOST; hung++) assertThat(hangs()).isTrue();
    await().untilAsserted(() -> assertThat(threads.count()).isEqualTo(MOST));

    end.countDown();
    await().untilAsserted(() -> assertThat(threads.count()).isEqualTo(2));
  }

  @Test
  void whatComesOneByOneNeedsFew() {
    for (int one = 1; one <= 100; one++) {
      int now = one;
      assertThat(ends()).isTrue();
      await().untilAsserted(() -> assertThat(done).hasValue(now));
      // What is done may be so before its thread waits again.
      assertThat(threads.count()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void anErrorTakesNoThreadAway() {
    for (int failed = 0; failed < 2 * MOST; failed++) {
      var called = new CountDownLatch(1);
      await()
          .dontCatchUncaughtExceptions()
          .until(
              () ->
                  threads.begin(
                      () -> {
                        called.countDown();
                        throw new IllegalStateException("made by a test");
                      }));
      await().dontCatchUncaughtExceptions().until(() -> called.getCount() == 0);
    }
    await().dontCatchUncaughtExceptions().until(this::ends);
    await().dontCatchUncaughtExceptions().untilAsserted(() -> assertThat(done).hasValue(1));
  }
}
