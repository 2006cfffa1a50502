package io.listenbacklog.probe.report;

/**
 * What is left of so many bytes of a NodeBacklog: etcd refuses an object of 1.5 MiB, and each write
 * of one is a new copy of it there. A listener is some 600 bytes, with the longest names and a
 * stall of eight threads some 4,000.
 */
final class StatusBudget {
  private int left;

  /**
   * @param bytes of JSON, as etcd holds it
   */
  StatusBudget(int bytes) {
    left = bytes;
  }

  /** Takes so many bytes; false: there are none, and none were taken. */
  boolean take(int bytes) {
    if (bytes > left) return false;
    left -= bytes;
    return true;
  }

  int left() {
    return left;
  }
}
