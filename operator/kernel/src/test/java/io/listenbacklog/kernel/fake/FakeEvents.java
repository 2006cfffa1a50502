package io.listenbacklog.kernel.fake;

import io.listenbacklog.kernel.events.KernelEvent;
import io.listenbacklog.kernel.events.KernelEvents;
import java.util.ArrayList;
import java.util.List;

/** A stream that tells what happens in a {@link FakeKernel}. */
final class FakeEvents implements KernelEvents {
  private final List<KernelEvent> told = new ArrayList<>();
  private boolean closed;

  synchronized void tell(KernelEvent event) {
    if (closed) return;
    told.add(event);
    notifyAll();
  }

  @Override
  public synchronized List<KernelEvent> read() {
    boolean interrupted = false;
    while (told.isEmpty() && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // as on Linux, only close() ends a read
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
    var events = List.copyOf(told);
    told.clear();
    return events;
  }

  @Override
  public synchronized void close() {
    closed = true;
    told.clear();
    notifyAll();
  }
}
