package io.listenbacklog.controller.report;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.controller.LogKeys;
import io.listenbacklog.controller.MetricNames;
import io.listenbacklog.policy.report.Occurrence;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an Event for an occurrence. Its name says what it is about, so the same occurrence said
 * twice, by this controller or by one before it, is still one Event.
 */
public final class EventRecorder {
  private static final int UNPROCESSABLE = 422;
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);

  private final KubernetesClient client;
  private final String instance;
  private final MeterRegistry metrics;

  /**
   * @param instance which replica says it
   */
  public EventRecorder(KubernetesClient client, String instance, MeterRegistry metrics) {
    this.client = client;
    this.instance = instance;
    this.metrics = metrics;
  }

  /**
   * Writes it, unless it has been written. What the API server refuses for good (the pod's
   * namespace is going, say) is logged and counted, and done with.
   *
   * @throws KubernetesClientException if trying again may help
   */
  void record(Occurrence occurrence) {
    try {
      client
          .events()
          .v1()
          .events()
          .inNamespace(occurrence.pod().namespace())
          .resource(event(occurrence))
          .create();
      count(MetricNames.EVENTS, occurrence);
      log.atInfo()
          .addKeyValue(LogKeys.REASON, occurrence.reason())
          .addKeyValue(LogKeys.POD, occurrence.pod().namespace() + "/" + occurrence.pod().name())
          .addKeyValue(LogKeys.EVENT, occurrence.eventName())
          .log("wrote an Event");
    } catch (KubernetesClientException e) {
      switch (e.getCode()) {
        case HttpURLConnection.HTTP_CONFLICT -> {
          // It has been said.
        }
        case HttpURLConnection.HTTP_NOT_FOUND, UNPROCESSABLE -> refused(occurrence, e);
        default -> {
          if (!isNamespaceGoing(e)) throw e;
          refused(occurrence, e);
        }
      }
    }
  }

  private static boolean isNamespaceGoing(KubernetesClientException e) {
    return e.getStatus() != null
        && e.getStatus().getDetails() != null
        && e.getStatus().getDetails().getCauses().stream()
            .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
  }

  private void refused(Occurrence occurrence, KubernetesClientException e) {
    count(MetricNames.REFUSED_EVENTS, occurrence);
    log.atWarn()
        .addKeyValue(LogKeys.REASON, occurrence.reason())
        .addKeyValue(LogKeys.POD, occurrence.pod().namespace() + "/" + occurrence.pod().name())
        .addKeyValue(LogKeys.CAUSE, e.getMessage())
        .log("the API server refuses an Event");
  }

  private void count(String counter, Occurrence occurrence) {
    metrics.counter(counter, "reason", occurrence.reason()).increment();
  }

  private Event event(Occurrence occurrence) {
    return new EventBuilder()
        .withNewMetadata()
        .withName(occurrence.eventName())
        .withNamespace(occurrence.pod().namespace())
        .endMetadata()
        .withEventTime(new MicroTime(MICROSECONDS.format(occurrence.at())))
        .withReportingController(ApiGroup.CONTROLLER)
        .withReportingInstance(instance)
        .withType(occurrence.type().toString())
        .withReason(occurrence.reason())
        .withAction(occurrence.action())
        .withNote(occurrence.note())
        .withNewRegarding()
        .withApiVersion("v1")
        .withKind("Pod")
        .withNamespace(occurrence.pod().namespace())
        .withName(occurrence.pod().name())
        .withUid(occurrence.pod().uid())
        .endRegarding()
        .build();
  }
}
