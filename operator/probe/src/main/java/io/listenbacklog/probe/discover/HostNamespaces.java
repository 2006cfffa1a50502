package io.listenbacklog.probe.discover;

import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.probe.telemetry.LogKeys;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network namespaces that are the node's and no pod's: that of PID 1, and that of the container
 * runtime, which need not be the same (a node inside a namespace of its own). A container's first
 * process is in there until it is given the pod's: never write a sysctl there.
 */
public final class HostNamespaces {
  private static final Logger log = LoggerFactory.getLogger(HostNamespaces.class);

  private final Map<Long, Integer> waysIn;

  /** Of those that we may not look at: the mark of each, with a process that is in it. */
  private final Map<Long, Integer> marks;

  private final Processes processes;

  /** Each by its inode, with a process that is in it and stays. */
  public HostNamespaces(Processes processes, Map<Long, Integer> waysIn) {
    this(processes, waysIn, Map.of());
  }

  private HostNamespaces(Processes processes, Map<Long, Integer> waysIn, Map<Long, Integer> marks) {
    this.processes = processes;
    this.waysIn = new HashMap<>(waysIn);
    this.marks = new HashMap<>(marks);
  }

  /**
   * Finds them.
   *
   * @param lineage the probe and its ancestors, the nearest first: the first one outside of all
   *     pods is the container runtime's, or the probe itself where it runs in no pod
   */
  public static HostNamespaces of(Processes processes, Collection<Integer> lineage)
      throws IOException {
    var found = new HostNamespaces(processes, Map.of(), Map.of());
    found.add(1);
    for (int pid : lineage) {
      if (processes.container(pid).isPresent()) continue;
      found.add(pid);
      break;
    }
    if (found.waysIn.isEmpty() && !processes.mayTrace()) {
      throw new IOException("the node's network namespace cannot be found: SYS_PTRACE is missing");
    }
    if (found.waysIn.isEmpty() && found.marks.isEmpty()) {
      throw new IOException("the node's network namespace cannot be found");
    }
    return found;
  }

  private void add(int pid) {
    try {
      processes.networkNamespace(pid).ifPresent(inode -> waysIn.putIfAbsent(inode, pid));
    } catch (IOException e) {
      // A security module keeps us from both, as AppArmor's profiles for containers do: then what
      // it shares with others has to do.
      log.atWarn()
          .addKeyValue(LogKeys.PID, pid)
          .addKeyValue(LogKeys.WHY, e.getMessage())
          .log("network namespace of the node may not be looked at");
      mark(pid);
    }
  }

  private void mark(int pid) {
    try {
      processes.networkMark(pid).ifPresent(mark -> marks.putIfAbsent(mark, pid));
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue(LogKeys.PID, pid)
          .addKeyValue(LogKeys.WHY, e.getMessage())
          .log("network namespace of the node cannot be told from others");
    }
  }

  /**
   * A process was met in a network namespace: perhaps it is one of the node's that we could not
   * look at. To be called before it is asked whether a namespace is the node's.
   */
  public void meet(long inode, int pid) {
    if (marks.isEmpty() || waysIn.containsKey(inode)) return;
    try {
      var mark = processes.networkMark(pid);
      var ofNode = mark.isEmpty() ? null : marks.remove(mark.getAsLong());
      if (ofNode != null) waysIn.put(inode, ofNode);
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue(LogKeys.PID, pid)
          .addKeyValue(LogKeys.WHY, e.getMessage())
          .log("whether its network namespace is the node's cannot be told");
    }
  }

  /** Processes of the node itself that stay. */
  public Collection<Integer> pids() {
    var pids = new TreeSet<>(waysIn.values());
    pids.addAll(marks.values());
    return pids;
  }

  public boolean contains(long inode) {
    return waysIn.containsKey(inode);
  }

  /** A process that leads into one of them; empty where it is none. */
  public OptionalInt wayIn(long inode) {
    Integer pid = waysIn.get(inode);
    return pid == null ? OptionalInt.empty() : OptionalInt.of(pid);
  }
}
