package io.listenbacklog.host;

import io.listenbacklog.kernel.process.ProcessFacts;
import io.listenbacklog.kernel.process.ServiceFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a listener.
 *
 * @param process the one that opened it, as far as can be told; null: none holds it, as where the
 *     kernel itself listens
 * @param service of that process; null: none
 * @param fd under which it holds it
 * @param pids all that hold it, the oldest first
 */
record Owner(
    @Nullable ProcessFacts process, @Nullable ServiceFacts service, int fd, List<Integer> pids) {
  static final Owner NOBODY = new Owner(null, null, -1, List.of());

  Owner {
    pids = List.copyOf(pids);
  }

  int pid() {
    return process == null ? 0 : process.pid();
  }

  String name() {
    return process == null ? "" : process.command();
  }

  String executable() {
    return process == null ? "" : ExecutablePath.of(process);
  }

  String unit() {
    return service == null ? "" : service.unit();
  }

  String container() {
    return service == null ? "" : service.container();
  }

  /** Whether its program is this one: a path, or the last part of one. */
  boolean runs(String file) {
    String path = executable();
    return path.equals(file) || path.substring(path.lastIndexOf('/') + 1).equals(file);
  }
}
