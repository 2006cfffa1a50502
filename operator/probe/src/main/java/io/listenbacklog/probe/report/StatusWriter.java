package io.listenbacklog.probe.report;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.kernel.linux.Reason;
import io.listenbacklog.probe.engine.Keys;
import io.listenbacklog.probe.engine.Tally;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the newest status, on a thread of its own: at most ten a second, what came in between is
 * skipped; as often as it takes while the API is away.
 */
public final class StatusWriter implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);
  private static final Duration BETWEEN_WRITES = Duration.ofMillis(100);
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);

  private final Sink sink;
  private final Tally tally;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable NodeBacklogStatus wanted;
  private @Nullable NodeBacklogStatus written;
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

  public StatusWriter(Sink sink, Tally tally) {
    this.sink = sink;
    this.tally = tally;
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
        if (done) rest(BETWEEN_WRITES);
        else Thread.sleep(retry);
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

  private @Nullable NodeBacklogStatus take() throws InterruptedException {
    lock.lock();
    try {
      writing = false;
      changed.signalAll();
      while (wanted == null || wanted.equals(written)) {
        if (stopping) return null;
        changed.await();
      }
      writing = true;
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  private boolean write(NodeBacklogStatus status) throws InterruptedException {
    try {
      sink.write(status);
    } catch (IOException | RuntimeException e) {
      tally.statusFailures.incrementAndGet();
      if (!failing) {
        log.atWarn().addKeyValue(Keys.WHY, Reason.of(e)).log("status not written, will be");
      }
      failing = true;
      return false;
    }
    tally.statusWrites.incrementAndGet();
    if (failing) log.atInfo().log("status written again");
    failing = false;
    lock.lock();
    try {
      written = status;
    } finally {
      lock.unlock();
    }
    return true;
  }

  /** A pause, which a stop cuts short. */
  private void rest(Duration pause) throws InterruptedException {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (left > 0 && !stopping) left = changed.awaitNanos(left);
    } finally {
      lock.unlock();
    }
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
