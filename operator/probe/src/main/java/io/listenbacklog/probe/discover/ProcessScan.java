package io.listenbacklog.probe.discover;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A look at all processes in small steps, so that births need not wait for its end. */
public final class ProcessScan {
  private final ProcessIndex index;
  private final int[] pids;
  private final long begunNanos;
  private int next;
  private @Nullable Exception failure;
  private @Nullable String missed;

  /**
   * A scan that has yet to do its first step.
   *
   * @param pids the processes that there are
   * @param unlisted why these may not be all; null: they are
   */
  ProcessScan(ProcessIndex index, int[] pids, @Nullable String unlisted, long begunNanos) {
    this.index = index;
    this.pids = pids;
    this.begunNanos = begunNanos;
    missed = unlisted;
  }

  /**
   * Looks at some more. What cannot be read is skipped, see {@link #failure()}.
   *
   * @param most to read anew in this step; what is known already costs next to nothing
   * @return whether it was the last step
   */
  public boolean step(int most, long now) {
    int read = 0;
    while (next < pids.length && read < most) {
      int pid = pids[next++];
      if (!index.mustBeRead(pid, now)) continue;
      read++;
      try {
        index.read(pid, now);
      } catch (IOException | RuntimeException e) {
        failure = e;
        missed = "process %d cannot be read: %s".formatted(pid, e.getMessage());
      }
    }
    if (next < pids.length) return false;
    index.scanEnds(pids, begunNanos, missed);
    return true;
  }

  /** Why one of the processes could not be read, of several the last one; empty: all could. */
  public Optional<Exception> failure() {
    return Optional.ofNullable(failure);
  }
}
