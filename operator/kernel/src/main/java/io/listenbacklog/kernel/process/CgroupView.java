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
 * Maps the cgroup paths that this process sees to containers.
 *
 * <p>Paths are shown relative to the reader's cgroup namespace (cgroup_namespaces(7)), and on
 * cgroup v2 runtimes give each container one of its own: the probe's own container is at {@code /}
 * then, others of its pod are at {@code /../cri-containerd-ID.scope}, where no pod is named, and
 * all else begins with {@code /../..}. So the own pod must be identified otherwise.
 *
 * <p>A process with a writable cgroup may create one inside its own that is named as another pod's.
 * So the outermost pod counts; where the kubelet itself runs in a container of a pod (kind in a
 * pod), the outermost below that.
 */
final class CgroupView {
  /** As seen from the initial cgroup namespace, outside all containers. */
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
  private record Hierarchy(int depth, List<String> base) {
    /** The part after the base; empty for paths elsewhere. */
    List<String> behindBase(List<String> names) {
      return Collections.indexOfSubList(names, base) == 0
          ? names.subList(base.size(), names.size())
          : List.of();
    }
  }

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

  /** The path above the own pod, down to the pod that contains it. */
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
    boolean ofSomePod = false;
    var inside = new ArrayList<Path>();
    for (var line : lines(cgroups).toList()) {
      var path = Path.of(line[2]);
      var hierarchy = hierarchies.getOrDefault(line[1], new Hierarchy(0, List.of()));
      var names = hierarchy.depth() == 0 ? hierarchy.behindBase(path.down()) : path.down();
      boolean own = hierarchy.depth() > 0 && path.up() == 0;
      if (!own) {
        var named = CgroupPath.outermost(names);
        if (named.isPresent()) return named; // they agree where they say anything
        ofSomePod |= CgroupPath.namesAPod(names);
      }
      if (hierarchy.depth() > 0) inside.add(path.up() < hierarchy.depth() ? path : Path.FAR);
    }
    var uid = ownPodUid;
    return uid == null || ofSomePod ? Optional.empty() : own(inside, uid);
  }

  /**
   * The container of our own pod that a process is in, by where it is seen from inside. Each
   * hierarchy must agree: there are such in which a runtime makes no cgroups, so that all processes
   * seem to be in ours.
   */
  private static Optional<Container> own(List<Path> seen, String podUid) {
    if (seen.isEmpty()) return Optional.empty();
    String id = "";
    for (var path : seen) {
      if (path.up() == 0) continue; // in our own container, whatever is nested in it
      boolean beside = path.up() <= LEVELS_BELOW_THE_POD && !path.down().isEmpty();
      var found =
          beside ? CgroupPath.containerId(path.down().getFirst()) : Optional.<String>empty();
      if (found.isEmpty()) return Optional.empty();
      id = found.get();
    }
    return Optional.of(new Container(podUid, id));
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
    /** Outside of the hierarchy: cannot be identified from here. */
    static final Path FAR = new Path(Integer.MAX_VALUE, List.of());

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
