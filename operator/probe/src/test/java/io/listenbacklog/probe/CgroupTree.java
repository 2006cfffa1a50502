package io.listenbacklog.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Cgroups named as a kubelet's are, in a folder of their own, of whatever cgroup hierarchy there
 * is. Removed at the end, when the processes in them are gone.
 */
public final class CgroupTree implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private final Path hierarchy = hierarchy();
  private final Path root;
  private final List<Path> made = new ArrayList<>();

  public CgroupTree() {
    root = hierarchy.resolve("listen-backlog-test-" + UUID.randomUUID());
    make(root);
    make(root.resolve("kubepods"));
  }

  private static Path hierarchy() {
    if (Files.exists(ROOT.resolve("cgroup.procs"))) return ROOT; // cgroup v2
    return Stream.of("pids", "cpu", "memory", "systemd")
        .map(ROOT::resolve)
        .filter(each -> Files.isWritable(each.resolve("cgroup.procs")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no cgroup hierarchy below " + ROOT));
  }

  private void make(Path folder) {
    try {
      Files.createDirectory(folder);
      made.addFirst(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cgroup of a container of a pod. */
  public Path container(String podUid, String containerId) {
    var pod = root.resolve("kubepods").resolve("pod" + podUid);
    if (!Files.exists(pod)) make(pod);
    var container = pod.resolve(containerId);
    if (!Files.exists(container)) make(container);
    return container;
  }

  /** Puts a process, and the children it will have, into a container of a pod. */
  public void put(long pid, String podUid, String containerId) {
    try {
      Files.writeString(container(podUid, containerId).resolve("cgroup.procs"), pid + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes a process out of all of them. */
  public void takeOut(long pid) {
    try {
      Files.writeString(hierarchy.resolve("cgroup.procs"), pid + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (Path each : made) {
      try {
        Files.deleteIfExists(each);
      } catch (IOException e) {
        throw new UncheckedIOException("are all its processes gone?", e);
      }
    }
  }
}
