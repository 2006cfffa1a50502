package io.listenbacklog.controller.appconfig;

import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.Memory.Stage;
import io.listenbacklog.appconfig.plan.Situation.Turn;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is being changed in the cluster, as a pass goes along. */
final class Turns {
  private final Map<WorkloadId, Memory> memories =
      new TreeMap<>(Comparator.comparing(WorkloadId::longName));

  private final NamespaceHolds holds;
  private final Instant now;

  Turns(Iterable<LiveWorkload> all, NamespaceHolds holds, Instant now) {
    this.holds = holds;
    this.now = now;
    now(all);
  }

  /** What is left on a workload by now. */
  void now(LiveWorkload workload, @Nullable Memory memory) {
    if (memory == null) memories.remove(workload.id());
    else memories.put(workload.id(), memory);
  }

  /** What is left on these by now; of others it is as it was. */
  void now(Iterable<LiveWorkload> marked) {
    for (LiveWorkload each : marked) now(each, each.memory());
  }

  /**
   * What counts for a workload.
   *
   * @param policy who asks; null: nobody any more
   */
  Turn of(LiveWorkload workload, @Nullable PolicyReference policy, int atMost) {
    String busy = "";
    String rolledBack = "";
    int underWay = 0;
    for (var each : memories.entrySet()) {
      if (each.getKey().equals(workload.id())) continue;
      Memory memory = each.getValue();
      if (memory.isUnderWay() && counts(each.getKey(), workload)) underWay++;
      if (policy == null || !memory.policy().uid().equals(policy.uid())) continue;
      if (memory.isUnderWay()) busy = each.getKey().shortName();
      boolean back = memory.stage() == Stage.ROLLED_BACK || memory.stage() == Stage.ROLLING_BACK;
      if (back && memory.policy().generation() == policy.generation()) {
        rolledBack = each.getKey().shortName();
      }
    }
    return new Turn(busy, underWay, atMost, rolledBack);
  }

  private boolean counts(WorkloadId underWay, LiveWorkload waiting) {
    String namespace = underWay.namespace();
    return namespace.equals(waiting.id().namespace()) || holds.counts(namespace, now);
  }
}
