package io.listenbacklog.probe.state;

import io.listenbacklog.kernel.netns.NetCounters;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What of a namespace is kept from one look at its SYN queues to the next. */
public final class SynQueueBaseline {
  /** As they were read last; null: never. */
  private @Nullable NetCounters counters;

  private long readNanos;
  private long nextNanos;

  /** When it was last said that nothing tells whose SYN queue it was. */
  private @Nullable Instant saidUnknown;

  /** The listeners of that look with their drops, by cookie. */
  private final Map<Long, Long> drops = new HashMap<>();

  public @Nullable NetCounters counters() {
    return counters;
  }

  public long readNanos() {
    return readNanos;
  }

  public boolean isDue(long nanos) {
    return nanos - nextNanos >= 0;
  }

  /** They were read, and these are the listeners of that look. */
  public void read(NetCounters now, long nanos, long next, Collection<ListenerState> listeners) {
    nextNanos = next;
    counters = now;
    readNanos = nanos;
    remember(listeners);
  }

  /** When it was last said that nothing tells whose SYN queue it was; null: never. */
  public @Nullable Instant saidUnknown() {
    return saidUnknown;
  }

  public void saidUnknown(Instant now) {
    saidUnknown = now;
  }

  /** The namespace may be another one. */
  void forget() {
    counters = null;
  }

  /** By how much its drops rose since; the kernel counts them in 32 bits. */
  public long dropsRose(ListenerState listener) {
    var before = drops.get(listener.id.cookie());
    return before == null ? 0 : (listener.drops() - before) & 0xffff_ffffL;
  }

  /** Whether these listeners, and no others, were there then. */
  public boolean knewAll(Collection<ListenerState> listeners) {
    return listeners.size() == drops.size()
        && listeners.stream().allMatch(each -> drops.containsKey(each.id.cookie()));
  }

  /** These are the listeners of the last look from now on. */
  private void remember(Collection<ListenerState> listeners) {
    drops.clear();
    for (var each : listeners) drops.put(each.id.cookie(), each.drops());
  }
}
