package io.listenbacklog.probe.engine;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.probe.journal.Contest;
import io.listenbacklog.probe.journal.Entry;
import io.listenbacklog.probe.journal.Raised;
import io.listenbacklog.probe.spec.NodeSpec;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier probe had written into the status: the second source of what was raised, should
 * the journal be lost (what the journal knows is newer), and the only one of what was told of a
 * listener, so that a restart tells nothing anew.
 */
final class StatusMemory {
  private final Surroundings around;
  private final NodeNamespaces nodeNamespaces;
  private final Map<Long, NodeListener> earlier = new HashMap<>();

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

  /** Since when a listener is as it is, and what was wrong with it, if that was told before. */
  void recall(WatchedListener listener) {
    if (earlier.isEmpty()) return;
    var told = earlier.remove(listener.id.cookie());
    if (told == null) return;
    if (!listener.judged || listener.verdict == told.verdict()) {
      listener.judged = true;
      listener.verdict = told.verdict();
      listener.since = told.since();
    }
    if (listener.hindrance == null) listener.hindrance = told.hindrance();
    if (told.growth() != null) listener.growth.remember(told.growth());
    if (told.overflow() != null) listener.symptoms.recall(told.overflow());
    if (told.synFlood() != null) listener.symptoms.recall(told.synFlood());
    var stall = told.stall();
    if (stall != null && listener.symptoms.stall() == null) {
      listener.symptoms.tell(stall);
      if (stall.until() == null) listener.queueWatch.recall(stall);
    }
  }

  private void take(NodeListener listener, Map<String, String> cgroupUids) throws IOException {
    long cookie = Long.parseUnsignedLong(listener.cookie(), 16);
    earlier.put(cookie, listener);
    var raised = raised(listener);
    if (raised == null || around.journal().backlog(cookie).isPresent()) return;
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
                raised));
  }

  /** What was raised, or only contested, and lost; null: nothing. */
  private static @Nullable Raised raised(NodeListener listener) {
    var remedy = listener.remedy();
    if (remedy != null) return Raised.from(remedy);
    var hindrance = listener.hindrance();
    if (hindrance == null || !hindrance.reason().equals(EventReasons.BACKLOG_CONTESTED))
      return null;
    return Raised.contested(
        listener.backlog(), hindrance.since(), OnDelete.RESTORE, Contest.lostTo(listener.pid()));
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
