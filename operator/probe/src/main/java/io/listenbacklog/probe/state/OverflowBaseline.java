package io.listenbacklog.probe.state;

import io.listenbacklog.kernel.netns.NetCounters;
import org.jspecify.annotations.Nullable;

/** What of a namespace is kept from one look at its overflows to the next. */
public final class OverflowBaseline {
  private @Nullable NetCounters counters;
  private boolean othersUnseen;

  /** As they were when it was last judged which listeners overflowed; null: never. */
  public @Nullable NetCounters counters() {
    return counters;
  }

  /** Whether others than the listeners known may have overflowed since then. */
  public boolean othersUnseen() {
    return othersUnseen;
  }

  /** Others than those that are known may have overflowed. */
  public void unseen(boolean mayHave) {
    othersUnseen |= mayHave;
  }

  /** All that happened until now is judged. */
  public void judged(NetCounters now) {
    counters = now;
    othersUnseen = false;
  }

  /** The namespace may be another one. */
  void forget() {
    counters = null;
  }
}
