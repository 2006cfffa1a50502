package io.listenbacklog.probe.state;

import io.listenbacklog.kernel.netns.NetCounters;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What of a namespace is kept from one look at its SYN queues to the next. */
public final class SynQueueBaseline {
  /** As they were read last; null: never. */
  private @Nullable NetCounters counters;

  private long readNanos;
  private long nextNanos;

  /** When it was last said that nothing tells whose SYN queue it was. */
  private @Nullable Instant saidUnknown;

  /** Numbers that look: the listeners themselves remember in which one they were seen last. */
  private int look;

  /** How many listeners there were at that look. */
  private int known;

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
    look++;
    known = listeners.size();
    for (var each : listeners) each.drops.seenInSynLook(look);
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

  /** By how much its drops rose since; 0 where it was not there then. */
  public long dropsRose(ListenerState listener) {
    return listener.drops.sinceSynLook(look);
  }

  /** Whether these listeners, and no others, were there then. */
  public boolean knewAll(Collection<ListenerState> listeners) {
    return listeners.size() == known
        && listeners.stream().allMatch(each -> each.drops.wasInSynLook(look));
  }
}
