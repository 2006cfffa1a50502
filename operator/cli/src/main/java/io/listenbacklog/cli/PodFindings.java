package io.listenbacklog.cli;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.kind.Explanations;
import java.time.Instant;
import java.util.List;

/**
 * What is told of a pod at present, in the words of Events. The Events themselves cannot be used:
 * they expire after an hour, and of many similar pods only some have one.
 */
final class PodFindings {
  private static final EventPlanner EVENTS =
      new EventPlanner(new Explanations(Catalogue.standard()));

  /** Before all that is told: the probe itself drops what is past from its status. */
  private static final Instant FROM_THE_BEGINNING = Instant.EPOCH;

  private PodFindings() {}

  /**
   * One of them.
   *
   * @param reason as the Event has it
   */
  record Finding(String reason, String note) {}

  /**
   * All that its probe tells of it.
   *
   * @param annotated whether its own annotations ask for backlogs too
   */
  static List<Finding> of(NodePod pod, NodeBacklogStatus status, boolean annotated) {
    var its =
        new NodeBacklogStatus(
            status.observedGeneration(),
            status.bootId(),
            List.of(),
            List.of(),
            status.listeners().stream().filter(each -> each.pod().uid().equals(pod.uid())).toList(),
            status.sysctls().stream().filter(each -> each.pod().uid().equals(pod.uid())).toList(),
            List.of());
    return EVENTS.of(its, _ -> annotated, FROM_THE_BEGINNING).stream()
        .map(PodFindings::finding)
        .toList();
  }

  private static Finding finding(EventDraft draft) {
    return new Finding(draft.reason(), draft.note());
  }
}
