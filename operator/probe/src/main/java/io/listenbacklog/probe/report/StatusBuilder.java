package io.listenbacklog.probe.report;

import io.listenbacklog.api.Condition;
import io.listenbacklog.api.Contention;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.Omitted;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyCounts;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Restoration;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.policy.assess.QueueMemory;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.journal.RaisedValue;
import io.listenbacklog.probe.journal.RecentRestorations;
import io.listenbacklog.probe.json.JsonSize;
import io.listenbacklog.probe.observe.PreviousStatus;
import io.listenbacklog.probe.observe.SocketOwners;
import io.listenbacklog.probe.remedy.SysctlFloor;
import io.listenbacklog.probe.remedy.SysctlRemedy;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.NamespaceSysctl;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.telemetry.LogNames;
import io.listenbacklog.probe.time.Clocks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells what was found and done as the status of the NodeBacklog; two runs tell it alike. */
public final class StatusBuilder {
  /** So many listeners are told one by one; all are counted. */
  public static final int MOST_LISTENERS = 1_200;

  /**
   * So many of one pod: what more there is of it would tell nobody anything new, and is written
   * anew with each change. The journal holds what undoes those of them that are raised.
   */
  public static final int MOST_LISTENERS_OF_POD = 100;

  /** JSON of one pod's listeners: a hundred, were all of them stalled. */
  public static final int LISTENER_BYTES_OF_POD = 100_000;

  /** JSON of all that is told: it leaves 400,000 bytes of what etcd takes for the spec. */
  static final int BYTES = 1_150_000;

  /** Of them for listeners: 500 pods with the longest names that Kubernetes allows, one each. */
  public static final int LISTENER_BYTES = 1_020_000;

  static final int MOST_SYSCTLS = 1_000;

  /** Two sysctls of each of 250 pods. */
  static final int SYSCTL_BYTES = 200_000;

  static final int RESTORATION_BYTES = 120_000;

  private static final FairShares LISTENERS =
      new FairShares(MOST_LISTENERS, MOST_LISTENERS_OF_POD, LISTENER_BYTES_OF_POD);
  private static final FairShares SYSCTLS = new FairShares(MOST_SYSCTLS, 16, 16_000);
  private static final FairShares RESTORATIONS =
      new FairShares(RecentRestorations.MOST, RecentRestorations.MOST, RESTORATION_BYTES);

  private static final int LONGEST_REASON = 200;

  /** What a failed system call or a contest has to say is shorter. */
  private static final int LONGEST_TEXT = 500;

  private static final Comparator<NodeListener> BY_NAME =
      Comparator.comparing((NodeListener each) -> each.pod().namespace())
          .thenComparing(each -> each.pod().name())
          .thenComparing(NodeListener::address)
          .thenComparing(NodeListener::cookie);

  /** What nobody would be told of otherwise comes first. */
  private static final Comparator<NodeListener> WORST_FIRST =
      Comparator.comparing((NodeListener each) -> !each.hasSymptom())
          .thenComparing(each -> each.remedy() == null)
          .thenComparingInt(each -> each.backlog() - each.required())
          .thenComparing(BY_NAME);

  private static final Comparator<NodeSysctl> SYSCTLS_BY_NAME =
      Comparator.comparing((NodeSysctl each) -> each.pod().namespace())
          .thenComparing(each -> each.pod().name())
          .thenComparingLong(NodeSysctl::networkNamespace)
          .thenComparing(NodeSysctl::name);

  private static final Comparator<NodeSysctl> RAISED_FIRST =
      Comparator.comparing((NodeSysctl each) -> each.remedy() == null)
          .thenComparing(SYSCTLS_BY_NAME);

  private static final Comparator<Restoration> NEWEST_FIRST =
      Comparator.comparing(Restoration::at)
          .reversed()
          .thenComparing(each -> each.pod().uid())
          .thenComparing(Restoration::what)
          .thenComparing(Restoration::container);

  private static final Omitted NOTHING_OMITTED = new Omitted(0, 0, 0);

  private final Clocks clocks;
  private final ProcessIndex processIndex;
  private final Journal journal;
  private final RecentRestorations restorations;
  private final Counters counters;
  private final String bootId;
  private final HiddenPods hiddenPods;
  private final PreviousStatus memory;
  private @Nullable List<PolicyCounts> measuredPolicies;
  private @Nullable List<Condition> measuredCapabilities;
  private int measuredBytes;

  public StatusBuilder(
      Clocks clocks,
      ProcessIndex processIndex,
      Journal journal,
      RecentRestorations restorations,
      Counters counters,
      String bootId,
      PreviousStatus memory) {
    this.clocks = clocks;
    this.processIndex = processIndex;
    this.journal = journal;
    this.restorations = restorations;
    this.counters = counters;
    this.memory = memory;
    hiddenPods = new HiddenPods(clocks, processIndex);
    this.bootId = bootId;
  }

