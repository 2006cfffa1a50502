package io.listenbacklog.probe.report;

import io.listenbacklog.api.ContainerBacklogs;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.observe.PreviousStatus;
import io.listenbacklog.probe.observe.SocketOwners;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.time.Clocks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listeners that a status tells one by one: those that are raised, too small, not their pod's,
 * or have symptoms.
 */
final class ListenerReports {
  /** One with which nothing is the matter: nearly all are such. */
  private static final ListenerCounts ONE = new ListenerCounts(1, 0, 0, 0, 0, 0, 0, 0);

  private final Clocks clocks;
  private final ProcessIndex processIndex;
  private final Journal journal;
  private final HiddenPods hiddenPods;
  private final PreviousStatus previous;

  ListenerReports(
      Clocks clocks,
      ProcessIndex processIndex,
      Journal journal,
      HiddenPods hiddenPods,
      PreviousStatus previous) {
    this.clocks = clocks;
    this.processIndex = processIndex;
    this.journal = journal;
    this.hiddenPods = hiddenPods;
    this.previous = previous;
  }

  List<NodeListener> of(NodeSpec spec, Collection<NamespaceState> namespaces) {
    var all = new ArrayList<NodeListener>();
    var now = clocks.now();
    for (var namespace : namespaces) {
      for (var each : namespace.all()) {
        var entry = remedied(each);
        boolean tooSmall = isTooSmall(each, entry != null);
        boolean notOfPod = each.judgement.verdict() == Verdict.NOT_OF_POD;
        if (entry == null && !tooSmall && !notOfPod && !each.symptoms.any()) continue;
        if (entry == null && !each.symptoms.any() && isUnsaid(namespace, each)) continue;
        var pod = each.pod(spec);
        if (pod != null) {
          var policy = pod.requirement().policy();
          all.add(listener(namespace, each, pod.pod().reference(), policy, entry, now));
        } else if (entry != null) {
          all.add(listener(namespace, each, entry.pod(), entry.policy(), entry, now));
        }
      }
    }
    all.addAll(outOfSight(spec, namespaces));
    return all;
  }

  /** What is raised and cannot be looked at any more: it is as it was told last. */
  private List<NodeListener> outOfSight(NodeSpec spec, Collection<NamespaceState> namespaces) {
    var unseen = new ArrayList<NodeListener>();
    for (var each : journal.entries()) {
      if (!(each instanceof JournalEntry.Backlog entry) || entry.raised().onlyContested()) continue;
      var hindrance = hiddenPods.hindering(entry, previous.hindrance(entry));
      if (hindrance.isEmpty() || isKnown(entry, namespaces)) continue;
      unseen.add(outOfSight(entry, hindrance.get(), spec.pods().get(entry.cgroupUid())));
    }
    return unseen;
  }

  private static boolean isKnown(
      JournalEntry.Backlog entry, Collection<NamespaceState> namespaces) {
    return namespaces.stream()
        .anyMatch(
            each ->
                each.listeners.containsKey(entry.cookie())
                    || each.unix.containsKey(entry.cookie()));
  }

  private NodeListener outOfSight(
      JournalEntry.Backlog entry, Hindrance hindrance, @Nullable GovernedPod pod) {
    var raised = entry.raised().asFarAsKnown();
    return new NodeListener(
        entry.pod(),
        pod == null ? entry.policy() : pod.requirement().policy(),
        entry.container(),
        "",
        0,
        null,
        entry.address(),
        entry.networkNamespace(),
        entry.inode(),
        HexFormat.of().toHexDigits(entry.cookie()),
        raised.applied(),
        raised.original(),
        0,
        0,
        null,
        Verdict.SUFFICIENT,
        raised.at(),
        raised.remedy(),
        BoundedText.of(hindrance),
        entry.growth(),
        null,
        null,
        null,
        null,
        entry.raised().contention(clocks.now(), 0),
        null);
  }

