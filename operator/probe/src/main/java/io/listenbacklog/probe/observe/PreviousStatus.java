package io.listenbacklog.probe.observe;

import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.Contention;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.policy.assess.Contest;
import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.journal.EntryKey;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.journal.RaisedValue;
import io.listenbacklog.probe.journal.RecentRestorations;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.NamespaceSysctl;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier probe had written into the status: the second source of what was raised, should
 * the journal be lost (what the journal knows is newer), and the only one of what was told of a
 * listener, so that a restart tells nothing anew.
 */
public final class PreviousStatus {
  private final Clocks clocks;
  private final NodeKernel kernel;
  private final Journal journal;
  private final RecentRestorations restorations;
  private final RecurringErrors errors;
  private final HostNamespaces nodeNamespaces;
  private final String bootId;
  private final Map<Long, NodeListener> earlier = new HashMap<>();
  private final Map<SysctlOfNamespace, Hindrance> hindrances = new HashMap<>();

  /** Whether an earlier probe's status was taken, and no sweep has ended since. */
  private boolean fresh;

  private record SysctlOfNamespace(long namespace, String name) {}

  public PreviousStatus(
      Clocks clocks,
      NodeKernel kernel,
      Journal journal,
      RecentRestorations restorations,
      RecurringErrors errors,
      HostNamespaces nodeNamespaces,
      String bootId) {
    this.clocks = clocks;
    this.kernel = kernel;
    this.journal = journal;
    this.restorations = restorations;
    this.errors = errors;
    this.nodeNamespaces = nodeNamespaces;
    this.bootId = bootId;
  }

  /** Takes over what the journal lacks, if it was written in this boot. */
  public void take(NodeBacklogStatus status, NodeSpec spec) {
    if (!bootId.equals(status.bootId())) return;
    fresh = true;
    restorations.addAll(status.restorations());
    var cgroupUids = new HashMap<String, String>();
    spec.pods().forEach((cgroupUid, pod) -> cgroupUids.put(pod.pod().uid(), cgroupUid));
    try {
      for (var each : status.listeners()) take(each, cgroupUids);
      for (var each : status.sysctls()) take(each, spec, cgroupUids);
    } catch (IOException | NumberFormatException e) {
      errors.failed("remedies of the last status", e);
    }
    journal.statusRead();
  }

  /**
   * What an earlier probe said of something that is raised and was not seen since; null: nothing.
   */
  public @Nullable Hindrance hindrance(JournalEntry entry) {
    return switch (entry) {
      case JournalEntry.Backlog it -> {
        var told = earlier.get(it.cookie());
        yield told == null ? null : told.hindrance();
      }
      case JournalEntry.Sysctl it ->
          hindrances.get(new SysctlOfNamespace(it.networkNamespace(), it.name()));
    };
  }

  /**
   * Whether the status tells who was too small a moment ago, so that whoever is not in it, and is
   * too small, was born since, or shortly before.
   */
  public boolean isFresh() {
    return fresh;
  }

  /** All has been looked at once. */
  public void swept() {
    fresh = false;
  }

  /** Since when a listener is as it is, and what was wrong with it, if that was told before. */
  public void recall(NamespaceState namespace, ListenerState listener) {
    if (earlier.isEmpty()) return;
    var told = earlier.remove(listener.id.cookie());
    if (told == null) return;
    listener.judgement.loggedTooSmall(told.verdict().undersized());
    if (told.verdict().undersized()) listener.age.notYoung(clocks.nanos());
    namespace.closings.recall(told, clocks.now());
    if (told.verdict() == Verdict.NOT_OF_POD && listener.owner() == null)
      SocketOwners.recall(listener);
    listener.recallVerdict(told.verdict(), told.since());
    listener.retry.resume(told.hindrance(), listener.judgement.verdict().undersized());
    boolean isUndone = journal.wasForgotten(new EntryKey.Listener(listener.id.cookie()));
    int raised = told.remedy() == null || isUndone ? 0 : told.remedy().applied();
    listener.recallOwn(told.requested(), raised, namespace.somaxconn.value());
    if (told.backlog() == listener.backlog()) recallSomaxconn(told, listener);
    if (told.contest() != null) listener.ownership.heldBy(told.contest().holders());
    if (told.growth() != null) namespace.grow(listener, listener.growth().recall(told.growth()));
    if (told.overflow() != null) {
      listener.symptoms.recall(told.overflow(), clocks.now(), clocks.nanos());
    }
    if (told.synFlood() != null) {
      listener.symptoms.recall(told.synFlood(), clocks.now(), clocks.nanos());
    }
    var stall = told.stall();
    if (stall != null && listener.symptoms.stall() == null) {
      listener.symptoms.tell(stall, clocks.now(), clocks.nanos());
      var born = stall.listeningSince();
      if (listener.age.bornAt() == null && born != null) listener.age.bornAt(born);
      if (stall.until() == null && !stall.provenByDescriptorsAlone()) {
        listener.queueWatch.recall(stall);
      }
    }
  }

