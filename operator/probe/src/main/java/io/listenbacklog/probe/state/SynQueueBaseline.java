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
  public @Nullable NetCounters counters;

  public long readNanos;
  public long nextNanos;

  /** When it was last said that nothing tells whose SYN queue it was. */
  public @Nullable Instant saidUnknown;

  /** The listeners of that look with their drops, by cookie. */
  private final Map<Long, Long> drops = new HashMap<>();

  /** By how much its drops rose since; the kernel counts them in 32 bits. */
  public long dropsRose(ListenerState listener) {
    var before = drops.get(listener.id.cookie());
    return before == null ? 0 : (listener.drops - before) & 0xffff_ffffL;
  }

  /** Whether these listeners, and no others, were there then. */
  public boolean knewAll(Collection<ListenerState> listeners) {
    return listeners.size() == drops.size()
        && listeners.stream().allMatch(each -> drops.containsKey(each.id.cookie()));
  }

  /** These are the listeners of the last look from now on. */
  public void remember(Collection<ListenerState> listeners) {
    drops.clear();
    for (var each : listeners) drops.put(each.id.cookie(), each.drops);
  }
}
