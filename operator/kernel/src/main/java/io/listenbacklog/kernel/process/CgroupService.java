package io.listenbacklog.kernel.process;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The service that a process is of, by the text of its {@code /proc/PID/cgroup}: of cgroup v2, v1
 * and both at once.
 */
final class CgroupService {
  private static final int LONGEST_NAME = 255; // NAME_MAX: a cgroup is a folder

  /**
   * The hierarchies that systemd keeps units in: its own of v1, the only one of v2 (cgroups(7)).
   */
  private static final List<String> OF_SYSTEMD = List.of("name=systemd", "");

  private static final String SLICE = ".slice";

  /** What systemd puts processes into, besides slices (systemd.unit(5)). */
  private static final Pattern UNIT = Pattern.compile(".+\\.(?:service|scope|socket|mount|swap)");

  /** A user's systemd, which has units of its own below. */
  private static final Pattern MANAGER_OF_A_USER = Pattern.compile("user@[0-9]{1,10}\\.service");

  private CgroupService() {}

  /** One line of the file. */
  private record Line(String controllers, List<String> names) {
    static Stream<Line> all(String cgroups) {
      return PlainText.lines(cgroups)
          .map(line -> line.split(":", 3))
          .filter(fields -> fields.length == 3 && fields[2].length() <= CgroupPath.LONGEST)
          .map(fields -> new Line(fields[1], names(fields[2])));
    }

    /** Those of a reader's own cgroup namespace begin with {@code ..}, cgroup_namespaces(7). */
    private static List<String> names(String path) {
      return Arrays.stream(path.split("/", -1))
          .filter(name -> !name.isEmpty() && !name.equals(".."))
          .toList();
    }
  }

  /**
   * systemd's unit: the first name that is no slice, as {@code sd_pid_get_unit(3)} finds it, so
   * that a service inside a container is none of the machine's. Below a user's manager that user's
   * unit.
   *
   * @return empty where there is none
   */
  static String unit(String cgroups) {
    for (String controllers : OF_SYSTEMD) {
      var unit =
          Line.all(cgroups)
              .filter(line -> line.controllers().equals(controllers))
              .flatMap(line -> unit(line.names()).stream())
              .findFirst();
      if (unit.isPresent()) return PlainText.of(unit.get(), LONGEST_NAME);
    }
    return "";
  }

  private static Optional<String> unit(List<String> names) {
    var below = names.stream().dropWhile(name -> name.endsWith(SLICE)).toList();
    if (below.isEmpty()) return Optional.empty();
    String first = unescaped(below.getFirst());
    if (!UNIT.matcher(first).matches()) return Optional.empty();
    return MANAGER_OF_A_USER.matcher(first).matches()
        ? Optional.of(unit(below.subList(1, below.size())).orElse(first))
        : Optional.of(first);
  }

  /** systemd puts an underscore before a name that the kernel may want (CGROUP_DELEGATION). */
  private static String unescaped(String name) {
    return name.startsWith("_") ? name.substring(1) : name;
  }

  /**
   * The outermost container, whatever its runtime: {@code docker-ID.scope}, {@code
   * libpod-ID.scope}, {@code /docker/ID}, or below a pod's cgroup.
   *
   * @return its id; empty where there is none
   */
  static String container(String cgroups) {
    return Line.all(cgroups)
        .flatMap(line -> line.names().stream().flatMap(name -> Arrays.stream(name.split(":", -1))))
        .filter(name -> CgroupPath.pod(name).isEmpty())
        .flatMap(name -> CgroupPath.containerId(name).stream())
        .findFirst()
        .orElse("");
  }
}
