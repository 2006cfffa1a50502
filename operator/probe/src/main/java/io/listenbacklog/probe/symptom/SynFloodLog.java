package io.listenbacklog.probe.symptom;

import io.listenbacklog.kernel.linux.Reason;
import io.listenbacklog.kernel.log.FloodWarning;
import io.listenbacklog.kernel.log.KernelLog;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.probe.capability.Capabilities;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the kernel's log says of SYN floods, and since when we know it. A line counts as new when it
 * was not there at the look before: the ring may have turned over in between, and times of
 * different CPUs need not be in order.
 */
final class SynFloodLog {
  /** A flood of cookies moves nothing that a sweep looks at: so soon the log tells of it. */
  private static final long OFTEN_NANOS = Duration.ofSeconds(4).toNanos();

  /** A look takes 1.4 ms where the ring holds 100 KB, and more where it is larger. */
  private static final int SHARE_OF_TIME = 1_000;

  /** What refuses the log today may be gone then: a sysctl, kernel.dmesg_restrict. */
  private static final long REFUSED_NANOS = Duration.ofMinutes(1).toNanos();

  /** As long as that nothing is looked at anew for the sake of one namespace. */
  private static final long AT_ONCE_NANOS = Duration.ofSeconds(1).toNanos();

  private final Clocks clocks;
  private final Capabilities capabilities;
  private final KernelLog log;
  private final Map<FloodWarning, Long> learnedNanos = new HashMap<>();
  private Set<FloodWarning> atStart = Set.of();
  private boolean read;
  private boolean refused;
  private long lastNanos;
  private long nextNanos;

  SynFloodLog(Clocks clocks, KernelLog log, Capabilities capabilities) {
    this.clocks = clocks;
    this.capabilities = capabilities;
    this.log = log;
    nextNanos = clocks.nanos();
  }

  /** Looks if it is time. */
  void lookIfDue() {
    if (clocks.nanos() - nextNanos >= 0) look();
  }

  /** Looks before its time, for counters have risen. */
  void lookNow() {
    if (!refused && clocks.nanos() - lastNanos >= AT_ONCE_NANOS) look();
  }

  private void look() {
    long begun = clocks.nanos();
    lastNanos = begun;
    try {
      var all = new HashSet<>(log.floods());
      if (read) {
        learnedNanos.keySet().retainAll(all);
        for (var each : all) {
          if (!atStart.contains(each)) learnedNanos.putIfAbsent(each, begun);
        }
      } else {
        atStart = Set.copyOf(all);
      }
      read = true;
      refused = false;
      long took = clocks.nanos() - begun;
      nextNanos = begun + Math.max(OFTEN_NANOS, took * SHARE_OF_TIME);
      capabilities.kernelLogWorks();
    } catch (IOException e) {
      refused = true;
      nextNanos = begun + REFUSED_NANOS;
      capabilities.kernelLogFails(Reason.of(e));
    }
  }

  /** Whether a line that came to be known after a moment may name a listener. */
  boolean mayName(ListenerId listener, long sinceNanos) {
    if (learnedNanos.isEmpty()) return false;
    for (var each : learnedNanos.entrySet()) {
      if (each.getValue() - sinceNanos > 0 && each.getKey().mayName(listener)) return true;
    }
    return false;
  }
}
