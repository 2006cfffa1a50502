package io.listenbacklog.probe.http;

import io.listenbacklog.management.Body;
import io.listenbacklog.probe.report.ListenerSample;
import io.listenbacklog.probe.report.ListenerSamples;
import io.listenbacklog.probe.telemetry.Counters;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The metrics in Prometheus' text format, made anew for each scrape from what is there: a listener
 * that is gone needs no removal, and no registry holds what nobody asks for. Made piece by piece,
 * as it is read: of a text of megabytes there are some kilobytes at a time.
 */
final class PrometheusText implements Body {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;
  private static final int PIECE = 8 * 1024;

  /**
   * A metric of listeners.
   *
   * @param value null: this listener has none
   */
  private record Family(
      String name, String type, String help, Function<ListenerSample, @Nullable String> value) {
    static Family of(String name, String type, String help, ToLongFunction<ListenerSample> value) {
      return new Family(name, type, help, each -> Long.toString(value.applyAsLong(each)));
    }
  }

  private static final List<Family> FAMILIES =
      List.of(
          Family.of(
              "listenbacklog_listener_backlog",
              "gauge",
              "The backlog that the kernel holds.",
              ListenerSample::backlog),
          Family.of(
              "listenbacklog_listener_queue_connections",
              "gauge",
              "Connections that wait for accept().",
              ListenerSample::queue),
          Family.of(
              "listenbacklog_listener_required_backlog",
              "gauge",
              "The backlog that a policy asks for; 0: none does.",
              ListenerSample::required),
          Family.of(
              "listenbacklog_listener_drops_total",
              "counter",
              "Segments that the listener dropped, for whatever reason.",
              ListenerSample::drops),
          Family.of(
              "listenbacklog_listener_overflows_total",
              "counter",
              "Connection attempts dropped because the queue was full, at most.",
              ListenerSample::overflows),
          new Family(
              "listenbacklog_listener_overflowed_backlog",
              "gauge",
              "The backlog that it had when it last dropped for a full queue; nothing where it never did.",
              each ->
                  each.overflowedBacklog() == 0
                      ? null
                      : Integer.toString(each.overflowedBacklog())),
          Family.of(
              "listenbacklog_listener_queue_peak_connections",
              "gauge",
              "The longest queue that was seen, since the probe watches the listener.",
              ListenerSample::peak),
          new Family(
              "listenbacklog_listener_queue_peak_timestamp_seconds",
              "gauge",
              "When that was; nothing where nobody was ever seen to wait.",
              each -> each.peakSeconds() == 0 ? null : Long.toString(each.peakSeconds())),
          Family.of(
              "listenbacklog_listener_watched_seconds",
              "gauge",
              "How long the probe has watched the listener.",
              ListenerSample::watchedSeconds),
          new Family(
              "listenbacklog_listener_queue_memory_limit_bytes",
              "gauge",
              "What a full queue may take of the kernel's memory, at most, charged to no pod.",
              each -> each.memoryBytes() == 0 ? null : Long.toString(each.memoryBytes())),
          // Of those that are stalled alone: an alert needs no threshold.
          new Family(
              "listenbacklog_listener_stalled_seconds",
              "gauge",
              "How long nothing was accepted while connections waited.",
              each ->
                  each.stalledMillis() > 0
                      ? Double.toString(each.stalledMillis() / MILLIS)
                      : null));

  private final ListenerSamples samples;
  private final Counters tally;
  private final Runnable ended;
  private int family;
  private int next;

  /**
   * @param ended is run when nobody reads the samples any more
   */
  PrometheusText(ListenerSamples samples, Counters tally, Runnable ended) {
    this.samples = samples;
    this.tally = tally;
    this.ended = ended;
  }

  @Override
  public boolean more(StringBuilder text) {
    var listed = samples.listed();
    for (; family < FAMILIES.size(); family++, next = 0) {
      var now = FAMILIES.get(family);
      if (next == 0) head(text, now.name(), now.type(), now.help());
      while (next < listed.size()) {
        var each = listed.get(next++);
        var value = now.value().apply(each);
        if (value == null) continue;
        line(text, now.name(), each, value);
        // Behind its head a family's first lines come at once: the head is not written again.
        if (text.length() >= PIECE && next < listed.size()) return true;
      }
    }
    tally(text);
    return false;
  }

  @Override
  public void end() {
    ended.run();
  }

  private void tally(StringBuilder text) {
    counter(text, "births_total", "Listeners of which the kernel told.", tally.births.get());
    counter(text, "pod_births_total", "Births in governed pods.", tally.birthsOfPods.get());
    counter(
        text,
        "births_left_total",
        "Births left to the next sweep, for too many others waited.",
        tally.birthsLeft.get());
    counter(
        text, "events_lost_total", "Times that the kernel dropped events.", tally.eventsLost.get());
    counter(text, "sweeps_total", "Sweeps over all namespaces.", tally.sweeps.get());
    number(
        text,
        "sweep_seconds_total",
        "counter",
        "Time that sweeps took.",
        String.valueOf(tally.sweepNanos.get() / NANOS));
    number(
        text,
        "last_sweep_seconds",
        "gauge",
        "Time that the last sweep took.",
        String.valueOf(tally.lastSweepNanos.get() / NANOS));
    counter(text, "backlogs_raised_total", "Backlogs raised.", tally.backlogsRaised.get());
    counter(text, "backlogs_grown_total", "Backlogs grown after overflows.", tally.grown.get());
    counter(text, "sysctls_raised_total", "Sysctls raised.", tally.sysctlsRaised.get());
    counter(text, "restored_total", "Remedies undone.", tally.restored.get());
    counter(text, "stalls_total", "Stalls found.", tally.stalls.get());
    counter(
        text, "remedies_refused_total", "Remedies that the kernel refused.", tally.refused.get());
    counter(text, "errors_total", "Errors, of which the log tells.", tally.errors.get());
    counter(text, "status_writes_total", "Status writes that worked.", tally.statusWrites.get());
    counter(text, "status_write_failures_total", "Those that did not.", tally.statusFailures.get());
    number(
        text,
        "listeners_left_out",
        "gauge",
        "Listeners of governed pods that are not listed above, for there are too many.",
        String.valueOf(samples.leftOut()));
    counter(
        text,
        "status_bytes_total",
        "Bytes of the NodeBacklog written anew into etcd, by the probe or the controller.",
        tally.statusBytes.get());
    number(
        text,
        "status_omitted_listeners",
        "gauge",
        "Listeners left out of the status, which would be too large.",
        String.valueOf(tally.omittedListeners.get()));
  }

  private static void counter(StringBuilder text, String name, String help, long value) {
    number(text, name, "counter", help, String.valueOf(value));
  }

  private static void number(
      StringBuilder text, String name, String type, String help, String value) {
    head(text, "listenbacklog_probe_" + name, type, help);
    text.append("listenbacklog_probe_").append(name).append(' ').append(value).append('\n');
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String name, ListenerSample each, String value) {
    text.append(name).append('{');
    label(text, "namespace", each.namespace()).append(',');
    label(text, "pod", each.pod()).append(',');
    label(text, "container", each.container()).append(',');
    label(text, "address", each.address()).append(',');
    label(text, "socket", Long.toString(each.inode())).append("} ");
    text.append(value).append('\n');
  }

  private static StringBuilder label(StringBuilder text, String name, String value) {
    text.append(name).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char each = value.charAt(i);
      switch (each) {
        case '\\' -> text.append("\\\\");
        case '"' -> text.append("\\\"");
        case '\n' -> text.append("\\n");
        default -> text.append(each);
      }
    }
    return text.append('"');
  }
}
