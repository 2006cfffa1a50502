package io.listenbacklog.host;

import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.policy.assess.Place;
import java.time.Duration;
import java.util.List;

/**
 * What is asked of the listeners of a machine, and of which.
 *
 * @param minimum backlog that each must have, 1 to 65535
 * @param watched how long queues are watched; 0: one look
 * @param exempt ports of which nothing is asked
 * @param unix what becomes of UNIX listeners: seen, with their symptoms; asked for the minimum too;
 *     or left out
 * @param ports that are looked at alone; empty: all, unless there are {@code paths}
 * @param paths of UNIX listeners that are looked at alone; empty: all, unless there are {@code
 *     ports}
 * @param units of systemd that are looked at alone; empty: all, and what is of none
 * @param executables paths, or last parts of them, that are looked at alone; empty: all
 */
record Asked(
    int minimum,
    Duration watched,
    List<PortRange> exempt,
    UnixListeners unix,
    List<PortRange> ports,
    List<Glob> paths,
    List<String> units,
    List<String> executables) {

  Asked {
    exempt = List.copyOf(exempt);
    ports = List.copyOf(ports);
    paths = List.copyOf(paths);
    units = List.copyOf(units);
    executables = List.copyOf(executables);
  }

  /** What is asked of a listener. */
  Demand on(Place place) {
    return switch (place) {
      case Place.Port(int port, _) when exempt.stream().anyMatch(each -> each.has(port)) ->
          new Demand.Exempt();
      case Place.Path(_) when unix != UnixListeners.GOVERN -> new Demand.Nothing();
      case Place.Port _, Place.Path _ -> new Demand.AtLeast(minimum);
    };
  }

  boolean concerns(Place place) {
    return switch (place) {
      case Place.Port(int port, _) ->
          ports.isEmpty() ? paths.isEmpty() : ports.stream().anyMatch(each -> each.has(port));
      case Place.Path(String path) -> concernsUnix() && concernsPath(path);
    };
  }

  /** Whether any UNIX listener is looked at. */
  boolean concernsUnix() {
    return unix != UnixListeners.IGNORE && !(paths.isEmpty() && !ports.isEmpty());
  }

  private boolean concernsPath(String path) {
    return paths.isEmpty() || paths.stream().anyMatch(each -> each.matches(path));
  }

  boolean concerns(Owner owner) {
    return (units.isEmpty() || units.contains(owner.unit()))
        && (executables.isEmpty() || executables.stream().anyMatch(owner::runs));
  }
}
