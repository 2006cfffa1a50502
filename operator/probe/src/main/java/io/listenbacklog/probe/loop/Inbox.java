package io.listenbacklog.probe.loop;

import io.listenbacklog.kernel.events.KernelEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue of the loop. Kernel events are bounded: a node on which thousands of listeners are born
 * at once loses some of them here, which then the next sweep finds. All else goes before them, in
 * its own order: a new spec does not wait behind the births of one pod.
 */
public final class Inbox {
  private static final int MOST_EVENTS = 10_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();
  private final ArrayDeque<Message.Told> events = new ArrayDeque<>();
  private final ArrayDeque<Message> others = new ArrayDeque<>();
  private boolean lost;

  /** Adds a message; never waits. */
  public void add(Message message) {
    lock.lock();
    try {
      if (!(message instanceof Message.Told event)) others.add(message);
      else if (events.size() < MOST_EVENTS) events.add(event);
      else lost = true;
      added.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a message at most this long; null if none came. */
  @Nullable Message poll(Duration most) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = most.toNanos();
      while (others.isEmpty() && events.isEmpty() && !lost && left > 0) {
        left = added.awaitNanos(left);
      }
      if (!others.isEmpty()) return others.poll();
      if (!lost) return events.poll();
      lost = false;
      return new Message.Told(new KernelEvent.EventsLost());
    } finally {
      lock.unlock();
    }
  }
}
