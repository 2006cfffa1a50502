package io.listenbacklog.management;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for pages that may wait: few, and few that wait for them. */
public final class Workers {
  /** Pages that are made at a time. */
  static final int THREADS = 2;

  /** Requests that wait for a thread; more are answered by 503. */
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
