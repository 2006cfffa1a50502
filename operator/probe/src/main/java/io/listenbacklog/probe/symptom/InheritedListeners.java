package io.listenbacklog.probe.symptom;

import io.listenbacklog.api.FormerServer;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.socket.UnixListenerId;
import io.listenbacklog.probe.observe.NamespaceEntry;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells holders of a listener that are no servers: programs that a server started without closing
 * its listener first, and that have it still now that the server has not.
 */
final class InheritedListeners {
  /** A server that handed its listener to more processes than these meant to. */
  private static final int MOST_HEIRS = 16;

  /** Of so many descriptors of each it is looked whether they are of connections. */
  private static final int MOST_DESCRIPTORS = 1024;

  /** Programs that serve nobody, by their command names. */
  private static final Set<String> NEVER_SERVE =
      Set.of("sleep", "tail", "cat", "tee", "sh", "bash", "dash", "ash", "timeout", "watch");

  private final Processes processes;
  private final NamespaceEntry entry;

  InheritedListeners(Processes processes, NamespaceEntry entry) {
    this.processes = processes;
    this.entry = entry;
  }

  /**
   * Whose a listener was, if all that hold it now are known to be no servers: each is a program
   * that serves nobody, or another one than that which held it before and holds it no more; and
   * none has a connection that was made to the listener.
   *
   * @return null: they may well be servers
   */
  @Nullable FormerServer inheritedFrom(
      NamespaceState namespace, ListenerState listener, List<Integer> holders) throws IOException {
    if (holders.isEmpty() || holders.size() > MOST_HEIRS) return null;
    var former = listener.ownership.former();
    boolean seen = former != null && former.program() != 0 && !holders.contains(former.pid());
    for (int pid : holders) {
      var facts = processes.facts(pid);
      if (facts.isEmpty()) return null;
      if (NEVER_SERVE.contains(facts.get().command())) continue;
      String executable = facts.get().executable();
      boolean another =
          seen
              && former != null
              && !executable.isEmpty()
              && executable.hashCode() != former.program();
      if (!another) return null;
    }
    if (serves(namespace, listener, holders)) return null;
    return seen && former != null
        ? new FormerServer(former.process(), former.pid())
        : FormerServer.UNSEEN;
  }

  /** Whether one of them has a connection whose own end is the listener's port. */
  private boolean serves(NamespaceState namespace, ListenerState listener, List<Integer> holders)
      throws IOException {
    var sockets = new HashSet<Long>();
    for (int pid : holders) {
      int next = processes.sockets(pid, 0, MOST_DESCRIPTORS, (it, _) -> sockets.add(it));
      if (next >= 0) return true; // such a one has a reason to have so many
    }
    sockets.remove(listener.inode);
    // Of a UNIX connection it is not known to which listener it was made.
    if (listener.id instanceof UnixListenerId) return !sockets.isEmpty();
    int port = listener.tcp().port();
    return entry
        .visit(namespace, there -> there.connections().accepted(sockets))
        .map(found -> found.values().stream().anyMatch(it -> it.local().port() == port))
        .orElse(true);
  }
}
