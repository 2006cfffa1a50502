package io.listenbacklog.probe.report;

import io.listenbacklog.api.Condition;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.Omitted;
import io.listenbacklog.api.PodBacklogs;
import io.listenbacklog.api.PolicyCounts;
import io.listenbacklog.api.Restoration;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.RecentRestorations;
import io.listenbacklog.probe.observe.PreviousStatus;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.telemetry.LogNames;
import io.listenbacklog.probe.time.Clocks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what was found and done as the status of the NodeBacklog; two runs tell it alike. */
public final class StatusBuilder {
  /** So many listeners are told one by one; all are counted. */
  public static final int MOST_LISTENERS = 1_200;

  /**
   * So many of one pod: what more there is of it would tell nobody anything new, and is written
   * anew with each change. The journal holds what undoes those of them that are raised.
   */
  public static final int MOST_LISTENERS_OF_POD = 60;

  /** JSON of one pod's listeners: sixty, were all of them stalled. */
  public static final int LISTENER_BYTES_OF_POD = 60_000;

  /**
   * So many of each pod, whatever the others of its namespace have: what is told of most pods is
   * told of all.
   */
  static final int SURE_LISTENERS_OF_POD = 5;

  /**
   * JSON of the listeners of a namespace's pods, some 80; above it there are {@link
   * #SURE_LISTENERS_OF_POD} of each. Four new pods of others, whose requirements each write all of
   * it anew, fit into what the controller keeps for them: so no namespace makes them wait.
   */
  public static final int LISTENER_BYTES_OF_NAMESPACE = 60_000;

  /** JSON of all that is told: it leaves 400,000 bytes of what etcd takes for the spec. */
  static final int BYTES = 1_150_000;

  /** Of them for listeners: 500 pods with the longest names that Kubernetes allows, one each. */
  public static final int LISTENER_BYTES = 1_032_000;

  static final int MOST_SYSCTLS = 1_000;

  /** Two sysctls of each of 250 pods. */
  static final int SYSCTL_BYTES = 200_000;

  private static final int SYSCTL_BYTES_OF_NAMESPACE = 40_000;

  static final int RESTORATION_BYTES = 60_000;

  private static final int RESTORATION_BYTES_OF_NAMESPACE = 10_000;

  /**
   * So many of one pod: no more Events of one reason are written of it in an hour, and they stay in
   * the status, to be written anew with it, for ten minutes.
   */
  static final int MOST_RESTORATIONS_OF_POD = 10;

  /** So many pods are told what their applications ask for: more than a node has. */
  public static final int MOST_PODS = 1_000;

  /** Of one pod with two dozen containers of the longest names. */
  static final int BYTES_OF_POD = 4_000;

  /** 500 pods with the longest names that Kubernetes allows. */
  public static final int POD_BYTES = 300_000;

  private static final FairShares LISTENERS =
      new FairShares(
          MOST_LISTENERS,
          MOST_LISTENERS_OF_POD,
          LISTENER_BYTES_OF_POD,
          SURE_LISTENERS_OF_POD,
          LISTENER_BYTES_OF_NAMESPACE);
  private static final FairShares SYSCTLS =
      new FairShares(MOST_SYSCTLS, 16, 16_000, 2, SYSCTL_BYTES_OF_NAMESPACE);
  private static final FairShares RESTORATIONS =
      new FairShares(
          RecentRestorations.MOST,
          MOST_RESTORATIONS_OF_POD,
          RESTORATION_BYTES,
          SURE_LISTENERS_OF_POD,
          RESTORATION_BYTES_OF_NAMESPACE);

  private static final FairShares PODS = new FairShares(MOST_PODS, 1, BYTES_OF_POD, 1, POD_BYTES);

  private static final int LONGEST_REASON = 200;

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

  private static final Comparator<PodBacklogs> PODS_BY_NAME =
      Comparator.comparing((PodBacklogs each) -> each.pod().namespace())
          .thenComparing(each -> each.pod().name())
          .thenComparing(each -> each.pod().uid());

  private static final Omitted NOTHING_OMITTED = new Omitted(0, 0, 0);

  private final Clocks clocks;
  private final RecentRestorations restorations;
  private final Counters counters;
  private final String bootId;
  private final HiddenPods hiddenPods;
  private final ListenerReports listenerReports;
  private final SysctlReports sysctlReports;
  private final PolicyReports policyReports;
  private final PodReports podReports;
  private final Selection<NodeListener> toldListeners =
      new Selection<>(LISTENERS, NodeListener::pod, WORST_FIRST, LISTENER_BYTES);
  private final Selection<NodeSysctl> toldSysctls =
      new Selection<>(SYSCTLS, NodeSysctl::pod, RAISED_FIRST, SYSCTL_BYTES);
  private final Selection<Restoration> toldRestorations =
      new Selection<>(RESTORATIONS, Restoration::pod, NEWEST_FIRST, RESTORATION_BYTES);
  private final Selection<PodBacklogs> toldPods =
      new Selection<>(PODS, PodBacklogs::pod, PODS_BY_NAME, POD_BYTES);
  private final Measurements<List<PolicyCounts>> measuredPolicies = new Measurements<>();
  private final Measurements<List<Condition>> measuredCapabilities = new Measurements<>();

