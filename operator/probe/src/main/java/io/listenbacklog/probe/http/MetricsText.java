package io.listenbacklog.probe.http;

import io.listenbacklog.probe.engine.ListenerSample;
import io.listenbacklog.probe.engine.Tally;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The metrics in Prometheus' text format, made anew for each scrape from what is there: a listener
 * that is gone needs no removal, and no registry holds what nobody asks for.
 */
final class MetricsText {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private final StringBuilder text = new StringBuilder(4096);

  private MetricsText() {}

  /**
   * Renders.
   *
   * @param samples at most as many as the bound on their number allows
   */
  static String of(List<ListenerSample> samples, Tally tally) {
    var metrics = new MetricsText();
    metrics.listeners(
        "listenbacklog_listener_backlog",
        "gauge",
        "The backlog that the kernel holds.",
        samples,
        ListenerSample::backlog);
    metrics.listeners(
        "listenbacklog_listener_queue_connections",
        "gauge",
        "Connections that wait for accept().",
        samples,
        ListenerSample::queue);
    metrics.listeners(
        "listenbacklog_listener_required_backlog",
        "gauge",
        "The backlog that a policy asks for; 0: none does.",
        samples,
        ListenerSample::required);
    metrics.listeners(
        "listenbacklog_listener_drops_total",
        "counter",
        "Segments that the listener dropped, for whatever reason.",
        samples,
        ListenerSample::drops);
    metrics.listeners(
        "listenbacklog_listener_overflows_total",
        "counter",
        "Connection attempts dropped because the queue was full, at most.",
        samples,
        ListenerSample::overflows);
    metrics.stalled(samples);
    metrics.tally(tally);
    return metrics.text.toString();
  }

  /** The content type that goes with it. */
  static String contentType() {
    return "text/plain; version=0.0.4; charset=utf-8";
  }

  /** Of those that are stalled alone: an alert needs no threshold. */
  private void stalled(List<ListenerSample> samples) {
    String name = "listenbacklog_listener_stalled_seconds";
    head(name, "gauge", "How long nothing was accepted while connections waited.");
    for (var each : samples) {
      if (each.stalledMillis() > 0)
        line(name, each, Double.toString(each.stalledMillis() / MILLIS));
    }
  }

  private void tally(Tally tally) {
    counter("births_total", "Listeners of which the kernel told.", tally.births.get());
    counter("pod_births_total", "Births in governed pods.", tally.birthsOfPods.get());
    counter("events_lost_total", "Times that the kernel dropped events.", tally.eventsLost.get());
    counter("sweeps_total", "Sweeps over all namespaces.", tally.sweeps.get());
    number(
        "sweep_seconds_total",
        "counter",
        "Time that sweeps took.",
        String.valueOf(tally.sweepNanos.get() / NANOS));
    number(
        "last_sweep_seconds",
        "gauge",
        "Time that the last sweep took.",
        String.valueOf(tally.lastSweepNanos.get() / NANOS));
    counter("backlogs_raised_total", "Backlogs raised.", tally.backlogsRaised.get());
    counter("backlogs_grown_total", "Backlogs grown after overflows.", tally.grown.get());
    counter("sysctls_raised_total", "Sysctls raised.", tally.sysctlsRaised.get());
    counter("restored_total", "Remedies undone.", tally.restored.get());
    counter("stalls_total", "Stalls found.", tally.stalls.get());
    counter("remedies_refused_total", "Remedies that the kernel refused.", tally.refused.get());
    counter("errors_total", "Errors, of which the log tells.", tally.errors.get());
    counter("status_writes_total", "Status writes that worked.", tally.statusWrites.get());
    counter("status_write_failures_total", "Those that did not.", tally.statusFailures.get());
    counter(
        "status_bytes_total",
        "Bytes of the NodeBacklog written anew into etcd, by the probe or the controller.",
        tally.statusBytes.get());
    number(
        "status_omitted_listeners",
        "gauge",
        "Listeners left out of the status, which would be too large.",
        String.valueOf(tally.omittedListeners.get()));
  }

  private void counter(String name, String help, long value) {
    number(name, "counter", help, String.valueOf(value));
  }

  private void number(String name, String type, String help, String value) {
    head("listenbacklog_probe_" + name, type, help);
    text.append("listenbacklog_probe_").append(name).append(' ').append(value).append('\n');
  }

  private void head(String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void listeners(
      String name,
      String type,
      String help,
      List<ListenerSample> samples,
      ToLongFunction<ListenerSample> value) {
    head(name, type, help);
    for (var each : samples) line(name, each, Long.toString(value.applyAsLong(each)));
  }

  private void line(String name, ListenerSample each, String value) {
    text.append(name).append('{');
    label("namespace", each.namespace()).append(',');
    label("pod", each.pod()).append(',');
    label("container", each.container()).append(',');
    label("address", each.address()).append(',');
    label("socket", each.socket()).append("} ");
    text.append(value).append('\n');
  }

  private StringBuilder label(String name, String value) {
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