  public String bootId() {
    return bootId;
  }

  /**
   * What is found and done now.
   *
   * @param generation of the spec with which all was looked at: an earlier one, perhaps, than that
   *     of the spec
   */
  public NodeBacklogStatus status(
      NodeSpec spec,
      long generation,
      Collection<NamespaceState> namespaces,
      List<Condition> capabilities) {
    var policies = policies(spec, namespaces);
    var allSysctls = sysctls(spec, namespaces);
    var allListeners = listeners(spec, namespaces);
    var allRestorations = restorations.at(clocks.now());
    var room = new StatusBudget(BYTES - bytesOf(policies, capabilities));
    var sysctls =
        chosen(SYSCTLS, allSysctls, each -> each.pod().uid(), RAISED_FIRST, room, SYSCTL_BYTES);
    var chosenRestorations =
        chosen(
            RESTORATIONS,
            allRestorations,
            each -> each.pod().uid(),
            NEWEST_FIRST,
            room,
            RESTORATION_BYTES);
    var listeners =
        chosen(
            LISTENERS, allListeners, each -> each.pod().uid(), WORST_FIRST, room, LISTENER_BYTES);
    var omitted =
        new Omitted(
            allListeners.size() - listeners.size(),
            allSysctls.size() - sysctls.size(),
            allRestorations.size() - chosenRestorations.size() + restorations.dropped());
    counters.omittedListeners.set(omitted.listeners());
    return new NodeBacklogStatus(
        generation,
        bootId,
        capabilities,
        policies,
        listeners.stream().sorted(BY_NAME).toList(),
        sysctls.stream().sorted(SYSCTLS_BY_NAME).toList(),
        allRestorations.stream().filter(Set.copyOf(chosenRestorations)::contains).toList(),
        omitted.equals(NOTHING_OMITTED) ? null : omitted);
  }

  /** From one status to the next they are the same mostly, and to write them as JSON is dear. */
  private int bytesOf(List<PolicyCounts> policies, List<Condition> capabilities) {
    if (!policies.equals(measuredPolicies) || !capabilities.equals(measuredCapabilities)) {
      measuredPolicies = policies;
      measuredCapabilities = capabilities;
      measuredBytes = JsonSize.of(policies) + JsonSize.of(capabilities);
    }
    return measuredBytes;
  }

  private static <T> List<T> chosen(
      FairShares shares,
      List<T> all,
      Function<T, String> pod,
      Comparator<T> worst,
      StatusBudget ofAll,
      int mostBytes) {
    int bytes = Math.min(mostBytes, ofAll.left());
    var room = new StatusBudget(bytes);
    var chosen = shares.of(all, pod, worst, room);
    ofAll.take(bytes - room.left());
    return chosen;
  }

  private List<PolicyCounts> policies(NodeSpec spec, Collection<NamespaceState> namespaces) {
    var listeners = new LinkedHashMap<PolicyReference, ListenerCounts>();
    for (var policy : spec.policies()) listeners.put(policy, ListenerCounts.NONE);
    for (var namespace : namespaces) {
      for (var each : namespace.all()) {
        var pod = each.pod(spec);
        var policy = pod == null ? null : pod.requirement().policy();
        if (policy == null || isIgnored(each, pod)) continue;
        listeners.merge(policy, counts(namespace, each), ListenerCounts::plus);
      }
    }
    var unobservable = hiddenPods.of(spec, namespaces);
    var pods = new HashMap<PolicyReference, Integer>();
    for (GovernedPod pod : spec.pods().values()) {
      var policy = pod.requirement().policy();
      if (policy == null) continue;
      if (processIndex.isThere(pod.cgroupUid())) pods.merge(policy, 1, Integer::sum);
      if (unobservable.containsKey(pod.cgroupUid())) {
        listeners.merge(policy, ListenerCounts.unobservable(1), ListenerCounts::plus);
      }
    }
    for (var each : spec.unread().values()) {
      var policy = each.policy();
      if (policy == null) continue;
      if (processIndex.isThere(each.pod().uidInCgroups())) pods.merge(policy, 1, Integer::sum);
      listeners.merge(policy, ListenerCounts.unobservable(1), ListenerCounts::plus);
    }
    var all = new ArrayList<PolicyCounts>();
    listeners.forEach(
        (policy, counts) ->
            all.add(new PolicyCounts(policy, pods.getOrDefault(policy, 0), counts)));
    return all;
  }

