package io.listenbacklog.kernel.socket;

import java.util.HashSet;
import java.util.Set;

/**
 * The addresses that the listeners of one port are bound to: by which of them a connection came.
 * Each question is a few look-ups, however many listeners there are.
 */
public final class BoundAddresses {
  /** Bound to an address that is no wildcard. */
  private record Exact(IpAddress address, int device) {}

  /** Bound to a device, and to no address. */
  private record OfDevice(int device, boolean ipv6) {}

  private final Set<Exact> exact = new HashSet<>();
  private final Set<OfDevice> devices = new HashSet<>();

  public void add(ListenerId id) {
    if (!id.address().isWildcard()) exact.add(new Exact(id.address(), id.device()));
    else if (id.device() != 0) devices.add(new OfDevice(id.device(), id.address().ipv6()));
  }

  public int size() {
    return exact.size() + devices.size();
  }

  /**
   * Whether a connection of this port came by a listener, or by another member of its group: the
   * kernel prefers the one that is bound to its device, and of those the one that is bound to its
   * address (net/ipv4/inet_hashtables.c).
   *
   * @param id one of those that were added
   */
  public boolean isReached(ListenerId id, Connection connection) {
    if (!AcceptQueue.takes(id, connection)) return false;
    var local = connection.local().address();
    boolean any = id.address().isWildcard();
    int device = connection.device();
    if (any && exact.contains(new Exact(local, id.device()))) return false;
    if (id.device() != 0 || device == 0) return true;
    return !exact.contains(new Exact(local, device))
        && !devices.contains(new OfDevice(device, local.ipv6()));
  }
}
