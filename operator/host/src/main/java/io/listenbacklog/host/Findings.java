package io.listenbacklog.host;

import io.listenbacklog.api.Condition;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.kind.EventType;
import io.listenbacklog.policy.event.kind.Series;
import io.listenbacklog.probe.time.Clocks;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says what a status calls for that was not said before: each episode once, and once more where it
 * is known to have ended.
 */
final class Findings {
  /** As long as the planner plans what is past; longer, for it is asked a moment later. */
  private static final Duration HISTORY = Duration.ofHours(1).plusMinutes(1);

  private final EventPlanner planner;
  private Governance governance;
  private final Clocks clocks;
  private final WatchLines lines;
  private final Map<String, Told.Said> said;
  private final Map<String, String> capabilities = new HashMap<>();

  /**
   * @param said what an earlier watch said
   */
  Findings(
      EventPlanner planner,
      Governance governance,
      Clocks clocks,
      WatchLines lines,
      Map<String, Told.Said> said) {
    this.planner = planner;
    this.governance = governance;
    this.clocks = clocks;
    this.lines = lines;
    this.said = new HashMap<>(said);
  }

  /** From now on other policies are in force. */
  void governedBy(Governance others) {
    governance = others;
  }

  /** What was said so far. */
  Map<String, Told.Said> said() {
    return said;
  }

  void tell(NodeBacklogStatus status) {
    var now = clocks.now();
    status.capabilities().forEach(each -> tell(each, now));
    for (var each : planner.of(concerned(status), _ -> false, now)) {
      // On a host it is nobody's pod in which it is: it is just not the service's.
      if (!each.reason().equals(EventReasons.LISTENER_NOT_OF_POD)) tell(each, now);
    }
    said.values().removeIf(each -> each.last().isBefore(now.minus(HISTORY)));
  }

  /** What cannot be done is said when it begins to be so; what can be done is what is expected. */
  private void tell(Condition capability, Instant now) {
    boolean missing = capability.status().equals("False");
    String text = capability.message();
    if (!missing) capabilities.remove(capability.type());
    else if (!text.equals(capabilities.put(capability.type(), text))) {
      lines.say(EventType.WARNING, now, capability.type() + ": " + text);
    }
  }

  private void tell(EventDraft draft, Instant now) {
    @Nullable Series series = draft.series();
    boolean ended = series != null && series.ended();
    boolean known = draft.eventNames().stream().anyMatch(said::containsKey);
    boolean endKnown = draft.eventNames().stream().anyMatch(each -> isEndSaid(each));
    if (!known || (ended && !endKnown)) {
      lines.say(
          draft.type(),
          draft.at(),
          "%s %s: %s".formatted(draft.reason(), draft.regarding().name(), draft.note()));
    }
    for (String name : draft.eventNames()) said.put(name, new Told.Said(now, ended || endKnown));
  }

  private boolean isEndSaid(String name) {
    var before = said.get(name);
    return before != null && before.ended();
  }

  /** Without listeners on ports for which their policy is not. */
  private NodeBacklogStatus concerned(NodeBacklogStatus status) {
    return new NodeBacklogStatus(
        status.observedGeneration(),
        status.bootId(),
        status.capabilities(),
        status.policies(),
        status.listeners().stream().filter(governance::concerns).toList(),
        status.sysctls(),
        status.restorations(),
        status.pods(),
        status.omitted());
  }
}
