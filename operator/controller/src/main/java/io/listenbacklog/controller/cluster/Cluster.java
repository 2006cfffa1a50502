package io.listenbacklog.controller.cluster;

import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.controller.cluster.json.NamespaceView;
import io.listenbacklog.controller.cluster.json.NodeView;
import io.listenbacklog.controller.cluster.json.PodView;
import io.listenbacklog.controller.cluster.json.SlimPod;
import io.listenbacklog.controller.telemetry.LogKeys;
import io.listenbacklog.controller.telemetry.LogThrottle;
import io.listenbacklog.policy.resolve.NamespaceFacts;
import io.listenbacklog.policy.resolve.NodeResolution;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PolicyCoverage;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.Resolver;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that the informers have seen, and what follows from it for each node. A node is resolved when
 * it is asked for and has changed since; which policies have pods on which nodes is remembered from
 * that, so that the cost of a change is that of the nodes it affects.
 *
 * <p>One lock guards it all; nothing blocks while it is held.
 */
public final class Cluster {
  private static final Logger log = LoggerFactory.getLogger(Cluster.class);

  private final Clock clock;
  private final Limits limits;
  private final ProbePods probes;
  private final ClusterListener changes;

  private final CompactStore<PodView, SlimPod> pods =
      new CompactStore<>(PodView::pod, PodView::new, (known, arrived) -> false, this::podChanged);
  private final CompactStore<NamespaceView, NamespaceView> namespaces =
      CompactStore.whole((old, now) -> namespaceChanged(facts(old), facts(now)));
  private final CompactStore<NodeView, NodeView> nodes = CompactStore.whole(this::nodeChanged);
  private final CompactStore<BacklogPolicy, BacklogPolicy> policies =
      CompactStore.whole((old, now) -> policyChanged(facts(old), facts(now)));
  private final CompactStore<ClusterBacklogPolicy, ClusterBacklogPolicy> clusterPolicies =
      CompactStore.whole((old, now) -> policyChanged(facts(old), facts(now)));
  private final CompactStore<NodeBacklog, NodeBacklog> backlogs =
      new CompactStore<>(this::asKept, each -> each, Cluster::isOutdated, this::backlogChanged);

  /** Bytes that are kept of what nodes report; changed under the lock. */
  private volatile long reportedBytes;

  private final LogThrottle tooMuch;

  private final PodsByNode podsByNode = new PodsByNode();

  private final UnwatchedNodes unwatched = new UnwatchedNodes();

  /** Cached, by node; a stale one is resolved again before it is returned. */
  private final Map<String, NodeResolution> resolutions = new HashMap<>();

  private final Set<String> stale = new HashSet<>();

  /** By uid, as NodeResolution has them. */
  private final Map<String, PolicyFacts> policiesByUid = new HashMap<>();

  private final Map<String, Set<String>> nodesByPolicy = new HashMap<>();

  /** Null: to be rebuilt, because a policy or a namespace changed. */
  private @Nullable Resolver resolver;

  /** The uids of policies that do not hold, for their namespace has too many. */
  private Set<String> beyond = Set.of();

  private boolean open;

  /**
   * @param limits what namespaces may ask for
   * @param probes which pods are probes
   */
  public Cluster(Limits limits, ProbePods probes, ClusterListener changes) {
    this(limits, probes, changes, Clock.systemUTC());
  }

  Cluster(Limits limits, ProbePods probes, ClusterListener changes, Clock clock) {
    this.clock = clock;
    this.tooMuch = new LogThrottle(clock);
    this.limits = limits;
    this.probes = probes;
    this.changes = changes;
  }

  public ItemStore<PodView> pods() {
    return pods;
  }

  public ItemStore<NamespaceView> namespaces() {
    return namespaces;
  }

  public ItemStore<NodeView> nodes() {
    return nodes;
  }

  public ItemStore<BacklogPolicy> policies() {
    return policies;
  }

  public ItemStore<ClusterBacklogPolicy> clusterPolicies() {
    return clusterPolicies;
  }

  public ItemStore<NodeBacklog> backlogs() {
    return backlogs;
  }

