package io.listenbacklog.controller.appconfig;

import io.listenbacklog.api.Mode;
import io.listenbacklog.controller.appconfig.GovernedPods.Governed;
import java.util.List;

/**
 * What a policy asks of one workload.
 *
 * @param pods the workload's pods that the policy governs
 */
record WorkloadRequest(RequestingPolicy policy, List<Governed> pods) {
  WorkloadRequest {
    pods = List.copyOf(pods);
  }

  /** The most that is asked for any listener of them; 0: none. */
  int backlog() {
    return pods.stream().mapToInt(Governed::backlog).max().orElse(0);
  }

  /** Whether one of them, by its annotations or the policy, is only to be observed. */
  boolean isOnlyToObserve() {
    return pods.stream().anyMatch(each -> each.mode() == Mode.OBSERVE);
  }
}
