package io.listenbacklog.policy.report;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.WorstListener;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Picks the listeners that a policy's status shows. */
final class WorstListeners {
  private static final int MOST = 20;

  /** Bytes that a name from a stranger may take up. */
  private static final int LONGEST_NAME = 128;

  /** The widest gap first; what is equally bad by name, so that two runs show the same. */
  private static final Comparator<NodeListener> ORDER =
      comparingInt((NodeListener listener) -> listener.backlog() - listener.required())
          .thenComparing(WorstListeners::pod)
          .thenComparing(NodeListener::address)
          .thenComparing(comparing(NodeListener::cookie));

  private final EventTexts texts;

  WorstListeners(EventTexts texts) {
    this.texts = texts;
  }

  List<WorstListener> of(Stream<NodeListener> listeners) {
    return listeners
        .filter(listener -> listener.verdict().undersized())
        .sorted(ORDER)
        .limit(MOST)
        .map(this::shown)
        .toList();
  }

  private WorstListener shown(NodeListener listener) {
    return new WorstListener(
        pod(listener),
        CleanText.of(listener.container(), LONGEST_NAME),
        CleanText.of(listener.process(), LONGEST_NAME),
        listener.address(),
        listener.backlog(),
        listener.required(),
        texts.cause(listener));
  }

  private static String pod(NodeListener listener) {
    return listener.pod().namespace() + "/" + listener.pod().name();
  }
}
