package io.listenbacklog.probe.engine;

import io.listenbacklog.kernel.process.Processes;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network namespaces that are the node's and no pod's: that of PID 1, and that of the container
 * runtime, which need not be the same (a node inside a namespace of its own). A container's first
 * process is in there until it is given the pod's: never write a sysctl there.
 */
public final class NodeNamespaces {
  private static final Logger log = LoggerFactory.getLogger(NodeNamespaces.class);

  private final Map<Long, Integer> waysIn;

  /** Each by its inode, with a process that is in it and stays. */
  NodeNamespaces(Map<Long, Integer> waysIn) {
    this.waysIn = Map.copyOf(waysIn);
  }

  /**
   * Finds them.
   *
   * @param lineage the probe and its ancestors, the nearest first: the first one outside of all
   *     pods is the container runtime's, or the probe itself where it runs in no pod
   */
  public static NodeNamespaces of(Processes processes, Collection<Integer> lineage)
      throws IOException {
    var waysIn = new HashMap<Long, Integer>();
    add(processes, 1, waysIn);
    for (int pid : lineage) {
      if (processes.container(pid).isPresent()) continue;
      add(processes, pid, waysIn);
      break;
    }
    if (waysIn.isEmpty()) throw new IOException("the node's network namespace cannot be found");
    return new NodeNamespaces(waysIn);
  }

  private static void add(Processes processes, int pid, Map<Long, Integer> waysIn) {
    try {
      processes.networkNamespace(pid).ifPresent(inode -> waysIn.putIfAbsent(inode, pid));
    } catch (IOException e) {
      // PID 1 may be out of reach even for us; then the ancestor has to do.
      log.atWarn()
          .addKeyValue(Keys.PID, pid)
          .addKeyValue(Keys.WHY, e.getMessage())
          .log("network namespace unknown");
    }
  }

  /** Processes of the node itself that stay. */
  Collection<Integer> pids() {
    return waysIn.values();
  }

  boolean contains(long inode) {
    return waysIn.containsKey(inode);
  }

  /** A process that leads into one of them; empty where it is none. */
  OptionalInt wayIn(long inode) {
    Integer pid = waysIn.get(inode);
    return pid == null ? OptionalInt.empty() : OptionalInt.of(pid);
  }
}
