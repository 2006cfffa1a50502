package io.listenbacklog.policy.assess;

import static java.util.Objects.requireNonNullElse;

import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePath;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.UnixListeners;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the listeners of a pod, resolved: ports are numbers.
 *
 * @param policy null where the pod's annotations are the only source
 * @param mode whether remedies may be applied
 * @param minimum backlog of a listener on a port that {@code ports} does not name; null: none
 * @param maximum how far such a backlog may grow after overflows; null: it never grows
 * @param ports demands by port number
 * @param loopback what becomes of listeners that only the pod itself can reach
 * @param unix what becomes of UNIX listeners
 * @param paths demands by the path of UNIX listeners
 * @param remedies what may be done in mode Enforce
 * @param somaxconn floor of {@code net.core.somaxconn}; 0: none
 * @param tcpMaxSynBacklog floor of {@code net.ipv4.tcp_max_syn_backlog}; 0: none
 * @param allowNodeSysctls whether the node's own sysctls may be raised for hostNetwork pods
 * @param stallAfter how long a connection waits at least, while nothing is accepted, until it is a
 *     stall
 * @param onDelete what becomes of remedies when the requirement goes
 */
public record Requirement(
    @Nullable PolicyReference policy,
    Mode mode,
    @Nullable Integer minimum,
    @Nullable Integer maximum,
    PortDemands ports,
    Loopback loopback,
    UnixListeners unix,
    List<NodePath> paths,
    Set<Remedy> remedies,
    int somaxconn,
    int tcpMaxSynBacklog,
    boolean allowNodeSysctls,
    Duration stallAfter,
    OnDelete onDelete) {

  public Requirement {
    paths = List.copyOf(paths);
    remedies = Set.copyOf(remedies);
  }

  /** As the controller wrote it for a node. */
  public static Requirement of(NodeRequirement from) {
    return new Requirement(
        from.policy(),
        from.mode(),
        from.minimum(),
        from.maximum(),
        PortDemands.of(from.ports()),
        requireNonNullElse(from.loopback(), Loopback.GOVERN),
        requireNonNullElse(from.unix(), UnixListeners.OBSERVE),
        requireNonNullElse(from.paths(), List.of()),
        from.remedies().isEmpty() ? Set.of() : EnumSet.copyOf(from.remedies()),
        from.somaxconn() == null ? 0 : from.somaxconn(),
        from.tcpMaxSynBacklog() == null ? 0 : from.tcpMaxSynBacklog(),
        from.allowNodeSysctls(),
        Duration.ofMillis(from.stallAfterMillis()),
        from.onDelete());
  }

  /** What is asked of listeners at a place. */
  public Demand on(Place place) {
    return switch (place) {
      case Place.Port(_, boolean itself) when itself && loopback == Loopback.EXEMPT ->
          new Demand.Exempt();
      case Place.Port(int port, _) -> {
        Demand own = ports.on(port);
        yield own == null ? Demand.of(minimum, maximum) : own;
      }
      case Place.Path(String path) -> onPath(path);
    };
  }

  /** A path that is named comes before what another begins with, and of these the longest. */
  private Demand onPath(String path) {
    @Nullable NodePath best = null;
    for (var each : paths) {
      if (!names(each.path(), path)) continue;
      if (best == null || rank(each) > rank(best)) best = each;
    }
    if (best != null && best.exempt()) return new Demand.Exempt();
    // UNIX listeners do not grow: the kernel counts nothing that would prove that one overflowed.
    if (unix != UnixListeners.GOVERN) return new Demand.Nothing();
    return Demand.of(best == null || best.minimum() == null ? minimum : best.minimum(), null);
  }

  private static boolean names(String rule, String path) {
    return rule.endsWith("*")
        ? path.startsWith(rule.substring(0, rule.length() - 1))
        : rule.equals(path);
  }

  private static int rank(NodePath rule) {
    return rule.path().endsWith("*") ? rule.path().length() : Integer.MAX_VALUE;
  }

  /** Whether a remedy may be applied: mode Enforce, and it is among those allowed. */
  public boolean allows(Remedy remedy) {
    return mode == Mode.ENFORCE && remedies.contains(remedy);
  }

  /**
   * The {@code net.core.somaxconn} that these listeners need before they call listen(): the floor,
   * or the largest minimum if that is higher; 0: any will do.
   */
  public int neededSomaxconn() {
    // Asked at each visit of a network namespace: no streams.
    int largest = ports.largest();
    for (var each : paths) largest = Math.max(largest, least(onPath(each.path())));
    return Math.max(somaxconn, Math.max(largest, minimum == null ? 0 : minimum));
  }

  private static int least(Demand demand) {
    return demand instanceof Demand.AtLeast(int asked, _) ? asked : 0;
  }
}
