package io.listenbacklog.probe.symptom;

import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.UnixListenerId;
import io.listenbacklog.probe.observe.NamespaceEntry;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the longest queues. A sweep sees each queue every two seconds, and a burst is over in less:
 * so a queue that a sweep found more than half full is seen some twenty times a second until it is
 * not, or the next sweep finds others fuller. For numbers alone: nothing is judged by it.
 */
public final class QueuePeaks {
  /**
   * So many listeners at a time: an exact look-up in its network namespace costs some 0.1 ms, so
   * that all of them take some 3 % of a core, and only while queues are that full.
   */
  static final int MOST = 16;

  private static final long BETWEEN_NANOS = Duration.ofMillis(50).toNanos();

  private final NamespaceEntry entry;
  private final ArrayDeque<Full> full = new ArrayDeque<>();

  /** Those that this sweep found more than half full. */
  private final List<Full> candidates = new ArrayList<>();

  private record Full(NamespaceState namespace, ListenerState listener, long dueNanos) {
    int queue() {
      return listener.queue();
    }
  }

  public QueuePeaks(NamespaceEntry entry) {
    this.entry = entry;
  }

  /** Until when there is nothing to look at. */
  public long idleNanos(long now) {
    var next = full.peek();
    return next == null ? Long.MAX_VALUE : next.dueNanos - now;
  }

  /** A sweep begins. */
  public void beginSweep() {
    candidates.clear();
  }

  /** A sweep has come by a listener: its queue is known. */
  public void sweptBy(
      NamespaceState namespace, ListenerState listener, @Nullable NodeSpec spec, long now) {
    if (listener.queue() == 0) return;
    if (listener.id instanceof UnixListenerId) {
      listener.queueWatch.seePeak(listener.queue(), now);
    } else if (isHalfFull(listener.queue(), listener.backlog())
        && spec != null
        && listener.pod(spec) != null) {
      candidates.add(new Full(namespace, listener, now + BETWEEN_NANOS));
    }
  }

  /** A sweep has ended: the fullest are looked at until the next one has. */
  public void swept() {
    candidates.sort(Comparator.comparingInt(Full::queue).reversed());
    full.clear();
    full.addAll(firstOfEachPod(candidates));
    candidates.clear();
  }

  /**
   * No pod's second before each other's first: one with many keeps nobody else's from being seen.
   */
  private static List<Full> firstOfEachPod(List<Full> candidates) {
    var rounds = new HashMap<Full, Integer>();
    var ofPod = new HashMap<String, Integer>();
    for (var each : candidates) {
      rounds.put(each, ofPod.merge(String.valueOf(each.listener.cgroupUid()), 1, Integer::sum));
    }
    return candidates.stream().sorted(Comparator.comparingInt(rounds::get)).limit(MOST).toList();
  }

  /** Looks at the next queue whose turn it is. */
  public void step(long now) {
    if (idleNanos(now) > 0) return;
    var look = full.remove();
    var listener = look.listener;
    if (look.namespace.listeners.get(listener.id.cookie()) != listener) return;
    try {
      var seen =
          entry
              .visit(look.namespace, there -> there.listeners().known(List.of(listener.tcp())))
              .orElse(List.of());
      if (seen.isEmpty()) return;
      Listener is = seen.getFirst();
      listener.queueWatch.seePeak(is.queue(), now);
      if (isHalfFull(is.queue(), is.backlog())) {
        full.add(new Full(look.namespace, listener, now + BETWEEN_NANOS));
      }
    } catch (IOException | RuntimeException e) {
      // The sweeps tell of a namespace that cannot be entered, and look again.
    }
  }

  private static boolean isHalfFull(int queue, int backlog) {
    return queue > 0 && queue * 2L > backlog;
  }
}
