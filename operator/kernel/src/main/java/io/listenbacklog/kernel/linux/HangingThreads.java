package io.listenbacklog.kernel.linux;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;

/**
 * Threads for what may hang: while one hangs another takes its place, up to a bound, and ends when
 * it is not needed any more.
 *
 * <p>They are started by each other, for they enter no namespace: one that is created while its
 * creator is in a pod's network namespace would stay there.
 */
final class HangingThreads implements AutoCloseable {
  /** Those that wait for work: what comes one by one hardly ever starts or ends one then. */
  private static final int SPARE = 2;

  private final int most;
  private final ThreadFactory factory;
  private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
  private final Set<Thread> threads = new HashSet<>();
  private int busy;

  /** Whether the node, or the container, lets no more threads be: the last one was not started. */
  private boolean exhausted;

  private boolean closed;

  /**
   * Starts the first ones.
   *
   * @param most how many may hang at once, 2 at least
   */
  HangingThreads(int most) {
    this(most, Thread.ofPlatform().daemon().name("patient-", 0).factory());
  }

  HangingThreads(int most, ThreadFactory factory) {
    this.most = most;
    this.factory = factory;
    while (threads.size() < SPARE) start();
  }

  private synchronized void start() {
    var thread = factory.newThread(this::serve);
    thread.start();
    threads.add(thread);
  }

  /** Begins some work on one of them; false: all that there are, or may be, hang. */
  synchronized boolean begin(Runnable task) {
    if (busy == most || (exhausted && busy >= threads.size())) return false;
    busy++;
    return work.add(task);
  }

  /** How many there are. */
  synchronized int count() {
    return threads.size();
  }

  private void serve() {
    try {
      do {
        var task = work.take();
        replaceThis();
        try {
          task.run();
        } finally {
          isDone();
        }
      } while (isNeeded());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } finally {
      ends();
    }
  }

  private synchronized void replaceThis() {
    if (closed || threads.size() >= Math.min(most, busy + 1)) return;
    try {
      start();
      exhausted = false;
    } catch (OutOfMemoryError e) { // so the JVM calls it
      exhausted = true;
    }
  }

  private synchronized void isDone() {
    busy--;
  }

  private synchronized boolean isNeeded() {
    return threads.size() <= busy + SPARE;
  }

  private synchronized void ends() {
    threads.remove(Thread.currentThread());
    replaceThis();
  }

  /** Ends those that do not hang; the others end with the process. */
  @Override
  public synchronized void close() {
    closed = true;
    for (var each : threads) each.interrupt();
  }
}
