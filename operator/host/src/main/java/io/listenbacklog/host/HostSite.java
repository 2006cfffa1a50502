package io.listenbacklog.host;

import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.probe.discover.HostNamespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The machine that is watched, and the watch on it.
 *
 * @param hostNetworks the network namespaces that are the machine's own
 * @param ownPid of the watch
 * @param folder of the journal
 */
record HostSite(NodeKernel kernel, HostNamespaces hostNetworks, int ownPid, Path folder) {

  /** This machine, seen from this process. */
  static HostSite here(NodeKernel kernel, Path folder) throws IOException {
    int own = Math.toIntExact(ProcessHandle.current().pid());
    return new HostSite(kernel, HostNamespaces.of(kernel.processes(), lineage()), own, folder);
  }

  private static List<Integer> lineage() {
    var pids = new ArrayList<Integer>();
    for (var each = Optional.of(ProcessHandle.current());
        each.isPresent();
        each = each.get().parent()) {
      pids.add(Math.toIntExact(each.get().pid()));
    }
    return pids;
  }
}