  private NodeListener listener(
      NamespaceState namespace,
      ListenerState listener,
      PodReference pod,
      @Nullable PolicyReference policy,
      JournalEntry.@Nullable Backlog entry,
      Instant now) {
    var owner = listener.ownership.attribution();
    boolean tooSmall = isTooSmall(listener, entry != null);
    boolean unsaid = listener.judgement.verdict().undersized() && !tooSmall;
    return new NodeListener(
        pod,
        policy,
        owner.container(),
        owner.process(),
        owner.pid(),
        owner.application(),
        listener.id.text(),
        namespace.inode,
        listener.inode,
        listener.id.cookieText(),
        listener.backlog(),
        requested(listener, entry),
        unsaid ? 0 : listener.judgement.required(),
        namespace.somaxconn.value(),
        listener.backlogs.heardSomaxconn() == 0 ? null : listener.backlogs.heardSomaxconn(),
        unsaid ? Verdict.SUFFICIENT : listener.judgement.verdict(),
        listener.judgement.since(),
        entry == null ? null : entry.raised().remedy(),
        unsaid ? null : BoundedText.of(listener.retry.hindrance()),
        listener.growth().last(),
        listener.symptoms.overflow(),
        listener.symptoms.stall(),
        listener.symptoms.synFlood(),
        unsaid ? null : namespace.closings.before(listener, entry, now),
        journal
            .backlog(listener.id.cookie())
            .map(each -> each.raised().contention(now, listener.ownership.holders()))
            .orElse(null),
        tooSmall || listener.symptoms.any() ? Peaks.of(listener, now, clocks.nanos()) : null);
  }

  /** How a listener counts. */
  ListenerCounts counts(NamespaceState namespace, ListenerState listener) {
    if (isPlain(listener)) return ONE;
    if (listener.ownership.isNobodysOfPod() || isUnsaid(namespace, listener))
      return ListenerCounts.NONE;
    boolean remedied = remedied(listener) != null;
    boolean tooSmall = isTooSmall(listener, remedied);
    boolean unsaid = listener.age.isYoung(clocks.nanos()) && !remedied && !listener.symptoms.any();
    if (unsaid && (listener.judgement.exempt() || listener.judgement.verdict().undersized()))
      return ListenerCounts.NONE;
    return new ListenerCounts(
        1,
        tooSmall ? 1 : 0,
        remedied ? 1 : 0,
        listener.judgement.exempt() ? 1 : 0,
        listener.judgement.isDue() && listener.judgement.isOld() ? 1 : 0,
        listener.symptoms.overflow() == null ? 0 : 1,
        listener.symptoms.stall() == null ? 0 : 1,
        listener.symptoms.synFlood() == null ? 0 : 1);
  }

  /** The backlog before any remedy. */
  private static int requested(ListenerState listener, JournalEntry.@Nullable Backlog entry) {
    if (entry != null) return entry.raised().original();
    return listener.backlog() == 0 ? listener.backlogs.own() : listener.backlog();
  }

  /**
   * What the application of one listener gave it by itself.
   *
   * @param asked the backlog that it is to have: above 0
   * @return null: nothing is to be said of it, for it is nobody's of the pod, or it is not known
   *     yet whose, or it is gone as soon as it is served
   */
  @Nullable ContainerBacklogs byItself(
      NamespaceState namespace, ListenerState listener, int asked) {
    if (listener.ownership.isNobodysOfPod() || SocketOwners.isSought(namespace, listener))
      return null;
    var owner = listener.ownership.attribution();
    if (listener.owner() != null && owner.pid() == 0) return null;
    var entry = remedied(listener);
    int requested = requested(listener, entry);
    boolean sufficient = requested >= asked;
    int most = listener.backlogs.heardSomaxconn();
    boolean capped = !sufficient && most != 0 && requested >= most;
    if (!sufficient && !capped && entry == null && listener.age.isYoung(clocks.nanos()))
      return null;
    return new ContainerBacklogs(owner.container(), 1, sufficient ? 1 : 0, capped ? 1 : 0);
  }

  private boolean isPlain(ListenerState listener) {
    return listener.isSettled()
        && !listener.ownership.isNobodysOfPod()
        && !listener.judgement.exempt()
        && !listener.judgement.isDue()
        && !listener.symptoms.any()
        && remedied(listener) == null;
  }

  /** Whether it is not known yet whose it is: too small or not, that may not be the pod's fault. */
  private boolean isUnsaid(NamespaceState namespace, ListenerState listener) {
    return listener.judgement.verdict().undersized()
        && listener.retry.hindrance() == null
        && SocketOwners.isSought(namespace, listener)
        && processIndex.hidden(String.valueOf(namespace.sole())).isEmpty();
  }

  /**
   * Whether it is told that its backlog is too small. What is gone a second later, and serves one
   * client on purpose, is not; if it was raised, that is told with all that belongs to it.
   */
  private boolean isTooSmall(ListenerState listener, boolean remedied) {
    return listener.judgement.verdict().undersized()
        && (remedied || !listener.age.isYoung(clocks.nanos()));
  }

  private JournalEntry.@Nullable Backlog remedied(ListenerState listener) {
    return journal
        .backlog(listener.id.cookie())
        .filter(entry -> entry.raised().applied() != 0)
        .orElse(null);
  }
}
