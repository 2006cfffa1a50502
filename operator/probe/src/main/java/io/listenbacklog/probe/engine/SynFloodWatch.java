package io.listenbacklog.probe.engine;

import io.listenbacklog.kernel.netns.NetCounters;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What of a namespace is kept from one look at its SYN queues to the next. */
final class SynFloodWatch {
  /** As they were read last; null: never. */
  @Nullable NetCounters counters;

  long readNanos;
  long nextNanos;

  /** When it was last said that nothing tells whose SYN queue it was. */
  @Nullable Instant saidUnknown;

  /** The listeners of that look with their drops, by cookie. */
  private final Map<Long, Long> drops = new HashMap<>();

  /** By how much its drops rose since; the kernel counts them in 32 bits. */
  long dropsRose(WatchedListener listener) {
    var before = drops.get(listener.id.cookie());
    return before == null ? 0 : (listener.drops - before) & 0xffff_ffffL;
  }

  /** Whether these listeners, and no others, were there then. */
  boolean knewAll(Collection<WatchedListener> listeners) {
    return listeners.size() == drops.size()
        && listeners.stream().allMatch(each -> drops.containsKey(each.id.cookie()));
  }

  /** These are the listeners of the last look from now on. */
  void remember(Collection<WatchedListener> listeners) {
    drops.clear();
    for (var each : listeners) drops.put(each.id.cookie(), each.drops);
  }
}
