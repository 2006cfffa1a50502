package io.listenbacklog.probe.http;

import io.listenbacklog.probe.loop.Message;
import io.listenbacklog.probe.report.ListenerSamples;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Listeners as scrapes see them. Whoever asks at the same time reads the same ones, so that memory
 * does not grow with the number of scrapes; slow readers hold a few of them, never many.
 */
final class Snapshots {
  /** More listeners than that are left out of /metrics, and counted: each is nine time series. */
  static final int MOST_LISTENERS = 5_000;

  /** Held at a time, at most; who comes then reads the newest of them, which may be older. */
  static final int MOST_HELD = 3;

  private static final Duration SAME_TIME = Duration.ofSeconds(1);
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final Consumer<Message> loop;
  private final LongSupplier ticker;
  private @Nullable Snapshot newest;
  private int held;

  /** Listeners, for as long as somebody reads them. */
  final class Snapshot implements AutoCloseable {
    private final ListenerSamples samples;
    private final long takenNanos;
    private int readers;

    private Snapshot(ListenerSamples samples, long takenNanos) {
      this.samples = samples;
      this.takenNanos = takenNanos;
    }

    ListenerSamples samples() {
      return samples;
    }

    /** One reader less. */
    @Override
    public void close() {
      synchronized (Snapshots.this) {
        if (--readers > 0) return;
        held--;
        if (newest == this) newest = null;
      }
    }
  }

  /**
   * @param loop takes messages, and answers the one that asks for listeners
   */
  Snapshots(Consumer<Message> loop, LongSupplier ticker) {
    this.loop = loop;
    this.ticker = ticker;
  }

  /**
   * One more reader of what there is now; he closes it.
   *
   * @throws TimeoutException if the loop does not say
   */
  synchronized Snapshot read() throws TimeoutException, InterruptedException {
    var last = newest;
    if (last == null || (held < MOST_HELD && !isNow(last))) last = take();
    last.readers++;
    return last;
  }

  private boolean isNow(Snapshot snapshot) {
    return ticker.getAsLong() - snapshot.takenNanos < SAME_TIME.toNanos();
  }

  private Snapshot take() throws TimeoutException, InterruptedException {
    var answer = new CompletableFuture<ListenerSamples>();
    loop.accept(new Message.Wanted(MOST_LISTENERS, answer));
    try {
      var taken =
          new Snapshot(answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS), ticker.getAsLong());
      newest = taken;
      held++;
      return taken;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      // Nobody waits for it any more: the loop need not make it.
      answer.cancel(false);
    }
  }
}
