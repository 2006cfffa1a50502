package io.listenbacklog.probe.remedy;

import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.NamespaceSysctl;
import io.listenbacklog.probe.telemetry.LogNames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody asks for a floor of a sysctl.
 *
 * @param holder under which it is in the journal: the uid in the pod's cgroups, or {@link
 *     JournalEntry.Sysctl#NODE}
 * @param needed 1 to 65535
 * @param forbidden why it is not written though it may be lower; null: it may be written
 */
public record SysctlFloor(
    String holder,
    PodReference pod,
    @Nullable PolicyReference policy,
    OnDelete onDelete,
    int needed,
    @Nullable Obstacle forbidden) {

  /** What all pods ask of a namespace; of the node's own there is one at most: the largest. */
  public static List<SysctlFloor> all(
      NamespaceSysctl sysctl, NamespaceState namespace, NodeSpec spec) {
    var asks = new ArrayList<SysctlFloor>();
    SysctlFloor ofNode = null;
    for (String uid : namespace.pods()) {
      var pod = spec.pods().get(uid);
      if (pod == null) continue;
      var ask = of(sysctl, namespace, pod);
      if (ask.needed == 0) continue;
      if (!ask.holder.equals(JournalEntry.Sysctl.NODE)) asks.add(ask);
      else if (ofNode == null || ask.before(ofNode)) ofNode = ask;
    }
    if (ofNode != null) asks.addFirst(ofNode);
    return asks;
  }

  /** The larger one first, of equals the first by name: so that two runs do the same. */
  private boolean before(SysctlFloor other) {
    if (needed != other.needed) return needed > other.needed;
    return LogNames.of(pod).compareTo(LogNames.of(other.pod)) < 0;
  }

  static SysctlFloor of(NamespaceSysctl sysctl, NamespaceState namespace, GovernedPod pod) {
    boolean node = namespace.nodes() && pod.requirement().allowNodeSysctls();
    return new SysctlFloor(
        node ? JournalEntry.Sysctl.NODE : pod.cgroupUid(),
        pod.pod().reference(),
        pod.requirement().policy(),
        pod.requirement().onDelete(),
        SysctlRemedy.needed(sysctl, namespace, pod),
        node || !namespace.shared()
            ? null
            : new Obstacle.SharedNamespace(
                sysctl,
                namespace.sysctl(sysctl).value(),
                namespace.sharedWith(),
                namespace.nodes()));
  }
}
