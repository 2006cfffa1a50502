package io.listenbacklog.probe.engine;

import io.listenbacklog.kernel.process.Processes;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network namespaces that are the node's and no pod's: that of PID 1, and that of the container
 * runtime, which need not be the same (a node inside a namespace of its own). A container's first
 * process is in there until it is given the pod's: never write a sysctl there.
 */
public final class NodeNamespaces {
  private static final Logger log = LoggerFactory.getLogger(NodeNamespaces.class);

  private final Set<Long> inodes;

  NodeNamespaces(Collection<Long> inodes) {
    this.inodes = Set.copyOf(inodes);
  }

  /**
   * Finds them.
   *
   * @param lineage the probe and its ancestors, the nearest first: the first one outside of all
   *     pods is the container runtime's, or the probe itself where it runs in no pod
   */
  public static NodeNamespaces of(Processes processes, Collection<Integer> lineage)
      throws IOException {
    var inodes = new HashSet<Long>();
    add(processes, 1, inodes);
    for (int pid : lineage) {
      if (processes.container(pid).isPresent()) continue;
      add(processes, pid, inodes);
      break;
    }
    if (inodes.isEmpty()) throw new IOException("the node's network namespace cannot be found");
    return new NodeNamespaces(inodes);
  }

  private static void add(Processes processes, int pid, Collection<Long> inodes) {
    try {
      processes.networkNamespace(pid).ifPresent(inodes::add);
    } catch (IOException e) {
      // PID 1 may be out of reach even for us; then the ancestor has to do.
      log.atWarn()
          .addKeyValue(Keys.PID, pid)
          .addKeyValue(Keys.WHY, e.getMessage())
          .log("network namespace unknown");
    }
  }

  boolean contains(long inode) {
    return inodes.contains(inode);
  }
}
