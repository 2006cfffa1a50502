package io.listenbacklog.probe.report;

import io.listenbacklog.api.Contention;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.observe.PreviousStatus;
import io.listenbacklog.probe.remedy.SysctlFloor;
import io.listenbacklog.probe.remedy.SysctlRemedy;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.NamespaceSysctl;
import io.listenbacklog.probe.time.Clocks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sysctls that a status tells: those that are raised, or should be and are not. */
final class SysctlReports {
  private final Clocks clocks;
  private final Journal journal;
  private final HiddenPods hiddenPods;
  private final PreviousStatus previous;

  SysctlReports(Clocks clocks, Journal journal, HiddenPods hiddenPods, PreviousStatus previous) {
    this.clocks = clocks;
    this.journal = journal;
    this.hiddenPods = hiddenPods;
    this.previous = previous;
  }

  List<NodeSysctl> of(NodeSpec spec, Collection<NamespaceState> namespaces) {
    var all = new ArrayList<NodeSysctl>();
    for (var namespace : namespaces) {
      for (var which : NamespaceSysctl.values()) {
        all.addAll(sysctlsOfPods(which, namespace, spec));
        ofNode(which, namespace, spec).ifPresent(all::add);
      }
    }
    all.addAll(sysctlsOutOfSight(spec));
    return all;
  }

  private List<NodeSysctl> sysctlsOutOfSight(NodeSpec spec) {
    var unseen = new ArrayList<NodeSysctl>();
    for (var each : journal.entries()) {
      if (!(each instanceof JournalEntry.Sysctl entry) || entry.raised().onlyContested()) continue;
      var hindrance = hiddenPods.hindering(entry, previous.hindrance(entry)).orElse(null);
      if (hindrance == null) continue;
      var pod = spec.pods().get(entry.cgroupUid());
      unseen.add(
          new NodeSysctl(
              entry.pod(),
              pod == null ? entry.policy() : pod.requirement().policy(),
              entry.networkNamespace(),
              entry.name(),
              entry.raised().asFarAsKnown().applied(),
              0,
              entry.raised().asFarAsKnown().remedy(),
              hindrance,
              entry.raised().contention(clocks.now(), 0)));
    }
    return unseen;
  }

  private List<NodeSysctl> sysctlsOfPods(
      NamespaceSysctl which, NamespaceState namespace, NodeSpec spec) {
    var all = new ArrayList<NodeSysctl>();
    for (String uid : namespace.pods()) {
      var pod = spec.pods().get(uid);
      var known = journal.sysctl(uid, namespace.inode, which.key).orElse(null);
      var entry = known == null || known.raised().applied() == 0 ? null : known;
      var contest = known == null ? null : known.raised().contention(clocks.now(), 0);
      if (pod != null && (entry != null || hindered(which, namespace, pod))) {
        var policy = pod.requirement().policy();
        int needed = SysctlRemedy.needed(which, namespace, pod);
        all.add(sysctl(which, namespace, pod.pod().reference(), policy, needed, entry, contest));
      } else if (pod == null && entry != null) {
        all.add(sysctl(which, namespace, entry.pod(), entry.policy(), 0, entry, contest));
      }
    }
    return all;
  }

  private Optional<NodeSysctl> ofNode(
      NamespaceSysctl which, NamespaceState namespace, NodeSpec spec) {
    var entry = raised(which, namespace, JournalEntry.Sysctl.NODE);
    if (entry == null) return Optional.empty();
    int needed =
        SysctlFloor.all(which, namespace, spec).stream()
            .filter(each -> each.holder().equals(JournalEntry.Sysctl.NODE))
            .mapToInt(SysctlFloor::needed)
            .findFirst()
            .orElse(0);
    var contest = entry.raised().contention(clocks.now(), 0);
    return Optional.of(
        sysctl(which, namespace, entry.pod(), entry.policy(), needed, entry, contest));
  }

  private JournalEntry.@Nullable Sysctl raised(
      NamespaceSysctl which, NamespaceState namespace, String holder) {
    return journal
        .sysctl(holder, namespace.inode, which.key)
        .filter(each -> each.raised().applied() != 0)
        .orElse(null);
  }

  private static NodeSysctl sysctl(
      NamespaceSysctl which,
      NamespaceState namespace,
      PodReference pod,
      @Nullable PolicyReference policy,
      int required,
      JournalEntry.@Nullable Sysctl entry,
      @Nullable Contention contest) {
    var state = namespace.sysctl(which);
    return new NodeSysctl(
        pod,
        policy,
        namespace.inode,
        which.key,
        state.value(),
        required,
        entry == null ? null : entry.raised().remedy(),
        BoundedText.of(state.retry.hindrance()),
        contest);
  }

  private static boolean hindered(
      NamespaceSysctl which, NamespaceState namespace, GovernedPod pod) {
    var state = namespace.sysctl(which);
    return state.retry.hindrance() != null
        && state.value() < SysctlRemedy.needed(which, namespace, pod);
  }
}
