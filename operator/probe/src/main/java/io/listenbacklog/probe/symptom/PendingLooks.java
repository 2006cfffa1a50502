package io.listenbacklog.probe.symptom;

import io.listenbacklog.probe.budget.Allowance;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Looks at queues that are to be made: of each pod in turn, be it its first or one at a stall that
 * lasts, and none of a pod that has used up its share of the time. So a pod with thousands of
 * stalled listeners delays its own looks alone.
 */
final class PendingLooks {
  /** The pod whose turn it is comes first. */
  private final LinkedHashMap<String, PriorityQueue<Look>> pods = new LinkedHashMap<>();

  private final Allowance time;

  /**
   * @param time in which looks are made, in nanoseconds
   */
  PendingLooks(Allowance time) {
    this.time = time;
  }

  /**
   * A look that is to be made, unless the listener's watch says otherwise by then.
   *
   * @param dueNanos when, on the clock of the loop
   * @param after how long nothing must be accepted until that is a stall
   */
  record Look(long dueNanos, NamespaceState namespace, ListenerState listener, Duration after) {

    /** Whether the listener is still there, and no other look was scheduled in its place. */
    private boolean holds() {
      return listener.queueWatch.dueNanos() == dueNanos
          && namespace.listeners.get(listener.id.cookie()) == listener;
    }

    /** Whose share it is of; one word for all that is of no pod. */
    String pod() {
      return String.valueOf(listener.cgroupUid());
    }
  }

  /** It takes the place of any other of the same listener. */
  void add(Look look) {
    look.listener.queueWatch.lookAt(look.dueNanos);
    pods.computeIfAbsent(look.pod(), _ -> byTime()).add(look);
  }

  /** Until when there is nothing to look at, or no time for it; 0 or less: there is now. */
  long idleNanos(long now) {
    long idle = Long.MAX_VALUE;
    for (var each = pods.entrySet().iterator(); each.hasNext(); ) {
      var pod = each.next();
      dropReplaced(pod.getValue());
      if (pod.getValue().isEmpty()) each.remove();
      else idle = Math.min(idle, waitNanos(pod.getKey(), pod.getValue(), now));
    }
    return idle;
  }

  /** Takes one that is due, of the pod whose turn it is; empty: none is, or there is no time. */
  Optional<Look> next(long now) {
    return pods.entrySet().stream()
        .filter(each -> isDue(each.getKey(), each.getValue(), now))
        .map(Map.Entry::getKey)
        .findFirst()
        .map(this::takeOf);
  }

  private boolean isDue(String pod, PriorityQueue<Look> looks, long now) {
    dropReplaced(looks);
    return !looks.isEmpty() && waitNanos(pod, looks, now) <= 0;
  }

  private Look takeOf(String pod) {
    var looks = Objects.requireNonNull(pods.remove(pod));
    var look = looks.remove();
    if (!looks.isEmpty()) pods.put(pod, looks); // behind all others
    return look;
  }

  /** A look took so long. */
  void spent(Look look, long nanos, long now) {
    time.spend(look.pod(), nanos, now);
  }

  private long waitNanos(String pod, PriorityQueue<Look> looks, long now) {
    var first = looks.element();
    return first.dueNanos - now > 0 ? first.dueNanos - now : time.waitNanos(pod, now);
  }

  private static void dropReplaced(PriorityQueue<Look> looks) {
    while (!looks.isEmpty() && !looks.element().holds()) looks.remove();
  }

  private static PriorityQueue<Look> byTime() {
    return new PriorityQueue<>(Comparator.comparingLong(Look::dueNanos));
  }
}
