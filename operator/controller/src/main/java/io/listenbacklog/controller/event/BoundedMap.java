package io.listenbacklog.controller.event;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map with a maximum size, which evicts its oldest entry. */
final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1;

  private final int most;

  BoundedMap(int most) {
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
