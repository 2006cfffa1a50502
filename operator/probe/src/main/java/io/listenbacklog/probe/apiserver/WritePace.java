package io.listenbacklog.probe.apiserver;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How soon a status may be written. Each write is a whole new copy of the NodeBacklog in etcd,
 * which keeps all copies of the last five minutes, so what is bounded is bytes: {@link
 * #BYTES_IN_ANY_MINUTE}, those included that the controller has written anew with a spec. Within
 * that, news goes at once and the rest every two seconds; a pod that has news all the time is none
 * after a while; and a part of the bytes is kept for news.
 *
 * <p>For one thread at a time.
 */
final class WritePace {
  /** 50 kB/s. */
  static final int BYTES_IN_ANY_MINUTE = 3_000_000;

  /** For what is no news: as often as there are sweeps. */
  static final Duration BETWEEN_WRITES = Duration.ofSeconds(2);

  /** So that the listeners of one rollout step become one write. */
  static final Duration BETWEEN_NEWS = Duration.ofMillis(100);

  static final int BYTES_A_SECOND = 20_000;

  /** At once: with a minute at the steady pace it is what may be written in any minute. */
  static final int BURST_BYTES = BYTES_IN_ANY_MINUTE - 60 * BYTES_A_SECOND;

  /** Of these bytes only news takes. */
  static final int KEPT_FOR_NEWS = 800_000;

  /** News of one pod, or of the node itself, that go at once before it gets one in ten seconds. */
  static final int NEWS_OF_POD = 10;

  private static final Duration NEWS_AGAIN = Duration.ofSeconds(10);

  /** A write of that many bytes counts as one of a pod's news, a larger one as more. */
  private static final int BYTES_OF_ONE_NEWS = 100_000;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final LongSupplier nanoTime;
  private double bytes = BURST_BYTES;
  private long bytesAt;
  private long writtenAt;
  private boolean everWritten;

  /** Of pods that had news lately. */
  private final Map<String, Share> shares = new HashMap<>();

  /** News that a pod may have at once. */
  private static final class Share {
    private double left = NEWS_OF_POD;
    private long at;

    Share(long now) {
      at = now;
    }

    void refill(long now) {
      left = Math.min(NEWS_OF_POD, left + (now - at) / (double) NEWS_AGAIN.toNanos());
      at = now;
    }

    boolean isFull(long now) {
      refill(now);
      return left >= NEWS_OF_POD;
    }
  }

  /**
   * @param nanoTime a clock that never goes back
   */
  WritePace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    bytesAt = nanoTime.getAsLong();
  }

  /**
   * How long to wait with a write; 0 or less: it may go.
   *
   * @param size of the whole object, in bytes
   * @param news of whom it tells something new
   */
  long waitNanos(int size, Set<String> news) {
    long now = nanoTime.getAsLong();
    refill(now);
    boolean isNews = news.stream().anyMatch(each -> share(each, now).left >= weight(size));
    long pause = (isNews ? BETWEEN_NEWS : BETWEEN_WRITES).toNanos();
    long rest = everWritten ? writtenAt + pause - now : 0;
    double missing = needed(size, isNews) - bytes;
    long refilled = missing <= 0 ? 0 : (long) Math.ceil(missing / BYTES_A_SECOND * SECOND);
    return Math.max(rest, refilled);
  }

  /** It was written. */
  void wrote(int size, Set<String> news) {
    long now = nanoTime.getAsLong();
    everWritten = true;
    writtenAt = now;
    take(size, now);
    for (String each : news) {
      var share = share(each, now);
      share.left = Math.max(0, share.left - weight(size));
    }
    shares.values().removeIf(each -> each.isFull(now));
  }

  /** The controller has written the spec, and with it all the rest anew. */
  void rewritten(int size) {
    take(size, nanoTime.getAsLong());
  }

  private void take(int size, long now) {
    refill(now);
    bytes -= size;
  }

  private void refill(long now) {
    double more = (now - bytesAt) / (double) SECOND * BYTES_A_SECOND;
    bytes = Math.min(BURST_BYTES, bytes + more);
    bytesAt = now;
  }

  private static double needed(int size, boolean isNews) {
    // What is larger than the bucket waits until that is full.
    return Math.min(BURST_BYTES, isNews ? size : size + KEPT_FOR_NEWS);
  }

  private static double weight(int size) {
    return Math.clamp(size / (double) BYTES_OF_ONE_NEWS, 1, NEWS_OF_POD);
  }

  private Share share(String pod, long now) {
    var share = shares.computeIfAbsent(pod, _ -> new Share(now));
    share.refill(now);
    return share;
  }
}
