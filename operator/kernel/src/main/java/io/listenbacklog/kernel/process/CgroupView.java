package io.listenbacklog.kernel.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How this process sees the cgroups of others, and to which containers they belong.
 *
 * <p>Paths are shown relative to the reader's cgroup namespace (cgroup_namespaces(7)), and on
 * cgroup v2 runtimes give each container one of its own: the probe's own container is at {@code /}
 * then, others of its pod are at {@code /../cri-containerd-ID.scope}, where no pod is named, and
 * all else begins with {@code /../..}. So the own pod must be known otherwise.
 *
 * <p>Whoever may write its cgroups may make one that is named as another pod's inside of its own.
 * So the outermost pod counts; but where the kubelet itself runs in a container of a pod (kind in a
 * pod), from there on.
 */
final class CgroupView {
  /** As seen by who is in no cgroup namespace of its own and in no container. */
  static final CgroupView OF_THE_NODE = new CgroupView(Map.of(), null);

  /** Levels from a container's cgroup to its pod's: crun puts it one deeper, in "container". */
  private static final int LEVELS_BELOW_THE_POD = 2;

  private final Map<String, Hierarchy> hierarchies;
  private final @Nullable String ownPodUid;

  /**
   * How one hierarchy is seen.
   *
   * @param depth levels from its root to that of the own cgroup namespace; 0: there is none of its
   *     own
   * @param base the path of the container that the kubelet is in, up to its pod; empty: in none
   */
  private record Hierarchy(int depth, List<String> base) {}

  private CgroupView(Map<String, Hierarchy> hierarchies, @Nullable String ownPodUid) {
    this.hierarchies = hierarchies;
    this.ownPodUid = ownPodUid;
  }

  /**
   * Finds out.
   *
   * @param own {@code /proc/self/cgroup}
   * @param init {@code /proc/1/cgroup}: PID 1 is outside of all containers, or the first process of
   *     that which is this node
   * @param ownPodUid of the pod that this process runs in; null: not known, or in none
   */
  static CgroupView of(String own, String init, @Nullable String ownPodUid) {
    var ofInit = new HashMap<String, String>();
    lines(init).forEach(line -> ofInit.put(line[1], line[2]));
    var hierarchies = new HashMap<String, Hierarchy>();
    lines(own)
        .forEach(
            line -> {
              int depth = Path.of(ofInit.getOrDefault(line[1], "/")).up();
              var base = depth > 0 ? List.<String>of() : base(line[2], ownPodUid);
              hierarchies.put(line[1], new Hierarchy(depth, base));
            });
    return new CgroupView(Map.copyOf(hierarchies), ownPodUid);
  }

  /** What is in front of the own pod, up to the pod before it. */
  private static List<String> base(String path, @Nullable String ownPodUid) {
    var segments = Path.of(path).down();
    int own = -1;
    int before = -1;
    for (int index = 0; index < segments.size(); index++) {
      var pod = CgroupPath.pod(segments.get(index));
      if (pod.isEmpty()) continue;
      before = own;
      own = index;
      if (pod.get().equals(ownPodUid)) break;
    }
    return List.copyOf(segments.subList(0, before + 1));
  }

  /** The container of a process, by the text of its {@code /proc/PID/cgroup}. */
  Optional<Container> container(String cgroups) {
    // They agree where they say anything.
    return lines(cgroups).flatMap(line -> container(line[1], line[2]).stream()).findFirst();
  }

  private Optional<Container> container(String controllers, String text) {
    var path = Path.of(text);
    var hierarchy = hierarchies.getOrDefault(controllers, new Hierarchy(0, List.of()));
    var down = path.down();
    if (hierarchy.depth() == 0) {
      int base =
          Collections.indexOfSubList(down, hierarchy.base()) == 0 ? hierarchy.base().size() : -1;
      return base < 0 ? Optional.empty() : CgroupPath.outermost(down.subList(base, down.size()));
    }
    var uid = ownPodUid;
    if (path.up() == 0) {
      // Our own container, whatever it makes inside.
      return uid == null ? Optional.empty() : Optional.of(new Container(uid, ""));
    }
    var named = CgroupPath.outermost(down);
    if (named.isPresent() || CgroupPath.namesAPod(down)) return named;
    boolean beside = path.up() <= LEVELS_BELOW_THE_POD && path.up() < hierarchy.depth();
    return uid == null || !beside || down.isEmpty()
        ? Optional.empty()
        : CgroupPath.containerId(down.getFirst()).map(id -> new Container(uid, id));
  }

  /** {@code hierarchy:controllers:path}, one line a hierarchy; cgroups(7). */
  private static Stream<String[]> lines(String cgroups) {
    return PlainText.lines(cgroups)
        .map(line -> line.split(":", 3))
        .filter(fields -> fields.length == 3);
  }

  /**
   * A path taken apart.
   *
   * @param up how many levels it leads out of the reader's cgroup namespace
   * @param down the names from there on
   */
  private record Path(int up, List<String> down) {
    static Path of(String text) {
      if (text.length() > CgroupPath.LONGEST) return new Path(0, List.of());
      var segments = new ArrayList<String>();
      Arrays.stream(text.split("/", -1)).filter(each -> !each.isEmpty()).forEach(segments::add);
      int up = 0;
      while (up < segments.size() && segments.get(up).equals("..")) up++;
      var down = segments.subList(up, segments.size()).stream();
      // ":" separates too: a containerd without the systemd driver under a kubelet with it makes
      // kubepods-podUID.slice:cri-containerd:ID.
      return new Path(up, down.flatMap(each -> Arrays.stream(each.split(":", -1))).toList());
    }
  }
}
