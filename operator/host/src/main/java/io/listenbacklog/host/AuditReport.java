package io.listenbacklog.host;

import java.time.Instant;
import java.util.List;

/**
 * What was found on a machine.
 *
 * @param at when it was looked at last
 * @param minimum that was asked of each listener
 * @param watchedSeconds how long queues were watched
 * @param listeners in the order of their namespaces and ports
 * @param notSeen what could not be looked at, and why: a sentence each, the first {@link
 *     NotSeen#MOST} and how many more
 */
record AuditReport(
    String at,
    int minimum,
    long watchedSeconds,
    List<AuditedListener> listeners,
    List<String> notSeen) {

  AuditReport {
    listeners = List.copyOf(listeners);
    notSeen = List.copyOf(notSeen);
  }

  static AuditReport of(
      Instant at, Asked asked, List<AuditedListener> listeners, List<String> notSeen) {
    return new AuditReport(
        at.toString(), asked.minimum(), asked.watched().toSeconds(), listeners, notSeen);
  }
}
