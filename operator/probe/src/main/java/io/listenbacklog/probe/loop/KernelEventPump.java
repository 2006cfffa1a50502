package io.listenbacklog.probe.loop;

import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.events.KernelEvent;
import io.listenbacklog.kernel.events.KernelEvents;
import io.listenbacklog.kernel.linux.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Carries what the kernel tells into the inbox; opens the stream again where it ends. */
public final class KernelEventPump implements Runnable, AutoCloseable {
  private static final Duration OPEN_AGAIN = Duration.ofSeconds(30);

  private final NodeKernel kernel;
  private final Inbox inbox;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable KernelEvents current;

  public KernelEventPump(NodeKernel kernel, Inbox inbox) {
    this.kernel = kernel;
    this.inbox = inbox;
  }

  @Override
  public void run() {
    try {
      do {
        pump();
      } while (!closed.await(OPEN_AGAIN.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pump() {
    try (var events = kernel.openEvents()) {
      current = events;
      if (closed.getCount() == 0) return;
      inbox.add(new Message.BirthsWork());
      for (var told = events.read(); !told.isEmpty(); told = events.read()) {
        for (KernelEvent each : told) inbox.add(new Message.Told(each));
      }
      if (closed.getCount() > 0) inbox.add(new Message.BirthsFail("the stream has ended"));
    } catch (IOException | RuntimeException e) {
      // The latter is a fault of ours, and no reason to believe that births are still told.
      inbox.add(new Message.BirthsFail(Reason.of(e)));
    } finally {
      current = null;
    }
  }

  /** Ends a blocked read. */
  @Override
  public void close() throws IOException {
    closed.countDown();
    var events = current;
    if (events != null) events.close();
  }
}
