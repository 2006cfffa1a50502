package io.listenbacklog.probe.observe;

import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The TCP listeners that a visit has seen, each with what is known of it: looked up once for all
 * steps of the visit.
 */
public final class Sightings {
  private final List<Listener> seen;
  private final @Nullable ListenerState[] known;

  private Sightings(List<Listener> seen, @Nullable ListenerState[] known) {
    this.seen = seen;
    this.known = known;
  }

  static Sightings of(NamespaceState namespace, List<Listener> seen) {
    var known = new @Nullable ListenerState[seen.size()];
    for (int index = 0; index < known.length; index++) {
      known[index] = namespace.listeners.get(seen.get(index).id().cookie());
    }
    return new Sightings(seen, known);
  }

  public int size() {
    return known.length;
  }

  /** What the kernel shows of one of them. */
  Listener seen(int index) {
    return seen.get(index);
  }

  /** What is known of one of them; null: it is new, or not watched. */
  public @Nullable ListenerState known(int index) {
    return known[index];
  }

  /** One that was new is watched from now on. */
  void watched(int index, ListenerState listener) {
    known[index] = listener;
  }

  /** Whether one that was known has another backlog than it had. */
  public boolean haveOtherBacklogs() {
    for (int index = 0; index < known.length; index++) {
      var before = known[index];
      if (before != null && before.backlog() != seen.get(index).backlog()) return true;
    }
    return false;
  }
}
