package io.listenbacklog.probe.observe;

import io.listenbacklog.kernel.netns.NamespaceGoneException;
import io.listenbacklog.kernel.netns.NetworkNamespaces;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.Surroundings;
import java.io.IOException;
import java.util.Optional;

/** The way into the namespace of a watched pod, for a glance. */
public record NamespaceEntry(Surroundings around) {
  /** So many processes are tried, for each may be gone by now. */
  private static final int WAYS_IN = 3;

  /** Visits; empty where no process leads there any more. */
  public <T> Optional<T> visit(NamespaceState namespace, NetworkNamespaces.Visit<T> visit)
      throws IOException {
    int tried = 0;
    for (var member : around.discovery().members(namespace.inode).entrySet()) {
      if (!namespace.pods().contains(member.getValue())) continue;
      if (tried++ == WAYS_IN) break;
      try {
        return Optional.of(
            around.kernel().namespaces().visit(member.getKey(), namespace.inode, visit));
      } catch (NamespaceGoneException e) {
        // The next one leads there, or the next scan forgets the namespace.
      }
    }
    return Optional.empty();
  }
}