  /**
   * Everything has been read. Until then nothing may be concluded: a pod whose policy has not been
   * read yet would lose its remedies.
   */
  public synchronized void open() {
    open = true;
    beyond = PolicyFacts.beyond(policiesByUid.values());
    podsByNode.nodes().forEach(this::resolution);
    for (NodeBacklog each : backlogs.all()) {
      watch(each.getMetadata().getName());
      changes.report(each.getMetadata().getName());
    }
  }

  /** Whether everything has been read. */
  public synchronized boolean isOpen() {
    return open;
  }

  /** How many nodes have governed pods and no probe that is ready. */
  public synchronized int nodesWithoutProbe() {
    return unwatched.count();
  }

  /**
   * The longest time that any node which has governed pods and no ready probe now has been so, as
   * far as this controller has seen it; zero: there is none.
   */
  public synchronized Duration longestWithoutProbe() {
    return unwatched.longest(clock.instant());
  }

  private void watch(String node) {
    NodeBacklog backlog = backlogs.kept(node);
    boolean isUnwatched =
        backlog != null && hasPods(backlog) && mayHaveProbe(node) && !probes.readyOn(node);
    unwatched.put(node, isUnwatched, clock.instant());
  }

  private boolean mayHaveProbe(String node) {
    var known = nodes.kept(node);
    return known == null || known.mayHaveProbe();
  }

  private static boolean hasPods(NodeBacklog node) {
    return node.getSpec().requirements().stream().anyMatch(each -> !each.pods().isEmpty());
  }

  /** What is to hold on a node and what does, as of now. */
  public synchronized NodeState node(String name) {
    return new NodeState(name, resolution(name), backlogs.kept(name), probes.readyOn(name));
  }

  /**
   * The nodes that have pods which a policy selects.
   *
   * @param uid the policy's
   */
  public synchronized List<NodeState> nodesOf(String uid) {
    var candidates = new TreeSet<>(nodesByPolicy.getOrDefault(uid, Set.of()));
    var found = new ArrayList<NodeState>();
    for (String each : candidates) {
      if (exists(each) && resolution(each).governance().containsKey(uid)) found.add(node(each));
    }
    return found;
  }

  /**
   * Whether a policy does not hold, for its namespace has too many.
   *
   * @param uid the policy's
   */
  public synchronized boolean isTooMany(String uid) {
    return beyond.contains(uid);
  }

  /** Whether there is the policy that is referred to, of whichever generation. */
  public synchronized boolean has(PolicyReference policy) {
    PolicyFacts known = policiesByUid.get(policy.uid());
    return known != null
        && known.reference().kind().equals(policy.kind())
        && PolicyKey.of(known.reference()).equals(PolicyKey.of(policy));
  }

  /** A pod, if it is on a node, by all that refers to it. */
  public synchronized Optional<PodFacts> pod(String node, PodReference pod) {
    return podsByNode.get(node, pod);
  }

  /** Stores the API server's response to a write, without waiting for the informer. */
  public void wrote(NodeBacklog backlog) {
    backlogs.answered(backlogs.getKey(backlog), backlog, Cluster::hasOvertaken);
  }

  private NodeResolution resolution(String node) {
    NodeResolution known = resolutions.get(node);
    if (known != null && !stale.contains(node)) return known;
    NodeResolution fresh =
        isLinux(nodes.kept(node))
            ? resolver().resolveNode(podsByNode.on(node))
            : NodeResolution.NOTHING;
    stale.remove(node);
    if (fresh.equals(NodeResolution.NOTHING)) {
      resolutions.remove(node); // Nodes come and go under new names: do not keep those of old ones.
    } else {
      resolutions.put(node, fresh);
    }
    tellPolicies(node, known, fresh);
    if (!fresh.problems().isEmpty() || !fresh.clamps().isEmpty()) changes.report(node);
    return fresh;
  }

  private void tellPolicies(String node, @Nullable NodeResolution old, NodeResolution fresh) {
    Map<String, PolicyCoverage> before = old == null ? Map.of() : old.governance();
    for (String uid : before.keySet()) {
      if (!fresh.governance().containsKey(uid)) forget(uid, node);
    }
    for (String uid : fresh.governance().keySet()) {
      nodesByPolicy.computeIfAbsent(uid, _ -> new HashSet<>()).add(node);
    }
    if (old != null && before.equals(fresh.governance()) && old.spec().equals(fresh.spec())) return;
    var touched = new HashSet<>(before.keySet());
    touched.addAll(fresh.governance().keySet());
    touched.forEach(this::touchPolicy);
  }

