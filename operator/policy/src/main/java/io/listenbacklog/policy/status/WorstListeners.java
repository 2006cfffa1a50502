package io.listenbacklog.policy.status;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.QueuePeak;
import io.listenbacklog.api.WorstListener;
import io.listenbacklog.policy.assess.QueueMemory;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.event.kind.ListenerNames;
import io.listenbacklog.policy.text.CleanText;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Picks the listeners that a policy's status shows. */
final class WorstListeners {
  private static final int MOST = 20;

  /** Bytes that a name from a stranger may take up. */
  private static final int LONGEST_NAME = 128;

  /** The widest gap first; what is equally bad by name, so that two runs show the same. */
  private static final Comparator<NodeListener> BY_GAP =
      comparingInt((NodeListener listener) -> Math.min(0, listener.backlog() - listener.required()))
          .thenComparing(WorstListeners::pod)
          .thenComparing(NodeListener::address)
          .thenComparing(comparing(NodeListener::cookie));

  private static final Comparator<NodeListener> ORDER =
      comparingInt(WorstListeners::rank).thenComparing(BY_GAP);

  private final Explanations texts;

  WorstListeners(Explanations texts) {
    this.texts = texts;
  }

  List<WorstListener> of(Stream<NodeListener> listeners) {
    return listeners
        .filter(listener -> listener.verdict().undersized() || listener.hasSymptom())
        .sorted(ORDER)
        .limit(MOST)
        .map(this::shown)
        .toList();
  }

  /** Of those below their requirement the one that lacks most. */
  static Optional<NodeListener> widestGap(Stream<NodeListener> listeners) {
    return listeners.filter(listener -> listener.verdict().undersized()).min(BY_GAP);
  }

  /** Of those with a symptom the one that comes first. */
  static Optional<NodeListener> sickest(Stream<NodeListener> listeners) {
    return listeners.filter(NodeListener::hasSymptom).min(ORDER);
  }

  /** A stall first: there nobody is served at all. */
  private static int rank(NodeListener listener) {
    if (listener.stall() != null) return listener.stall().until() == null ? 0 : 1;
    if (listener.overflow() != null) return 2;
    return listener.synFlood() != null ? 3 : 4;
  }

  private WorstListener shown(NodeListener listener) {
    return new WorstListener(
        pod(listener),
        CleanText.of(listener.container(), LONGEST_NAME),
        CleanText.of(listener.process(), LONGEST_NAME),
        ListenerNames.address(listener),
        listener.backlog(),
        listener.required(),
        texts.why(listener),
        peak(listener),
        ListenerNames.isUnix(listener) ? null : QueueMemory.mostBytes(listener.backlog()));
  }

  /** What makes no sense is not shown: a probe that is not ours any more may say anything. */
  private static @Nullable QueuePeak peak(NodeListener listener) {
    var peak = listener.peak();
    return peak == null || peak.connections() <= 0 ? null : peak;
  }

  static String pod(NodeListener listener) {
    return listener.pod().namespace() + "/" + listener.pod().name();
  }
}
