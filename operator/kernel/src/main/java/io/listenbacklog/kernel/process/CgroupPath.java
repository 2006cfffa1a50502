package io.listenbacklog.kernel.process;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which container a cgroup belongs to.
 *
 * <p>Paths differ by driver ({@code kubepods/burstable/podUID/ID} with cgroupfs; {@code
 * kubepods-burstable-podU_I_D.slice/cri-containerd-ID.scope} with systemd), by what is in front of
 * them (kind, a cgroupRoot of the kubelet's own), and by who looks: from inside a cgroup namespace
 * they begin with {@code /..}. So they are read from the pod's segment on.
 */
public final class CgroupPath {
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

  /** What watches a container of CRI-O, and is not it. */
  private static final String MONITOR = "crio-conmon";

  private static final int LONGEST = 4096;

  private CgroupPath() {}

  /** The container of a process, by the text of its {@code /proc/PID/cgroup}. */
  static Optional<Container> inFile(String cgroups) {
    // hierarchy:controllers:path, one line a hierarchy; they agree where they say anything.
    return PlainText.lines(cgroups)
        .map(line -> line.split(":", 3))
        .filter(fields -> fields.length == 3)
        .flatMap(fields -> container(fields[2]).stream())
        .findFirst();
  }

  /** The container that a path in a cgroup hierarchy leads to. */
  public static Optional<Container> container(String path) {
    // ":" separates too: a containerd without the systemd driver under a kubelet with it makes
    // kubepods-podUID.slice:cri-containerd:ID.
    var segments = segments(path);
    for (int index = segments.length - 1; index >= 0; index--) {
      Matcher pod = POD.matcher(segments[index]);
      if (!pod.matches()) continue;
      var id = containerId(segments, index + 1);
      return id.map(found -> new Container(pod.group(1).replace('_', '-'), found));
    }
    return Optional.empty();
  }

  /** The uid of the pod that a path leads to or into. */
  public static Optional<String> podUid(String path) {
    var segments = segments(path);
    for (int index = segments.length - 1; index >= 0; index--) {
      Matcher pod = POD.matcher(segments[index]);
      if (pod.matches()) return Optional.of(pod.group(1).replace('_', '-'));
    }
    return Optional.empty();
  }

  private static String[] segments(String path) {
    return path.length() > LONGEST ? new String[0] : path.split("[/:]", -1);
  }

  /** The first id behind the pod: what a container makes inside its cgroup is its own affair. */
  private static Optional<String> containerId(String[] segments, int from) {
    for (int index = from; index < segments.length; index++) {
      Matcher container = CONTAINER.matcher(segments[index]);
      if (!container.matches()) continue;
      return MONITOR.equals(container.group(1))
          ? Optional.empty()
          : Optional.of(container.group(2));
    }
    return Optional.empty();
  }
}
