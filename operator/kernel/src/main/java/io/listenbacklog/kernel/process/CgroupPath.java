package io.listenbacklog.kernel.process;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which container a cgroup belongs to, by the names in its path.
 *
 * <p>They differ by driver: {@code kubepods/burstable/podUID/ID} with cgroupfs; {@code
 * kubepods-burstable-podU_I_D.slice/cri-containerd-ID.scope} with systemd.
 */
final class CgroupPath {
  /** {@code PATH_MAX}: longer ones are ignored. */
  static final int LONGEST = 4096;

  /** A kubelet's uid of a pod, dashes perhaps written as underscores; a static pod's is a hash. */
  private static final Pattern POD =
      Pattern.compile(
          "(?:.*-)?pod([0-9a-f]{32}|[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12})"
              + "(?:\\.slice)?");

  /**
   * Its id as the runtime gave it, with the prefix and the suffix that systemd units have; Kata's
   * machine is in {@code kata_ID}.
   */
  private static final Pattern CONTAINER =
      Pattern.compile("(?:(.*)[-_])?([0-9a-f]{32,128})(?:\\.scope)?");

  /** The monitors of a container that CRI-O and Podman run, which are not the container. */
  private static final Set<String> MONITORS = Set.of("crio-conmon", "libpod-conmon");

  private CgroupPath() {}

  /** The uid of the pod that a cgroup of this name is of. */
  static Optional<String> pod(String name) {
    Matcher pod = POD.matcher(name);
    return pod.matches() ? Optional.of(pod.group(1).replace('_', '-')) : Optional.empty();
  }

  /** Whether there is a pod in the path. */
  static boolean namesAPod(List<String> names) {
    return names.stream().anyMatch(each -> POD.matcher(each).matches());
  }

  /** The id of the container that a cgroup of this name is of. */
  static Optional<String> containerId(String name) {
    Matcher container = CONTAINER.matcher(name);
    return container.matches() && !isMonitor(container.group(1))
        ? Optional.of(container.group(2))
        : Optional.empty();
  }

  private static boolean isMonitor(@Nullable String prefix) {
    return prefix != null && MONITORS.contains(prefix);
  }

  /**
   * The container of the outermost pod in the path. A container may create cgroups inside its own:
   * the first id after the pod is its.
   */
  static Optional<Container> outermost(List<String> names) {
    for (int index = 0; index < names.size(); index++) {
      var pod = pod(names.get(index));
      if (pod.isEmpty()) continue;
      return names.subList(index + 1, names.size()).stream()
          .filter(each -> CONTAINER.matcher(each).matches())
          .findFirst()
          .flatMap(CgroupPath::containerId)
          .map(id -> new Container(pod.get(), id));
    }
    return Optional.empty();
  }
}
