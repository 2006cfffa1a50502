package io.listenbacklog.management;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for pages that may block: few, with a short queue. */
public final class Workers {
  /** Pages made at a time. */
  static final int THREADS = 2;

  /** Queued requests; more are answered with 503. */
  static final int WAITING = 32;

  private static final Duration IDLE = Duration.ofSeconds(30);

  private Workers() {}

  /** Threads that end when nobody has asked for a while. */
  public static ThreadPoolExecutor named(String name) {
    var threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name(name, 0).factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
