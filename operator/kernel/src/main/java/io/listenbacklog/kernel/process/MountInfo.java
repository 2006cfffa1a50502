package io.listenbacklog.kernel.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code /proc/PID/mountinfo} shows, proc_pid_mountinfo(5). */
final class MountInfo {
  /** The kubelet mounts {@code …/pods/UID/containers/NAME/…} as a container's termination log. */
  private static final Pattern TERMINATION_LOG =
      Pattern.compile(".*/pods/([^/]+)/containers/([^/]+)/[0-9a-f]+");

  private static final String USUAL_PLACE = "/dev/termination-log";

  /** What the kubelet mounts into each container of a pod, by the place where it is seen. */
  private static final Map<String, Pattern> OF_A_POD =
      Map.of(
          USUAL_PLACE,
          Pattern.compile(".*/pods/([0-9a-f-]{36})/containers/[^/]+/[0-9a-f]+"),
          "/etc/hosts",
          Pattern.compile(".*/pods/([0-9a-f-]{36})/etc-hosts"));

  /** Mounts of nsfs: {@code net:[4026532281]}, fs/nsfs.c, nsfs_show_path. */
  private static final Pattern NETWORK_NAMESPACE = Pattern.compile("net:\\[(\\d{1,18})\\]");

  /** Of a mount of nsfs they are no longer: three numbers, and {@code net:[…]}. */
  private static final int FOUR_FIELDS = 128;

  private MountInfo() {}

  /**
   * The uid of the pod that a process runs in, by its own mounts. Only trustworthy for a process
   * that cannot have made them itself.
   */
  static Optional<String> podUid(String mountInfo) {
    return PlainText.lines(mountInfo)
        .map(line -> line.split(" ", 6))
        .filter(fields -> fields.length == 6)
        .flatMap(
            fields ->
                Stream.ofNullable(OF_A_POD.get(fields[4])).map(root -> root.matcher(fields[3])))
        .filter(Matcher::matches)
        .map(root -> root.group(1))
        .findFirst();
  }

  /**
   * The inodes of the network namespaces that are mounted somewhere. Of megabytes that a tenant may
   * have made, no more than a line is text at a time.
   */
  static Set<Long> networkNamespaces(byte[] mountInfo) {
    var inodes = new TreeSet<Long>();
    int begin = 0;
    for (int end = 0; end <= mountInfo.length; end++) {
      if (end < mountInfo.length && mountInfo[end] != '\n') continue;
      int length = Math.min(end - begin, FOUR_FIELDS);
      networkNamespace(new String(mountInfo, begin, length, ISO_8859_1)).ifPresent(inodes::add);
      begin = end + 1;
    }
    return inodes;
  }

  private static Optional<Long> networkNamespace(String line) {
    var fields = line.split(" ", 5);
    if (fields.length < 5) return Optional.empty();
    var root = NETWORK_NAMESPACE.matcher(fields[3]);
    return root.matches() ? Optional.of(Long.parseLong(root.group(1))) : Optional.empty();
  }

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
