package io.listenbacklog.host;

import java.util.List;

/**
 * Which listeners a policy is for: those of services that match each list that is not empty, and of
 * these the ones on its ports.
 *
 * @param units of systemd
 * @param users names, or numbers
 * @param executables with a {@code /} in it the whole path, else the last part of it
 * @param ports empty: all
 */
record Selection(
    List<Glob> units, List<Glob> users, List<Glob> executables, List<PortRange> ports) {

  Selection {
    units = List.copyOf(units);
    users = List.copyOf(users);
    executables = List.copyOf(executables);
    ports = List.copyOf(ports);
  }

  boolean selects(HostService service) {
    return any(units, service.unit())
        && any(users, service.user())
        && (executables.isEmpty() || executables.stream().anyMatch(each -> runs(each, service)));
  }

  boolean concernsPort(int port) {
    return ports.isEmpty() || ports.stream().anyMatch(each -> each.has(port));
  }

  /** Whether there is no service that it leaves out. */
  boolean isAll() {
    return isAll(units) && isAll(users) && isAll(executables);
  }

  private static boolean any(List<Glob> globs, String name) {
    return globs.isEmpty() || globs.stream().anyMatch(each -> each.matches(name));
  }

  private static boolean runs(Glob glob, HostService service) {
    return glob.matches(glob.text().contains("/") ? service.executable() : service.program());
  }

  private static boolean isAll(List<Glob> globs) {
    return globs.isEmpty() || globs.stream().anyMatch(Glob::isAll);
  }
}
