package io.listenbacklog.probe.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The TCP listeners of a namespace by their port: what a birth is about is found among thousands
 * without a look at each. Chains through the listeners themselves, for a map of its own would cost
 * as much memory as a quarter of what is known of them: here it is 8 bytes a listener.
 */
final class ListenersByPort {
  private static final int FEWEST = 16;

  /** 2^32 by the golden ratio: the highest bits of a multiple of it differ (Knuth, 6.4). */
  private static final int SPREAD = 0x9E3779B9;

  /** A power of two of them, at least one for each two listeners. */
  private @Nullable ListenerState[] chains = new @Nullable ListenerState[FEWEST];

  private int size;

  void add(ListenerState listener) {
    if (++size > 2 * chains.length) grow();
    link(listener);
  }

  void remove(ListenerState listener) {
    int at = chain(listener.tcp().port());
    ListenerState before = null;
    for (var each = chains[at]; each != null; each = each.nextOfChain()) {
      if (each == listener) {
        if (before == null) chains[at] = each.nextOfChain();
        else before.chainTo(each.nextOfChain());
        size--;
        return;
      }
      before = each;
    }
  }

  /** Those on one port, in no order. */
  List<ListenerState> on(int port) {
    var found = new ArrayList<ListenerState>();
    for (var each = chains[chain(port)]; each != null; each = each.nextOfChain()) {
      if (each.tcp().port() == port) found.add(each);
    }
    return found;
  }

  /** How many listeners a look for those on one port goes through. */
  int lengthAt(int port) {
    int length = 0;
    for (var each = chains[chain(port)]; each != null; each = each.nextOfChain()) length++;
    return length;
  }

  private int chain(int port) {
    // Who takes each 16th port only would find itself in few chains otherwise.
    return (port * SPREAD) >>> (Integer.numberOfLeadingZeros(chains.length) + 1);
  }

  private void link(ListenerState listener) {
    int at = chain(listener.tcp().port());
    listener.chainTo(chains[at]);
    chains[at] = listener;
  }

  private void grow() {
    var before = chains;
    chains = new @Nullable ListenerState[2 * before.length];
    for (var first : before) {
      for (var each = first; each != null; ) {
        var next = each.nextOfChain();
        link(each);
        each = next;
      }
    }
  }
}
