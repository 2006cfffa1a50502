package io.listenbacklog.probe.engine;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.probe.journal.Entry;
import io.listenbacklog.probe.journal.Raised;
import io.listenbacklog.probe.spec.NodeSpec;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What an earlier probe had written into the status: the second source of what was raised, should
 * the journal be lost. What the journal knows is newer.
 */
final class StatusMemory {
  private final Surroundings around;
  private final NodeNamespaces nodeNamespaces;

  StatusMemory(Surroundings around, NodeNamespaces nodeNamespaces) {
    this.around = around;
    this.nodeNamespaces = nodeNamespaces;
  }

  /** Takes over what the journal lacks, if it was written in this boot. */
  void take(NodeBacklogStatus status, NodeSpec spec, String bootId) {
    if (!bootId.equals(status.bootId())) return;
    around.restorations().addAll(status.restorations());
    var cgroupUids = new HashMap<String, String>();
    spec.pods().forEach((cgroupUid, pod) -> cgroupUids.put(pod.pod().uid(), cgroupUid));
    try {
      for (var each : status.listeners()) take(each, cgroupUids);
      for (var each : status.sysctls()) take(each, spec, cgroupUids);
    } catch (IOException | NumberFormatException e) {
      around.troubles().failed("remedies of the last status", e);
    }
  }

  private void take(NodeListener listener, Map<String, String> cgroupUids) throws IOException {
    var remedy = listener.remedy();
    if (remedy == null) return;
    long cookie = Long.parseUnsignedLong(listener.cookie(), 16);
    if (around.journal().backlog(cookie).isPresent()) return;
    String uid = listener.pod().uid();
    around
        .journal()
        .put(
            new Entry.Backlog(
                cgroupUids.getOrDefault(uid, uid),
                listener.pod(),
                listener.policy(),
                listener.container(),
                listener.networkNamespace(),
                listener.address(),
                cookie,
                listener.inode(),
                listener.growth(),
                Raised.from(remedy)));
  }

  private void take(NodeSysctl sysctl, NodeSpec spec, Map<String, String> cgroupUids)
      throws IOException {
    var remedy = sysctl.remedy();
    long namespace = sysctl.networkNamespace();
    if (remedy == null || FloorSysctl.of(sysctl.name()).isEmpty()) return;
    String cgroupUid = cgroupUids.getOrDefault(sysctl.pod().uid(), sysctl.pod().uid());
    var pod = spec.pods().get(cgroupUid);
    boolean ofNode = nodeNamespaces.contains(namespace) || (pod != null && pod.pod().hostNetwork());
    String holder = ofNode ? Entry.Sysctl.NODE : cgroupUid;
    if (around.journal().sysctl(holder, namespace, sysctl.name()).isPresent()) return;
    around
        .journal()
        .put(
            new Entry.Sysctl(
                holder,
                sysctl.pod(),
                sysctl.policy(),
                namespace,
                sysctl.name(),
                Raised.from(remedy)));
  }
}
