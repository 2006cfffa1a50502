package io.listenbacklog.probe.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A search for who holds some listeners, as far as it has come: one pass serves them all. */
public final class OwnerSearch {
  /** By inode; those that were found are taken out. */
  public final Map<Long, ListenerState> wanted = new HashMap<>();

  /** The processes that may hold them, and whose they are. */
  private final List<Map.Entry<Integer, String>> processes;

  private int process;
  private int descriptor;

  /** Whether any was found that is not judged since. */
  private boolean found;

  /** When there is an allowance for more of it. */
  private long dueNanos;

  public OwnerSearch(List<Map.Entry<Integer, String>> processes, long now) {
    this.processes = new ArrayList<>(processes);
    dueNanos = now;
  }

  /** Whether any was found that is not judged since. */
  public boolean found() {
    return found;
  }

  public void foundSome() {
    found = true;
  }

  /** When there is an allowance for more of it. */
  public long dueNanos() {
    return dueNanos;
  }

  public void goOnAt(long nanos) {
    dueNanos = nanos;
  }

  public boolean isOver() {
    return wanted.isEmpty() || process == processes.size();
  }

  public int pid() {
    return processes.get(process).getKey();
  }

  public String pod() {
    return processes.get(process).getValue();
  }

  public int descriptor() {
    return descriptor;
  }

  /** A part of the process's descriptors was looked at; -1: there are no more. */
  public void goOnFrom(int next) {
    if (next >= 0) descriptor = next;
    else skipProcess();
  }

  public void skipProcess() {
    process++;
    descriptor = 0;
  }
}
