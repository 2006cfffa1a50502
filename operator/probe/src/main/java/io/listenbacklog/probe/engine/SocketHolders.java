package io.listenbacklog.probe.engine;

import io.listenbacklog.kernel.process.Processes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who holds a listener: all processes of its pod that have its inode among their descriptors, each
 * under a number of its own. A master may have it as 7 and its workers as 9.
 */
final class SocketHolders {
  /** So many processes of a pod are looked at. */
  private static final int MOST_PROCESSES = 512;

  /** Of several listeners of one pod that stall together, one search finds the holders. */
  private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

  private final Surroundings around;
  private final Processes processes;

  private long searchedNamespace;
  private String searchedPod = "";
  private long searchedNanos;
  private Map<Long, List<Integer>> found = Map.of();

  SocketHolders(Surroundings around) {
    this.around = around;
    processes = around.kernel().processes();
  }

  /** The processes of its pod that hold a listener, ascending. */
  List<Integer> of(WatchedNamespace namespace, WatchedListener listener) {
    var pod = listener.cgroupUid;
    if (pod == null) return List.of();
    long now = around.nanos();
    boolean fresh =
        namespace.inode == searchedNamespace
            && pod.equals(searchedPod)
            && now - searchedNanos < FRESH_NANOS
            && found.containsKey(listener.inode);
    if (!fresh) {
      found = search(namespace, pod);
      searchedNamespace = namespace.inode;
      searchedPod = pod;
      searchedNanos = now;
    }
    return found.getOrDefault(listener.inode, List.of());
  }

  private Map<Long, List<Integer>> search(WatchedNamespace namespace, String pod) {
    var holders = new HashMap<Long, List<Integer>>();
    for (var each : namespace.listeners.values()) holders.put(each.inode, new ArrayList<>());
    int asked = 0;
    for (int pid : around.discovery().pids(pod)) {
      if (asked++ == MOST_PROCESSES) break;
      String what = "sockets of process " + pid;
      try {
        for (long socket : processes.sockets(pid).keySet()) {
          var of = holders.get(socket);
          if (of != null) of.add(pid);
        }
        around.troubles().over(what);
      } catch (IOException e) {
        around.troubles().failed(what, e); // the others may be seen
      }
    }
    holders.values().removeIf(List::isEmpty);
    return holders;
  }
}
