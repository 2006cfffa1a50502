package io.listenbacklog.kernel.listeners;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** The TCP listeners of one network namespace, IPv4 and IPv6. */
public interface ListenerTable {

  /** All of them: a dump, whose cost grows with the listeners of the whole node. For discovery. */
  List<Listener> all() throws IOException;

  /** Those on one port, read by a filtered dump. */
  List<Listener> onPort(int port) throws IOException;

  /**
   * Looks up known listeners exactly, at a cost that does not depend on how many others there are.
   *
   * @return those that still listen, in the given order; the members of an SO_REUSEPORT group too
   */
  List<Listener> known(Collection<ListenerId> ids) throws IOException;
}
