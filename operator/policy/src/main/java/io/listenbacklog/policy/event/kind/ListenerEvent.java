package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Reopened;
import io.listenbacklog.policy.resolve.KubeletProbes;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An Event of a listener, written on its pod. All that is asked here is asked of one socket;
 * several at one address of which the same is true (SO_REUSEPORT) are one listener.
 */
public sealed interface ListenerEvent extends EventKind
    permits AcceptStalled,
        ListenOverflow,
        SynFlooding,
        BacklogTooSmall,
        ListenerNotOfPod,
        BacklogRaised,
        BacklogContested,
        RemedyUnavailable {

  /** All there are. Symptoms first: they are the most urgent. */
  static List<ListenerEvent> all(Explanations explanations) {
    return List.of(
        new AcceptStalled(),
        new ListenOverflow(explanations),
        new SynFlooding(),
        new BacklogTooSmall(explanations),
        new ListenerNotOfPod(),
        new BacklogRaised(explanations),
        new BacklogContested(explanations),
        new RemedyUnavailable());
  }

  /** When what the Event says began; null: there is nothing to say. */
  @Nullable Instant begins(NodeListener listener);

  /** When it was as the note says. Asked only where it has begun, as is all that follows. */
  Instant at(NodeListener listener);

  /** What tells two cases of it apart, other than the listener. */
  String cause(NodeListener listener);

  /**
   * How often it was seen in one episode; null: it happens once, or once to each of several
   * listeners that were {@link Reopened}.
   */
  default @Nullable Series series(NodeListener listener) {
    return null;
  }

  /** Whether what the probe reports of its predecessors at the address is the same. */
  default boolean likeItsPredecessors(NodeListener listener) {
    return false;
  }

  /**
   * Its words.
   *
   * @param sockets how many sockets the listener is
   */
  String note(NodeListener listener, RequirementSource source, int sockets);

  /**
   * That the kubelet's probes meet the same, as a sentence of its own; empty: they do not, or that
   * is nothing to say here.
   */
  default String ofKubelet(NodeListener listener, KubeletProbes probes) {
    return "";
  }

  /** What tells it from the same thing happening again: when it began, of the first of several. */
  default Instant episode(NodeListener listener) {
    Reopened reopened = predecessors(listener);
    return reopened == null ? Objects.requireNonNull(begins(listener)) : reopened.first();
  }

  /** How often it was seen at several sockets of one listener, the oldest first. */
  default @Nullable Series series(List<NodeListener> sockets) {
    Series own = series(sockets.getFirst());
    if (own != null) return own;
    int times =
        sockets.stream()
            .map(this::predecessors)
            .filter(Objects::nonNull)
            .mapToInt(Reopened::times)
            .max()
            .orElse(1);
    if (times <= 1) return null;
    // Each time it is over when the next begins.
    return new Series(times, Objects.requireNonNull(begins(sockets.getLast())), true);
  }

  /** Its predecessors at the address with the same Event; null: none. */
  private @Nullable Reopened predecessors(NodeListener listener) {
    return likeItsPredecessors(listener) ? listener.reopened() : null;
  }
}