  /**
   * Whether there is such a node. Anybody may create a pod whose nodeName is of no node, where no
   * probe will ever see it; pod garbage collection takes its time.
   */
  private boolean exists(String node) {
    return nodes.size() == 0 || nodes.kept(node) != null || backlogs.kept(node) != null;
  }

  private synchronized void nodeChanged(@Nullable NodeView old, @Nullable NodeView now) {
    if (!open) return;
    String name = Objects.requireNonNull(now == null ? old : now).getMetadata().getName();
    if (old == null || now == null) touchPoliciesOf(name);
    if (isLinux(old) != isLinux(now)) touchNode(name);
    watch(name);
  }

  private static boolean isLinux(@Nullable NodeView node) {
    return node == null || node.isLinux();
  }

  private void forget(String policyUid, String node) {
    Set<String> of = nodesByPolicy.get(policyUid);
    if (of == null) return;
    of.remove(node);
    if (of.isEmpty()) nodesByPolicy.remove(policyUid);
  }

  private Resolver resolver() {
    Resolver known = resolver;
    if (known == null) {
      known = resolver(policiesByUid.values());
      resolver = known;
    }
    return known;
  }

  private Resolver resolver(Collection<PolicyFacts> of) {
    var all = new ArrayList<NamespaceFacts>();
    namespaces.all().forEach(each -> all.add(each.facts()));
    return new Resolver(limits, of, all);
  }

  private synchronized void podChanged(@Nullable SlimPod old, @Nullable SlimPod now) {
    String probeNode = probes.changed(old, now);
    if (probeNode != null && open) {
      watch(probeNode);
      touchPoliciesOf(probeNode);
    }
    if (old != null && now != null && old.facts().equals(now.facts())) return;
    if (old != null
        && now != null
        && old.facts().withProbes(now.facts().probes()).equals(now.facts())) {
      podsByNode.put(now.facts()); // a restart: told when there is something to tell
      return;
    }
    if (old != null) podsByNode.remove(old.facts());
    if (now != null) podsByNode.put(now.facts());
    if (old != null) touchNode(old.facts().nodeName());
    if (now != null) touchNode(now.facts().nodeName());
  }

  private synchronized void namespaceChanged(
      @Nullable NamespaceFacts old, @Nullable NamespaceFacts now) {
    if (Objects.equals(old, now)) return;
    resolver = null;
    if (!open) return;
    String name = Objects.requireNonNull(now == null ? old : now).name();
    podsByNode.nodesWithAny(pod -> pod.namespace().equals(name)).forEach(this::touchNode);
  }

  private synchronized void policyChanged(@Nullable PolicyFacts old, @Nullable PolicyFacts now) {
    if (Objects.equals(old, now)) return;
    resolver = null;
    if (old != null) policiesByUid.remove(old.reference().uid());
    if (now != null) policiesByUid.put(now.reference().uid(), now);
    if (!open) return;
    Set<String> before = beyond;
    beyond = PolicyFacts.beyond(policiesByUid.values());
    var asked = new ArrayList<Resolver>();
    if (old != null && !before.contains(old.reference().uid())) asked.add(resolver(List.of(old)));
    if (now != null && !beyond.contains(now.reference().uid())) {
      asked.add(resolver(List.of(now)));
    }
    for (PolicyFacts each : nowOtherwise(before, now)) {
      asked.add(resolver(List.of(each)));
      changes.policy(PolicyKey.of(each.reference()));
    }
    if (now != null) changes.policy(PolicyKey.of(now.reference()));
    if (asked.isEmpty()) return;
    for (String node : podsByNode.nodesWithAny(pod -> selectsAny(asked, pod))) {
      if (now != null) {
        nodesByPolicy.computeIfAbsent(now.reference().uid(), _ -> new HashSet<>()).add(node);
      }
      touchNode(node);
    }
  }

  /** The policies that have come into force or lost it, except the one that changed. */
  private List<PolicyFacts> nowOtherwise(Set<String> before, @Nullable PolicyFacts changed) {
    if (before.equals(beyond)) return List.of();
    var all = new HashSet<>(before);
    all.addAll(beyond);
    return all.stream()
        .filter(uid -> before.contains(uid) != beyond.contains(uid))
        .map(policiesByUid::get)
        .filter(policy -> policy != null && !policy.equals(changed))
        .toList();
  }

