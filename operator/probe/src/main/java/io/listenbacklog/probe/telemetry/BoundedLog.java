package io.listenbacklog.probe.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Hands log lines to a thread of their own, and never waits: standard output is a pipe to the
 * container runtime, which reads it as fast as it likes, and a line for each of a pod's 9,000
 * listeners once kept the probe's loop from all others for 43 s. A pod has its share of lines; what
 * is not written is counted and logged.
 */
final class BoundedLog extends AsyncAppender {
  /** Lines that wait, at some 500 bytes each. */
  static final int WAITING = 512;

  /** Lines of one pod in a minute. */
  static final int LINES_OF_POD = 60;

  /** Pods that are counted apart in a minute; further ones share one count. */
  private static final int MOST_PODS = 1000;

  private static final String FURTHER_PODS = "further pods";

  private final Logger log;
  private final Map<String, Integer> linesOfPods = new HashMap<>();
  private long minute;
  private int lost;

  /**
   * @param log what its own lines come from
   */
  BoundedLog(Logger log) {
    this.log = log;
    setQueueSize(WAITING);
    setNeverBlock(true);
    // All levels alike: by default the last fifth of the queue is kept from INFO.
    setDiscardingThreshold(0);
  }

  @Override
  protected synchronized void append(ILoggingEvent event) {
    if (LogFormat.isUnheard()) return;
    long now = TimeUnit.MILLISECONDS.toMinutes(event.getTimeStamp());
    if (now != minute) {
      linesOfPods.forEach(this::logNotWritten);
      linesOfPods.clear();
      minute = now;
    }
    if (isInShare(event)) offer(event);
  }

  private boolean isInShare(ILoggingEvent event) {
    String pod = pod(event);
    if (pod == null) return true;
    String counted =
        linesOfPods.containsKey(pod) || linesOfPods.size() < MOST_PODS ? pod : FURTHER_PODS;
    return linesOfPods.merge(counted, 1, Integer::sum) <= LINES_OF_POD;
  }

  private static @Nullable String pod(ILoggingEvent event) {
    List<KeyValuePair> facts = event.getKeyValuePairs();
    if (facts == null) return null;
    for (var fact : facts) if (fact.key.equals(LogKeys.POD)) return String.valueOf(fact.value);
    return null;
  }

  private void logNotWritten(String pod, int lines) {
    int notWritten = lines - LINES_OF_POD;
    if (notWritten <= 0) return;
    offer(line("further lines of this pod were not written", notWritten, pod));
  }

  private void offer(ILoggingEvent event) {
    if (getRemainingCapacity() == 0) {
      lost++;
      return;
    }
    if (lost > 0 && getRemainingCapacity() > 1) {
      super.append(line("lines were not written: standard output takes no more", lost, null));
      lost = 0;
    }
    super.append(event);
  }

  private LoggingEvent line(String message, int count, @Nullable String pod) {
    var line = new LoggingEvent(BoundedLog.class.getName(), log, Level.WARN, message, null, null);
    if (pod != null) line.addKeyValuePair(new KeyValuePair(LogKeys.POD, pod));
    line.addKeyValuePair(new KeyValuePair(LogKeys.COUNT, count));
    return line;
  }
}
