package io.listenbacklog.host;

import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePath;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.UnixListeners;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of listeners of a machine. The fields mean what they mean in a BacklogPolicy.
 *
 * @param name unique in its file
 * @param minimum 1 to 65535; null: only {@code ports} ask
 * @param maximum how far a backlog may grow after overflows; null: it never grows
 * @param ports ascending, of two with the same first port the narrower first
 * @param unix what becomes of UNIX listeners
 * @param paths what certain ones of these need
 * @param remedies what may be done in mode Enforce: Relisten, Sysctl or both
 * @param somaxconn floor of {@code net.core.somaxconn}; null: none
 * @param tcpMaxSynBacklog floor of {@code net.ipv4.tcp_max_syn_backlog}; null: none
 * @param stallAfter 1 s to 1 h
 */
record HostPolicy(
    String name,
    Mode mode,
    Selection selection,
    @Nullable Integer minimum,
    @Nullable Integer maximum,
    List<NodePort> ports,
    Loopback loopback,
    UnixListeners unix,
    List<NodePath> paths,
    List<Remedy> remedies,
    @Nullable Integer somaxconn,
    @Nullable Integer tcpMaxSynBacklog,
    Duration stallAfter) {

  static final String KIND = "HostBacklogPolicy";

  HostPolicy {
    ports = List.copyOf(ports);
    paths = List.copyOf(paths);
    remedies = List.copyOf(remedies);
  }

  /**
   * As it is written for a node, so that the engine can see to it.
   *
   * @param enforce whether anything may be done at all
   * @param services that it governs
   */
  NodeRequirement requirement(boolean enforce, List<NodePod> services) {
    boolean someAlone = !selection.ports().isEmpty();
    return new NodeRequirement(
        new PolicyReference(KIND, "", name, KIND + "/" + name, 1),
        enforce ? mode : Mode.OBSERVE,
        someAlone ? null : minimum,
        someAlone ? null : maximum,
        someAlone ? portsOfSelection() : ports,
        loopback,
        someAlone ? UnixListeners.IGNORE : unix,
        paths,
        remedies,
        somaxconn,
        tcpMaxSynBacklog,
        // Only where the policy names the remedy does it have it: there is no default with it.
        remedies.contains(Remedy.SYSCTL),
        Math.toIntExact(stallAfter.toMillis()),
        OnDelete.RESTORE,
        null,
        services);
  }

  /** Of other ports than the selected ones nothing is asked. */
  private List<NodePort> portsOfSelection() {
    var all = new ArrayList<>(ports);
    for (var each : selection.ports()) {
      boolean hasRule = ports.stream().anyMatch(rule -> isOf(rule, each));
      if (hasRule || (minimum == null && maximum == null)) continue;
      Integer last = each.first() == each.last() ? null : each.last();
      all.add(new NodePort(each.first(), last, minimum, maximum, false));
    }
    return inOrder(all);
  }

  private static boolean isOf(NodePort rule, PortRange range) {
    return range(rule).equals(range);
  }

  static PortRange range(NodePort rule) {
    return new PortRange(rule.port(), rule.last() == null ? rule.port() : rule.last());
  }

  /** As a {@link NodeRequirement} has them. */
  static List<NodePort> inOrder(List<NodePort> ports) {
    return ports.stream()
        .sorted(
            Comparator.comparingInt(NodePort::port).thenComparingInt(each -> range(each).last()))
        .toList();
  }
}