  /** The governed pods that cannot be looked at as they should be, each with the reason. */
  public List<String> hidden(NodeSpec spec, Collection<NamespaceState> namespaces) {
    var hidden = new ArrayList<String>();
    hiddenPods
        .of(spec, namespaces)
        .forEach(
            (uid, why) -> {
              var pod = spec.pods().get(uid);
              if (pod != null)
                hidden.add(LogNames.of(pod.pod().reference()) + ": " + cut(why, LONGEST_REASON));
            });
    for (var each : spec.unread().values()) {
      hidden.add(
          "%s: what is asked for it is not understood by this version of the probe: %s"
              .formatted(LogNames.of(each.pod().reference()), cut(each.why(), LONGEST_REASON)));
    }
    hidden.sort(Comparator.naturalOrder());
    return hidden;
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }

  private static @Nullable Hindrance bounded(@Nullable Hindrance hindrance) {
    if (hindrance == null || hindrance.message().length() <= LONGEST_TEXT) return hindrance;
    return new Hindrance(
        hindrance.reason(), cut(hindrance.message(), LONGEST_TEXT), hindrance.since());
  }

  private ListenerCounts counts(NamespaceState namespace, ListenerState listener) {
    if (listener.isNobodysOfPod() || isUnsaid(namespace, listener)) return ListenerCounts.NONE;
    boolean remedied = remedied(listener) != null;
    boolean tooSmall = isTooSmall(listener, remedied);
    boolean unsaid = listener.isYoung(clocks.nanos()) && !remedied && !listener.symptoms.any();
    if (unsaid && (listener.exempt() || listener.verdict().undersized()))
      return ListenerCounts.NONE;
    return new ListenerCounts(
        1,
        tooSmall ? 1 : 0,
        remedied ? 1 : 0,
        listener.exempt() ? 1 : 0,
        listener.isToBeJudged() && listener.verdictIsOld() ? 1 : 0,
        listener.symptoms.overflow() == null ? 0 : 1,
        listener.symptoms.stall() == null ? 0 : 1,
        listener.symptoms.synFlood() == null ? 0 : 1);
  }

  /** Whether it is not known yet whose it is: too small or not, that may not be the pod's fault. */
  private boolean isUnsaid(NamespaceState namespace, ListenerState listener) {
    return listener.verdict().undersized()
        && listener.retry.hindrance() == null
        && SocketOwners.isSought(namespace, listener)
        && processIndex.hidden(String.valueOf(namespace.sole())).isEmpty();
  }

  /**
   * Whether it is told that its backlog is too small. What is gone a second later, and serves one
   * client on purpose, is not; if it was raised, that is told with all that belongs to it.
   */
  private boolean isTooSmall(ListenerState listener, boolean remedied) {
    return listener.verdict().undersized() && (remedied || !listener.isYoung(clocks.nanos()));
  }

  private JournalEntry.@Nullable Backlog remedied(ListenerState listener) {
    return journal
        .backlog(listener.id.cookie())
        .filter(entry -> entry.raised().applied() != 0)
        .orElse(null);
  }

  private List<NodeListener> listeners(NodeSpec spec, Collection<NamespaceState> namespaces) {
    var all = new ArrayList<NodeListener>();
    var now = clocks.now();
    for (var namespace : namespaces) {
      for (var each : namespace.all()) {
        var entry = remedied(each);
        boolean tooSmall = isTooSmall(each, entry != null);
        boolean notOfPod = each.verdict() == Verdict.NOT_OF_POD;
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
      var hindrance = hiddenPods.hindering(entry, memory.hindrance(entry));
      if (hindrance.isEmpty() || isKnown(entry, namespaces)) continue;
      unseen.add(outOfSight(entry, hindrance.get(), spec.pods().get(entry.cgroupUid())));
    }
    return unseen;
  }

  /** A raise is written down before it is done: nobody could look since whether it was. */
  private static RaisedValue asFarAsKnown(JournalEntry entry) {
    var raised = entry.raised();
    return raised.intended() == 0 ? raised : raised.settledAt(raised.intended());
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
    var raised = asFarAsKnown(entry);
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
        "%016x".formatted(entry.cookie()),
        raised.applied(),
        raised.original(),
        0,
        0,
        null,
        Verdict.SUFFICIENT,
        raised.at(),
        raised.remedy(),
        bounded(hindrance),
        entry.growth(),
        null,
        null,
        null,
        null,
        contention(Optional.of(entry), 0));
  }

  /** What the journal knows of somebody who sets a value back, if that is worth telling. */
  private @Nullable Contention contention(Optional<? extends JournalEntry> entry, int holders) {
    return entry
        .map(JournalEntry::raised)
        .map(RaisedValue::contest)
        .map(contest -> contest.told(clocks.now(), holders))
        .orElse(null);
  }

