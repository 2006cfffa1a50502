package io.listenbacklog.policy.assess;

import java.time.Duration;
import java.util.List;

/**
 * The queue of a listener at one moment.
 *
 * @param at on a clock that never goes back
 * @param queue connections in it, those included that their clients have reset
 * @param alone whether the oldest that waits is this listener's for sure: else it may wait at
 *     another member of its SO_REUSEPORT group, one from which nothing need have been accepted
 *     since the vigil began
 * @param waiting the connections that can be seen to wait, the oldest first
 * @param unseen whether the queue has connections and none of them can be seen anywhere: their
 *     clients have reset them
 */
public record QueueSnapshot(
    Duration at, int queue, boolean alone, List<WaitingConnection> waiting, boolean unseen) {

  public QueueSnapshot {
    waiting = List.copyOf(waiting);
  }

  /** Those that their clients have reset: counted until they are accepted, and not seen. */
  int hidden() {
    return Math.max(0, queue - waiting.size());
  }
}
