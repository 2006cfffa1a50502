package io.listenbacklog.probe.loop;

import io.listenbacklog.kernel.events.KernelEvent;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The queue of the loop. What the kernel tells is bounded: a node on which thousands of listeners
 * are born at once loses some of them here, which then the next sweep finds.
 */
public final class Inbox {
  private static final int MOST_TOLD = 10_000;

  private final LinkedBlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  private final AtomicInteger told = new AtomicInteger();
  private final AtomicBoolean lost = new AtomicBoolean();

  /** Adds a message; never waits. */
  public void add(Message message) {
    if (message instanceof Message.Told && told.incrementAndGet() > MOST_TOLD) {
      told.decrementAndGet();
      lost.set(true);
      return;
    }
    messages.add(message);
  }

  /** Waits for a message at most this long; null if none came. */
  @Nullable Message poll(Duration most) throws InterruptedException {
    if (lost.getAndSet(false)) return new Message.Told(new KernelEvent.EventsLost());
    var message =
        most.isPositive() ? messages.poll(most.toNanos(), TimeUnit.NANOSECONDS) : messages.poll();
    if (message instanceof Message.Told) told.decrementAndGet();
    return message;
  }
}