  private NodeListener listener(
      NamespaceState namespace,
      ListenerState listener,
      PodReference pod,
      @Nullable PolicyReference policy,
      JournalEntry.@Nullable Backlog entry,
      Instant now) {
    var owner = listener.attribution();
    boolean unsaid = listener.verdict().undersized() && !isTooSmall(listener, entry != null);
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
        entry != null
            ? entry.raised().original()
            : listener.backlog() == 0 ? listener.ownBacklog() : listener.backlog(),
        unsaid ? 0 : listener.required(),
        namespace.somaxconn.value(),
        listener.heardSomaxconn() == 0 ? null : listener.heardSomaxconn(),
        unsaid ? Verdict.SUFFICIENT : listener.verdict(),
        listener.since(),
        entry == null ? null : entry.raised().remedy(),
        unsaid ? null : bounded(listener.retry.hindrance()),
        listener.growth().last(),
        listener.symptoms.overflow(),
        listener.symptoms.stall(),
        listener.symptoms.synFlood(),
        unsaid ? null : namespace.closings.before(listener, entry, now),
        contention(journal.backlog(listener.id.cookie()), listener.holders()));
  }

  private List<NodeSysctl> sysctls(NodeSpec spec, Collection<NamespaceState> namespaces) {
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
      var hindrance = hiddenPods.hindering(entry, memory.hindrance(entry)).orElse(null);
      if (hindrance == null) continue;
      var pod = spec.pods().get(entry.cgroupUid());
      unseen.add(
          new NodeSysctl(
              entry.pod(),
              pod == null ? entry.policy() : pod.requirement().policy(),
              entry.networkNamespace(),
              entry.name(),
              asFarAsKnown(entry).applied(),
              0,
              asFarAsKnown(entry).remedy(),
              hindrance,
              contention(Optional.of(entry), 0)));
    }
    return unseen;
  }

  private List<NodeSysctl> sysctlsOfPods(
      NamespaceSysctl which, NamespaceState namespace, NodeSpec spec) {
    var all = new ArrayList<NodeSysctl>();
    for (String uid : namespace.pods()) {
      var pod = spec.pods().get(uid);
      var entry = raised(which, namespace, uid);
      var contest = contention(journal.sysctl(uid, namespace.inode, which.key), 0);
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
    var contest = contention(Optional.of(entry), 0);
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
        bounded(state.retry.hindrance()),
        contest);
  }

  private static boolean hindered(
      NamespaceSysctl which, NamespaceState namespace, GovernedPod pod) {
    var state = namespace.sysctl(which);
    return state.retry.hindrance() != null
        && state.value() < SysctlRemedy.needed(which, namespace, pod);
  }

  /** Every listener of a governed pod, as metrics show it; what is beyond the bound is counted. */
  public ListenerSamples samples(
      @Nullable NodeSpec spec, Collection<NamespaceState> namespaces, int most) {
    if (spec == null) return new ListenerSamples(List.of(), 0);
    var samples = new ArrayList<ListenerSample>();
    int leftOut = 0;
    var now = clocks.now();
    for (var namespace : namespaces) {
      for (var each : namespace.all()) {
        var pod = each.pod(spec);
        if (pod == null || isIgnored(each, pod)) continue;
        if (samples.size() < most)
          samples.add(sample(pod.pod().reference(), each, now, clocks.nanos()));
        else leftOut++;
      }
    }
    return new ListenerSamples(samples, leftOut);
  }

  /** A UNIX listener of a pod whose policy wants nothing said of it: another pod's wants. */
  private static boolean isIgnored(ListenerState listener, @Nullable GovernedPod pod) {
    return pod != null
        && pod.requirement().unix() == UnixListeners.IGNORE
        && listener.place() instanceof Place.Path;
  }

  private static ListenerSample sample(
      PodReference pod, ListenerState listener, Instant now, long nanos) {
    var stall = listener.symptoms.stall();
    long stalledMillis =
        stall == null || stall.until() != null
            ? 0
            : Math.max(1, Duration.between(stall.since(), now).toMillis());
    return new ListenerSample(
        pod.namespace(),
        pod.name(),
        listener.attribution().container(),
        listener.id.text(),
        listener.inode,
        listener.backlog(),
        listener.queue(),
        listener.required(),
        listener.drops(),
        listener.overflows(),
        stalledMillis,
        listener.queueWatch.peak(),
        listener.queueWatch.peak() == 0
            ? 0
            : now.minusNanos(nanos - listener.queueWatch.peakNanos()).getEpochSecond(),
        (int) Duration.ofNanos(nanos - listener.watchedSinceNanos).toSeconds(),
        listener.place() instanceof Place.Path ? 0 : QueueMemory.mostBytes(listener.backlog()));
  }
}
