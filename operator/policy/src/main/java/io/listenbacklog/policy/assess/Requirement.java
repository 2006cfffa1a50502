package io.listenbacklog.policy.assess;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Remedy;
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
 * @param ports demands by port number
 * @param remedies what may be done in mode Enforce
 * @param somaxconn floor of {@code net.core.somaxconn}; 0: none
 * @param onDelete what becomes of remedies when the requirement goes
 */
public record Requirement(
    @Nullable PolicyReference policy,
    Mode mode,
    @Nullable Integer minimum,
    Map<Integer, Demand> ports,
    Set<Remedy> remedies,
    int somaxconn,
    OnDelete onDelete) {

  public Requirement {
    ports = Map.copyOf(ports);
    remedies = Set.copyOf(remedies);
  }

  /** As the controller wrote it for a node. */
  public static Requirement of(NodeRequirement from) {
    var ports = new HashMap<Integer, Demand>();
    for (NodePort each : from.ports()) {
      Integer minimum = each.minimum();
      ports.put(
          each.port(),
          each.exempt() || minimum == null ? new Demand.Exempt() : new Demand.AtLeast(minimum));
    }
    return new Requirement(
        from.policy(),
        from.mode(),
        from.minimum(),
        ports,
        from.remedies().isEmpty() ? Set.of() : EnumSet.copyOf(from.remedies()),
        from.somaxconn() == null ? 0 : from.somaxconn(),
        from.onDelete());
  }

  /** What is asked of listeners on a port. */
  public Demand on(int port) {
    Demand own = ports.get(port);
    if (own != null) return own;
    return minimum == null ? new Demand.Nothing() : new Demand.AtLeast(minimum);
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
                    demand instanceof Demand.AtLeast(int asked)
                        ? IntStream.of(asked)
                        : IntStream.empty())
            .max()
            .orElse(0);
    return Math.max(somaxconn, Math.max(largest, minimum == null ? 0 : minimum));
  }
}
