package io.listenbacklog.probe.engine;

import io.listenbacklog.api.NodeListener;

/**
 * What a NodeBacklog can hold: etcd refuses an object of 1.5 MiB. A listener is some 800 bytes,
 * with the longest names and a stall of eight threads some 4,000.
 */
final class Room {
  /**
   * For listeners, in characters of their text, which is about as long as their JSON. It leaves a
   * quarter of the object for the spec: 500 pods with the longest names that Kubernetes allows.
   */
  private static final int CHARACTERS = 1_100_000;

  private int left = CHARACTERS;

  /** Takes the room for a listener; false: there is none. */
  boolean isLeftFor(NodeListener listener) {
    left -= listener.toString().length();
    return left >= 0;
  }
}