  private static void recallSomaxconn(NodeListener told, ListenerState listener) {
    Integer then = told.somaxconnAtListen();
    if (then != null && then > 0) listener.backlogs.recallSomaxconn(then);
    // A probe that did not say it told what capped a listener, if something did.
    else if (told.verdict() == Verdict.UNDERSIZED_BY_SOMAXCONN && then == null) {
      listener.backlogs.recallSomaxconn(told.requested());
    }
  }

  /** Since when its sysctls are not raised, and what its listeners are, if that was told before. */
  public void recall(NamespaceState namespace) {
    namespace.all().forEach(each -> recall(namespace, each));
    for (var which : NamespaceSysctl.values()) {
      var told = hindrances.remove(new SysctlOfNamespace(namespace.inode, which.key));
      namespace.sysctl(which).retry.resume(told, true);
    }
  }

  private void take(NodeListener listener, Map<String, String> cgroupUids) throws IOException {
    long cookie = Long.parseUnsignedLong(listener.cookie(), 16);
    earlier.put(cookie, listener);
    var raised =
        raised(
            listener.remedy(),
            listener.contest(),
            listener.hindrance(),
            listener.backlog(),
            listener.pid());
    if (raised == null || journal.backlog(cookie).isPresent()) return;
    if (journal.wasForgotten(new EntryKey.Listener(cookie))) return;
    String uid = listener.pod().uid();
    journal.put(
        new JournalEntry.Backlog(
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

  /**
   * What was raised, or only contested; null: nothing.
   *
   * @param pid of the process that contests it; 0: not known
   */
  private @Nullable RaisedValue raised(
      @Nullable AppliedRemedy remedy,
      @Nullable Contention told,
      @Nullable Hindrance hindrance,
      int value,
      int pid)
      throws IOException {
    var contest =
        told != null
            ? Contest.recalled(pid, told, kernel.uptime(), clocks.now())
            : hindrance != null && hindrance.reason().equals(EventReasons.BACKLOG_CONTESTED)
                ? Contest.lostTo(pid, hindrance.since())
                : Contest.NONE;
    if (remedy != null) return RaisedValue.from(remedy).with(contest);
    return contest.since() == null
        ? null
        : RaisedValue.contested(value, contest.since(), OnDelete.RESTORE, contest);
  }

  private void take(NodeSysctl sysctl, NodeSpec spec, Map<String, String> cgroupUids)
      throws IOException {
    long namespace = sysctl.networkNamespace();
    if (NamespaceSysctl.of(sysctl.name()).isEmpty()) return;
    if (sysctl.hindrance() != null) {
      hindrances.put(new SysctlOfNamespace(namespace, sysctl.name()), sysctl.hindrance());
    }
    var raised = raised(sysctl.remedy(), sysctl.contest(), sysctl.hindrance(), sysctl.value(), 0);
    if (raised == null) return;
    String cgroupUid = cgroupUids.getOrDefault(sysctl.pod().uid(), sysctl.pod().uid());
    var pod = spec.pods().get(cgroupUid);
    boolean ofNode = nodeNamespaces.contains(namespace) || (pod != null && pod.pod().hostNetwork());
    String holder = ofNode ? JournalEntry.Sysctl.NODE : cgroupUid;
    if (journal.sysctl(holder, namespace, sysctl.name()).isPresent()) return;
    var key = new EntryKey.Sysctl(holder, namespace, sysctl.name());
    if (journal.wasForgotten(key)) return;
    journal.put(
        new JournalEntry.Sysctl(
            holder, sysctl.pod(), sysctl.policy(), namespace, sysctl.name(), raised));
  }
}
