package io.listenbacklog.probe.http;

import io.listenbacklog.management.Answer;
import io.listenbacklog.management.Page;
import io.listenbacklog.management.Request;
import io.listenbacklog.probe.telemetry.Counters;
import java.util.concurrent.TimeoutException;

/** {@code /metrics}; it waits for the loop. */
record MetricsPage(Snapshots snapshots, Counters tally) implements Page {
  @Override
  public Answer answer(Request request) {
    try {
      var snapshot = snapshots.read();
      return Answer.metrics(new PrometheusText(snapshot.samples(), tally, snapshot::close));
    } catch (TimeoutException e) {
      return Answer.text(503, "the loop does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.text(503, "the probe ends");
    }
  }
}
