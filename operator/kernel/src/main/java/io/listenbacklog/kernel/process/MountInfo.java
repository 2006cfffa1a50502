package io.listenbacklog.kernel.process;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds a container's name in {@code /proc/PID/mountinfo}: the kubelet mounts {@code
 * …/pods/UID/containers/NAME/…} as its termination log.
 */
final class MountInfo {
  private static final Pattern TERMINATION_LOG =
      Pattern.compile(".*/pods/([^/]+)/containers/([^/]+)/[0-9a-f]+");

  private static final String USUAL_PLACE = "/dev/termination-log";

  private MountInfo() {}

  /**
   * The name of the container.
   *
   * @param podUid of its pod: the mounts of another pod's container do not count
   */
  static Optional<String> containerName(String mountInfo, String podUid) {
    return PlainText.lines(mountInfo)
        .map(line -> line.split(" ", 6))
        .filter(fields -> fields.length == 6 && fields[4].equals(USUAL_PLACE))
        .map(fields -> TERMINATION_LOG.matcher(fields[3]))
        .filter(root -> root.matches() && root.group(1).equals(podUid))
        .map(root -> root.group(2))
        .findFirst();
  }
}