  private static boolean selectsAny(List<Resolver> resolvers, PodFacts pod) {
    return resolvers.stream().anyMatch(each -> !each.resolve(pod).selectedBy().isEmpty());
  }

  private synchronized void backlogChanged(@Nullable NodeBacklog old, @Nullable NodeBacklog now) {
    reportedBytes += bytes(now) - bytes(old);
    if (!open) return;
    String node = Objects.requireNonNull(now == null ? old : now).getMetadata().getName();
    watch(node);
    if (now == null || old == null || !now.getSpec().equals(old.getSpec())) changes.node(node);
    touchPoliciesOf(node, PolicyParts.changed(old, now));
    changes.report(node);
  }

  private void touchNode(@Nullable String node) {
    if (node == null) return;
    stale.add(node);
    if (open) changes.node(node);
  }

  private void touchPoliciesOf(String node) {
    NodeResolution known = resolutions.get(node);
    if (known != null) known.governance().keySet().forEach(this::touchPolicy);
  }

  private void touchPoliciesOf(String node, Predicate<String> changed) {
    NodeResolution known = resolutions.get(node);
    if (known == null) return;
    known.governance().keySet().stream().filter(changed).forEach(this::touchPolicy);
  }

  private void touchPolicy(String uid) {
    PolicyFacts policy = policiesByUid.get(uid);
    if (policy != null && open) changes.policy(PolicyKey.of(policy.reference()));
  }

  private static @Nullable NamespaceFacts facts(@Nullable NamespaceView namespace) {
    return namespace == null ? null : namespace.facts();
  }

  private static @Nullable PolicyFacts facts(@Nullable BacklogPolicy policy) {
    return policy == null || policy.getSpec() == null ? null : PolicyFacts.of(policy);
  }

  private static @Nullable PolicyFacts facts(@Nullable ClusterBacklogPolicy policy) {
    return policy == null || policy.getSpec() == null ? null : PolicyFacts.of(policy);
  }

  /** An informer may still deliver the generation before the one just written. */
  private static boolean isOutdated(NodeBacklog known, NodeBacklog arrived) {
    var before = known.getMetadata();
    var after = arrived.getMetadata();
    return before.getUid().equals(after.getUid()) && after.getGeneration() < before.getGeneration();
  }

  /**
   * Whether the informer was faster than the answer to a write: then it may have brought the
   * probe's status on that generation already, which the answer lacks.
   */
  private static boolean hasOvertaken(NodeBacklog known, NodeBacklog answer) {
    var now = known.getMetadata();
    var written = answer.getMetadata();
    return now.getUid().equals(written.getUid()) && now.getGeneration() >= written.getGeneration();
  }

  private static long bytes(@Nullable NodeBacklog backlog) {
    return backlog == null ? 0 : SlimStatus.bytes(backlog.getStatus());
  }

  /** One instance of equal specs: usually the resolved one. */
  private synchronized NodeBacklogSpec known(String node, NodeBacklogSpec arrived) {
    NodeResolution resolution = resolutions.get(node);
    return resolution != null && resolution.spec().equals(arrived) ? resolution.spec() : arrived;
  }

  /** Bytes of the heap that are kept of what nodes report, about. */
  long reportedBytes() {
    return reportedBytes;
  }

  /** Slimmed, and with a spec: the API server accepts objects without one. */
  private NodeBacklog asKept(NodeBacklog backlog) {
    backlog.getMetadata().setManagedFields(List.of());
    if (backlog.getSpec() == null) backlog.setSpec(new NodeBacklogSpec(List.of()));
    backlog.setSpec(known(backlog.getMetadata().getName(), backlog.getSpec()));
    if (backlog.getStatus() != null) {
      boolean isMuch = reportedBytes >= SlimStatus.BYTES;
      if (isMuch && tooMuch.isNews()) {
        log.atWarn()
            .addKeyValue(LogKeys.NODE, backlog.getMetadata().getName())
            .log("the nodes report too much: only the worst listeners of each are kept");
      }
      int most = isMuch ? SlimStatus.SURE_BYTES_OF_NODE : SlimStatus.BYTES_OF_NODE;
      backlog.setStatus(SlimStatus.of(backlog.getStatus(), most, clock.instant()));
    }
    return backlog;
  }
}
