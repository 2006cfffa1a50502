package io.listenbacklog.probe.apiserver;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.kernel.linux.Reason;
import io.listenbacklog.probe.json.JsonSize;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.telemetry.LogKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the newest status, on a thread of its own, as often as {@link WritePace} lets it; what
 * came in between is skipped; as often as it takes while the API is away.
 */
public final class StatusPublisher implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(StatusPublisher.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);

  /** What is an object's beside spec and status: names, owner, who manages which field. */
  private static final int METADATA_BYTES = 2_000;

  private final Sink sink;
  private final Counters tally;
  private final WritePace pace;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable NodeBacklogStatus wanted;
  private @Nullable NodeBacklogStatus written;

  /** Of the spec that is beside the status, and of the status that was written last. */
  private int specBytes;

  private int statusBytes;

  /** What was measured last: before it is written, and once more when it is. */
  private @Nullable NodeBacklogStatus measured;

  private int measuredBytes;

  /**
   * Until when a status waits that tells something new of these: it is not measured again before,
   * however often there is a newer one.
   */
  private long waitingUntil;

  private Set<String> waitingNews = Set.of();
  private boolean stopping;
  private boolean failing;
  private boolean writing;

  /** Where a status is written to. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Writes.
     *
     * @throws IOException if it could not be written; the message says why
     */
    void write(NodeBacklogStatus status) throws IOException, InterruptedException;
  }

  public StatusPublisher(Sink sink, Counters tally) {
    this(sink, tally, System::nanoTime);
  }

  StatusPublisher(Sink sink, Counters tally, LongSupplier nanoTime) {
    this.sink = sink;
    this.tally = tally;
    this.nanoTime = nanoTime;
    pace = new WritePace(nanoTime);
    waitingUntil = nanoTime.getAsLong();
  }

  /**
   * A spec has come.
   *
   * @param bytes of its JSON
   */
  public void specArrived(int bytes) {
    lock.lock();
    try {
      boolean first = specBytes == 0;
      specBytes = bytes;
      if (first) return; // it was written before this probe was here
      int rewritten = METADATA_BYTES + specBytes + statusBytes;
      pace.rewritten(rewritten);
      tally.statusBytes.addAndGet(rewritten);
    } finally {
      lock.unlock();
    }
  }

  /** Wants this one to be written next; never waits. */
  public void offer(NodeBacklogStatus status) {
    lock.lock();
    try {
      wanted = status;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What was written is lost: it has to be written again. */
  public void writeAgain() {
    lock.lock();
    try {
      written = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    var retry = FIRST_RETRY;
    try {
      for (var next = take(); next != null; next = take()) {
        boolean done = write(next);
        if (!done) Thread.sleep(retry);
        retry = done ? FIRST_RETRY : longer(retry);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration longer(Duration retry) {
    var twice = retry.multipliedBy(2);
    return twice.compareTo(LONGEST_RETRY) < 0 ? twice : LONGEST_RETRY;
  }

  private @Nullable Draft take() throws InterruptedException {
    lock.lock();
    try {
      writing = false;
      changed.signalAll();
      while (true) {
        if (wanted == null || wanted.equals(written)) {
          if (stopping) return null;
          changed.await();
          continue;
        }
        var news = News.of(written, wanted);
        long wait = stopping ? 0 : waitNanos(wanted, news);
        if (wait > 0) {
          long _ = changed.awaitNanos(wait);
          continue;
        }
        writing = true;
        return new Draft(wanted, news);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A status that is about to be written, and of whom it tells something new. */
  private record Draft(NodeBacklogStatus status, Set<String> news) {}

  private long waitNanos(NodeBacklogStatus status, Set<String> news) {
    long now = nanoTime.getAsLong();
    if (news.equals(waitingNews) && now - waitingUntil < 0) return waitingUntil - now;
    long wait = pace.waitNanos(METADATA_BYTES + specBytes + bytesOf(status), news);
    waitingNews = news;
    waitingUntil = now + wait;
    return wait;
  }

  /** Call with the lock. */
  private int bytesOf(NodeBacklogStatus status) {
    if (!status.equals(measured)) {
      measured = status;
      measuredBytes = JsonSize.of(status);
    }
    return measuredBytes;
  }

  private boolean write(Draft draft) throws InterruptedException {
    try {
      sink.write(draft.status());
    } catch (IOException | RuntimeException e) {
      tally.statusFailures.incrementAndGet();
      if (!failing) {
        log.atWarn().addKeyValue(LogKeys.WHY, Reason.of(e)).log("status not written, will be");
      }
      failing = true;
      return false;
    }
    tally.statusWrites.incrementAndGet();
    if (failing) log.atInfo().log("status written again");
    failing = false;
    lock.lock();
    try {
      written = draft.status();
      statusBytes = bytesOf(written);
      int all = METADATA_BYTES + specBytes + statusBytes;
      pace.wrote(all, draft.news());
      tally.statusBytes.addAndGet(all);
    } finally {
      lock.unlock();
    }
    return true;
  }

  /** Lets the last status be written, if that succeeds in this time. */
  public boolean flush(Duration most) throws InterruptedException {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
      long left = most.toNanos();
      while (left > 0 && (writing || (wanted != null && !wanted.equals(written)))) {
        left = changed.awaitNanos(left);
      }
      return wanted == null || wanted.equals(written);
    } finally {
      lock.unlock();
    }
  }
}
