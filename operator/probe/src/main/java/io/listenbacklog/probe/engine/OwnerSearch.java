package io.listenbacklog.probe.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A search for who holds some listeners, as far as it has come: one pass serves them all. */
final class OwnerSearch {
  /** By inode; those that were found are taken out. */
  final Map<Long, WatchedListener> wanted = new HashMap<>();

  /** The processes that may hold them, and whose they are. */
  private final List<Map.Entry<Integer, String>> processes;

  private int process;
  private int descriptor;

  /** Whether any was found that is not judged since. */
  boolean found;

  /** When there is an allowance for more of it. */
  long dueNanos;

  OwnerSearch(List<Map.Entry<Integer, String>> processes, long now) {
    this.processes = new ArrayList<>(processes);
    dueNanos = now;
  }

  boolean isOver() {
    return wanted.isEmpty() || process == processes.size();
  }

  int pid() {
    return processes.get(process).getKey();
  }

  String pod() {
    return processes.get(process).getValue();
  }

  int descriptor() {
    return descriptor;
  }

  /** A part of the process's descriptors was looked at; -1: there are no more. */
  void goOnFrom(int next) {
    if (next >= 0) descriptor = next;
    else skipProcess();
  }

  void skipProcess() {
    process++;
    descriptor = 0;
  }
}
