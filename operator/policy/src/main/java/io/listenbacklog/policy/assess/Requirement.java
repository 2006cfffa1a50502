package io.listenbacklog.policy.assess;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Remedy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the listeners of a pod, resolved: ports are numbers.
 *
 * @param policy null where the pod's annotations are the only source
 * @param mode whether remedies may be applied
 * @param minimum backlog of a listener on a port that {@code ports} does not name; null: none
 * @param maximum how far such a backlog may grow after overflows; null: it never grows
 * @param ports demands by port number
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
    Map<Integer, Demand> ports,
    Set<Remedy> remedies,
    int somaxconn,
    int tcpMaxSynBacklog,
    boolean allowNodeSysctls,
    Duration stallAfter,
    OnDelete onDelete) {

  public Requirement {
    ports = Map.copyOf(ports);
    remedies = Set.copyOf(remedies);
  }

  /** As the controller wrote it for a node. */
  public static Requirement of(NodeRequirement from) {
    var ports = new HashMap<Integer, Demand>();
    for (NodePort each : from.ports()) {
      ports.put(
          each.port(),
          each.exempt() ? new Demand.Exempt() : demand(each.minimum(), each.maximum()));
    }
    return new Requirement(
        from.policy(),
        from.mode(),
        from.minimum(),
        from.maximum(),
        ports,
        from.remedies().isEmpty() ? Set.of() : EnumSet.copyOf(from.remedies()),
        from.somaxconn() == null ? 0 : from.somaxconn(),
        from.tcpMaxSynBacklog() == null ? 0 : from.tcpMaxSynBacklog(),
        from.allowNodeSysctls(),
        Duration.ofMillis(from.stallAfterMillis()),
        from.onDelete());
  }

  private static Demand demand(@Nullable Integer minimum, @Nullable Integer maximum) {
    if (minimum == null && maximum == null) return new Demand.Nothing();
    return new Demand.AtLeast(minimum == null ? 0 : minimum, maximum == null ? 0 : maximum);
  }

  /** What is asked of listeners on a port. */
  public Demand on(int port) {
    Demand own = ports.get(port);
    if (own != null) return own;
    return demand(minimum, maximum);
  }

  /** Whether a remedy may be applied: mode Enforce, and it is among those allowed. */
  public boolean allows(Remedy remedy) {
    return mode == Mode.ENFORCE && remedies.contains(remedy);
  }

  /**
   * The {@code net.core.somaxconn} that these listeners need before they are born: the floor, or
   * the largest minimum if that is higher; 0: any will do.
   */
  public int neededSomaxconn() {
    int largest =
        ports.values().stream()
            .flatMapToInt(
                demand ->
                    demand instanceof Demand.AtLeast(int asked, _)
                        ? IntStream.of(asked)
                        : IntStream.empty())
            .max()
            .orElse(0);
    return Math.max(somaxconn, Math.max(largest, minimum == null ? 0 : minimum));
  }
}
