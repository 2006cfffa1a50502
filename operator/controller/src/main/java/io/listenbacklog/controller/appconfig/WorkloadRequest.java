package io.listenbacklog.controller.appconfig;

import io.listenbacklog.api.Mode;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.controller.appconfig.GovernedPods.Governed;
import io.listenbacklog.policy.resolve.PolicyFacts;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a policy asks of one workload.
 *
 * @param pods the workload's pods that the policy governs
 * @param others what other policies ask of the same workload: each governs other pods of it
 */
record WorkloadRequest(RequestingPolicy policy, List<Governed> pods, List<WorkloadRequest> others) {

  private static final Comparator<WorkloadRequest> PRECEDENCE =
      Comparator.comparing(each -> each.policy().facts(), PolicyFacts.PRECEDENCE);

  WorkloadRequest {
    pods = List.copyOf(pods);
    others = List.copyOf(others);
  }

  WorkloadRequest(RequestingPolicy policy, List<Governed> pods) {
    this(policy, pods, List.of());
  }

  /**
   * Which of several policies writes a workload's pod template, for that is one for all its pods:
   * the one whose change is there as long as it governs any pod of it, so that two never take
   * turns; else the first by the order in which policies govern pods.
   *
   * @param memory of the change that is there; null: none
   * @return null: no policy asks for anything
   */
  static @Nullable WorkloadRequest deciding(List<WorkloadRequest> all, @Nullable Memory memory) {
    return all.stream()
        .min(
            Comparator.comparing((WorkloadRequest each) -> !each.wrote(memory))
                .thenComparing(PRECEDENCE))
        .map(first -> first.with(all.stream().filter(each -> !each.equals(first)).toList()))
        .orElse(null);
  }

  private boolean wrote(@Nullable Memory memory) {
    return memory != null && policy.uid().equals(memory.policy().uid());
  }

  private WorkloadRequest with(List<WorkloadRequest> those) {
    return new WorkloadRequest(policy, pods, those);
  }

  /** The most that any policy asks for a listener of the workload's pods; 0: none. */
  int backlog() {
    return allPods().mapToInt(Governed::backlog).max().orElse(0);
  }

  /** Whether a pod of it, by its annotations or its policy, is only to be observed. */
  boolean isOnlyToObserve() {
    return allPods().anyMatch(each -> each.mode() == Mode.OBSERVE);
  }

  /** How many pods of it these policies govern. */
  int governed() {
    return Math.toIntExact(allPods().count());
  }

  /** Of all policies that ask for something. */
  private Stream<Governed> allPods() {
    return all().flatMap(each -> each.pods().stream());
  }

  /** This one and the others. */
  Stream<WorkloadRequest> all() {
    return Stream.concat(Stream.of(this), others.stream());
  }
}
