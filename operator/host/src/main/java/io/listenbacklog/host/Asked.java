package io.listenbacklog.host;

import io.listenbacklog.policy.assess.Demand;
import java.time.Duration;
import java.util.List;

/**
 * What is asked of the listeners of a machine, and of which.
 *
 * @param minimum backlog that each must have, 1 to 65535
 * @param watched how long queues are watched; 0: one look
 * @param exempt ports of which nothing is asked
 * @param ports that are looked at alone; empty: all
 * @param units of systemd that are looked at alone; empty: all, and what is of none
 * @param executables paths, or last parts of them, that are looked at alone; empty: all
 */
record Asked(
    int minimum,
    Duration watched,
    List<PortRange> exempt,
    List<PortRange> ports,
    List<String> units,
    List<String> executables) {

  Asked {
    exempt = List.copyOf(exempt);
    ports = List.copyOf(ports);
    units = List.copyOf(units);
    executables = List.copyOf(executables);
  }

  Demand on(int port) {
    return exempt.stream().anyMatch(each -> each.has(port))
        ? new Demand.Exempt()
        : new Demand.AtLeast(minimum);
  }

  boolean concernsPort(int port) {
    return ports.isEmpty() || ports.stream().anyMatch(each -> each.has(port));
  }

  boolean concerns(Owner owner) {
    return (units.isEmpty() || units.contains(owner.unit()))
        && (executables.isEmpty() || executables.stream().anyMatch(owner::runs));
  }
}
