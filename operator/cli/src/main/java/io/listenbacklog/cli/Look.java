package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.WorstListener;
import io.listenbacklog.policy.assess.QueueMemory;
import io.listenbacklog.policy.event.kind.ListenerNames;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks up listeners from the best source that the user may read: the probes know all of them as
 * they are now; NodeBacklogs those that are undersized, raised or have a symptom, as of the last
 * change; the status of policies the worst twenty of each, readable for everybody with access to
 * the namespace.
 */
final class Look {
  /** Of listeners that ever overflowed, for their rate. */
  private static final int MOST_REMEMBERED = 50_000;

  /**
   * What was seen.
   *
   * @param source where: {@code probes}, {@code NodeBacklogs} or {@code policies}
   * @param listeners the worst first
   * @param leftOut how many more there are
   * @param notes remarks for the reader
   * @param answered whether anything could be seen at all
   */
  record Seen(
      String source,
      List<ListenerFigures> listeners,
      long leftOut,
      List<String> notes,
      boolean answered) {

    /** The worst ones alone. */
    Seen first(int most) {
      int kept = Math.min(most, listeners.size());
      return new Seen(
          source, listeners.subList(0, kept), leftOut + listeners.size() - kept, notes, answered);
    }

    /** The same with another remark in the place of its own. */
    Seen noted(String note) {
      return new Seen(source, listeners, leftOut, List.of(note), answered);
    }
  }

  /** Counters of the last look. */
  private record Before(Map<String, Long> overflows, Set<String> silentNodes, long nanos) {}

  private final KubernetesClient client;
  private final Scope scope;
  private final int most;
  private @Nullable Before before;

  /**
   * @param most listeners to keep
   */
  Look(KubernetesClient client, Scope scope, int most) {
    this.client = client;
    this.scope = scope;
    this.most = most;
  }

  /**
   * Looks once.
   *
   * @param nanos a monotonic clock's
   * @throws KubernetesClientException if even the last source may not be read
   */
  Seen look(long nanos) throws InterruptedException {
    var notes = new ArrayList<String>();
    var wanted = scope.wanted(client);
    try {
      var probes = Probes.find(client, scope.operatorNamespace());
      if (probes.count() == 0) {
        notes.add("no probe was found: is the operator installed?");
      } else {
        var worst = new Worst(most);
        var counted = new ConcurrentHashMap<String, Long>();
        var silent = probes.ask(wanted, each -> worst.add(atRate(each, counted, nanos)));
        remember(counted, silent, nanos);
        if (silent.size() < probes.count()) {
          for (var each : silent)
            notes.add("the probe of node %s: %s".formatted(each.node(), each.why()));
          if (worst.listed().stream().anyMatch(each -> each.peak() == null)) {
            notes.add("probes of an older version keep no peaks");
          }
          return new Seen("probes", worst.listed(), worst.leftOut(), notes, true);
        }
        notes.add(
            silent.getFirst().missing() == null
                ? "no probe answers: that of node %s %s"
                    .formatted(silent.getFirst().node(), silent.getFirst().why())
                : "to ask the probes themselves you need the right to "
                    + silent.getFirst().missing());
      }
    } catch (KubernetesClientException e) {
      notes.add("to ask the probes themselves you need the right to " + missing(e));
    }
    try {
      return fromNodes(wanted, notes);
    } catch (KubernetesClientException e) {
      if (scope.namespace() == null) throw e;
      notes.add("to read NodeBacklogs you need the right to " + missing(e));
      return fromPolicies(scope.namespace(), wanted, notes);
    }
  }

  /** Anything else is thrown: an unreachable cluster has no other source. */
  private static String missing(KubernetesClientException refusal) {
    if (refusal.getCode() != HttpURLConnection.HTTP_FORBIDDEN) throw refusal;
    return Refusal.missingRight(refusal).orElse("do so");
  }

  private ListenerFigures atRate(ListenerFigures each, Map<String, Long> counted, long nanos) {
    if (each.dropped() > 0 && counted.size() < MOST_REMEMBERED) {
      counted.put(each.key(), each.dropped());
    }
    var last = before;
    if (last == null || last.silentNodes().contains(each.node())) return each;
    long more = each.dropped() - last.overflows().getOrDefault(each.key(), 0L);
    double seconds = Math.max(1, nanos - last.nanos()) / 1e9;
    return each.at(Math.max(0, more) / seconds);
  }

  private void remember(Map<String, Long> counted, List<Probes.Silent> silent, long nanos) {
    var nodes = new HashSet<String>();
    silent.forEach(each -> nodes.add(each.node()));
    before = new Before(new HashMap<>(counted), nodes, nanos);
  }

  private Seen fromNodes(BiPredicate<String, String> wanted, List<String> notes) {
    var worst = new Worst(most);
    var nodes = Nodes.read(client);
    for (var node : nodes.all()) {
      if (node.getStatus() == null) continue;
      for (NodeListener each : node.getStatus().listeners()) {
        if (!wanted.test(each.pod().namespace(), each.pod().name())) continue;
        worst.add(figures(node.getMetadata().getName(), each));
      }
    }
    new TreeMap<>(nodes.unreadable())
        .forEach((node, why) -> notes.add("of node %s %s".formatted(node, why)));
    notes.add(
        "so these are from the NodeBacklogs: as of the last change, and only listeners that are"
            + " undersized, raised or have a symptom");
    return new Seen("NodeBacklogs", worst.listed(), worst.leftOut(), notes, true);
  }

  private static ListenerFigures figures(String node, NodeListener each) {
    var overflow = each.overflow();
    var stall = each.stall();
    var peak = each.peak();
    if (stall != null && stall.until() != null) stall = null;
    return new ListenerFigures(
        node,
        each.pod().namespace(),
        each.pod().name(),
        each.container(),
        each.address(),
        Long.toString(each.inode()),
        stall == null ? null : Long.valueOf(stall.waiting()),
        each.backlog(),
        each.required(),
        peak == null ? null : Long.valueOf(peak.connections()),
        peak == null ? null : peak.at(),
        overflow == null ? null : Long.valueOf(overflow.attempts()),
        overflow == null ? null : Long.valueOf(overflow.backlog()),
        null,
        stall == null ? 0 : seconds(stall),
        null,
        ListenerNames.isUnix(each) ? null : QueueMemory.mostBytes(each.backlog()));
  }

  private static double seconds(Stall stall) {
    return Math.max(0, Duration.between(stall.since(), Instant.now()).toMillis() / 1e3);
  }

  /** In the order of the policies' statuses, for what that goes by is in no figure of theirs. */
  private Seen fromPolicies(
      String namespace, BiPredicate<String, String> wanted, List<String> notes) {
    var wantedOnes =
        NamespacePolicies.read(client, namespace)
            .worstFirst()
            .map(each -> figures(namespace, each))
            .filter(each -> wanted.test(namespace, each.pod()))
            .toList();
    notes.add(
        "so these are the worst of each BacklogPolicy of namespace %s, at most twenty"
            .formatted(namespace));
    return new Seen("policies", wantedOnes, 0, notes, true).first(most);
  }

  private static ListenerFigures figures(String namespace, WorstListener each) {
    var peak = each.peak();
    return new ListenerFigures(
        "",
        namespace,
        each.pod().substring(each.pod().indexOf('/') + 1),
        each.container(),
        each.address(),
        "",
        null,
        each.backlog(),
        each.required(),
        peak == null ? null : Long.valueOf(peak.connections()),
        peak == null ? null : peak.at(),
        null,
        null,
        null,
        0,
        null,
        each.memoryBytes());
  }
}