  public StatusBuilder(
      Clocks clocks,
      ProcessIndex processIndex,
      Journal journal,
      RecentRestorations restorations,
      Counters counters,
      String bootId,
      PreviousStatus previous) {
    this.clocks = clocks;
    this.restorations = restorations;
    this.counters = counters;
    this.bootId = bootId;
    hiddenPods = new HiddenPods(clocks, processIndex);
    listenerReports = new ListenerReports(clocks, processIndex, journal, hiddenPods, previous);
    sysctlReports = new SysctlReports(clocks, journal, hiddenPods, previous);
    policyReports = new PolicyReports(processIndex, listenerReports);
    podReports = new PodReports(processIndex, listenerReports);
  }

  public String bootId() {
    return bootId;
  }

  /**
   * The governed pods that cannot be looked at as they should be, by the uid of their cgroups, each
   * with the reason.
   */
  public Map<String, String> hidden(NodeSpec spec, Collection<NamespaceState> namespaces) {
    return hiddenPods.of(spec, namespaces);
  }

  /** The same for people, and of which it is not understood what is asked of them. */
  public static List<String> texts(NodeSpec spec, Map<String, String> hidden) {
    var texts = new ArrayList<String>();
    hidden.forEach(
        (uid, why) -> {
          var pod = spec.pods().get(uid);
          if (pod != null) {
            texts.add(
                LogNames.of(pod.pod().reference()) + ": " + BoundedText.of(why, LONGEST_REASON));
          }
        });
    for (var each : spec.unread().values()) {
      texts.add(
          "%s: what is asked for it is not understood by this version of the probe: %s"
              .formatted(
                  LogNames.of(each.pod().reference()), BoundedText.of(each.why(), LONGEST_REASON)));
    }
    texts.sort(Comparator.naturalOrder());
    return texts;
  }

  /**
   * What is found and done now.
   *
   * @param generation of the spec with which all was looked at: an earlier one, perhaps, than that
   *     of the spec
   * @param hidden {@link #hidden which pods cannot be looked at}
   */
  public NodeBacklogStatus status(
      NodeSpec spec,
      long generation,
      Collection<NamespaceState> namespaces,
      Map<String, String> hidden,
      List<Condition> capabilities) {
    var policies = policyReports.of(spec, namespaces, hidden.keySet());
    var allSysctls = sysctlReports.of(spec, namespaces);
    var allListeners = listenerReports.of(spec, namespaces);
    var allRestorations = restorations.at(clocks.now());
    var allPods = podReports.of(spec, namespaces, hidden.keySet());
    var room = new StatusBudget(BYTES - bytesOf(policies, capabilities));
    var sysctls = toldSysctls.of(allSysctls, room);
    var chosenRestorations = toldRestorations.of(allRestorations, room);
    var pods = allPods == null ? null : toldPods.of(allPods, room);
    int omittedPods = allPods == null || pods == null ? 0 : allPods.size() - pods.size();
    var listeners = toldListeners.of(allListeners, room);
    var omitted =
        new Omitted(
            allListeners.size() - listeners.size(),
            allSysctls.size() - sysctls.size(),
            allRestorations.size() - chosenRestorations.size() + restorations.dropped(),
            omittedPods == 0 ? null : omittedPods);
    counters.omittedListeners.set(omitted.listeners());
    return new NodeBacklogStatus(
        generation,
        bootId,
        capabilities,
        policies,
        listeners.stream().sorted(BY_NAME).toList(),
        sysctls.stream().sorted(SYSCTLS_BY_NAME).toList(),
        allRestorations.stream().filter(Set.copyOf(chosenRestorations)::contains).toList(),
        pods == null ? null : pods.stream().sorted(PODS_BY_NAME).toList(),
        omitted.equals(NOTHING_OMITTED) ? null : omitted);
  }

  private int bytesOf(List<PolicyCounts> policies, List<Condition> capabilities) {
    int bytes =
        measuredPolicies.of(policies).bytes() + measuredCapabilities.of(capabilities).bytes();
    measuredPolicies.statusEnds();
    measuredCapabilities.statusEnds();
    return bytes;
  }

  /** Every listener of a governed pod, as metrics show it; what is beyond the bound is counted. */
  public ListenerSamples samples(
      @Nullable NodeSpec spec, Collection<NamespaceState> namespaces, int most) {
    return ListenerSampling.of(spec, namespaces, most, clocks);
  }
}
