package io.listenbacklog.probe.observe;

import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.probe.budget.Allowance;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;

/**
 * Reads which sockets processes hold, part by part, at the expense of their pods: a process may
 * have a million descriptors.
 */
public final class DescriptorReader {
  /** So many descriptors are looked at between two looks at the clock: some 1 ms. */
  private static final int PART = 512;

  private final Clocks clocks;
  private final Processes processes;
  private final Allowance descriptors;

  /**
   * Nothing is read yet.
   *
   * @param descriptors that may be looked at
   */
  public DescriptorReader(Clocks clocks, Processes processes, Allowance descriptors) {
    this.clocks = clocks;
    this.processes = processes;
    this.descriptors = descriptors;
  }

  /** How long a pod has to wait for its next part; 0: not at all. */
  long waitNanos(String pod) {
    return descriptors.waitNanos(pod, clocks.nanos());
  }

  /**
   * Reads the next part of a process's descriptors.
   *
   * @return as {@link Processes#sockets}: where to go on; -1 where there are no more
   */
  int readPart(int pid, int from, String pod, Processes.HeldSocket each) throws IOException {
    int next = processes.sockets(pid, from, PART, each);
    descriptors.spend(pod, next < 0 ? PART / 2 : next - from, clocks.nanos());
    return next;
  }
}
