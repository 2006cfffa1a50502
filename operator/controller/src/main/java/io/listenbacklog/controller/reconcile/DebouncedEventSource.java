package io.listenbacklog.controller.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Triggers the reconciliation of primary objects when something else has changed. Several triggers
 * for one object within the delay make one reconciliation.
 *
 * @param <P> the kind of the primary objects
 */
public final class DebouncedEventSource<P extends HasMetadata>
    extends AbstractEventSource<Void, P> {
  private final Set<ResourceID> pending = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer;
  private final Duration delay;

  /**
   * @param delay from the first trigger to the reconciliation
   */
  public DebouncedEventSource(String name, ScheduledExecutorService timer, Duration delay) {
    super(Void.class, name);
    this.timer = timer;
    this.delay = delay;
  }

  /** Has an object reconciled soon. */
  public void trigger(ResourceID id) {
    if (!pending.add(id)) return;
    var _ = timer.schedule(() -> send(id), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void send(ResourceID id) {
    // First: what changes from now on must not be taken for part of what is about to be read.
    pending.remove(id);
    if (isRunning()) getEventHandler().handleEvent(new Event(id));
  }

  @Override
  public Set<Void> getSecondaryResources(P primary) {
    return Set.of();
  }
}
