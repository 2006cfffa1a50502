package io.listenbacklog.controller.event;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.controller.failure.ApiFailure;
import io.listenbacklog.controller.telemetry.LogKeys;
import io.listenbacklog.controller.telemetry.MetricNames;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.Regarding;
import io.listenbacklog.policy.event.kind.Series;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an Event for an occurrence. Its name follows from its content, so the same occurrence
 * reported twice, by this controller or an earlier one, is still one Event; what goes on is counted
 * in its series, the only part of an Event that the API server allows to be changed.
 */
public final class EventRecorder {
  private static final int UNPROCESSABLE = 422;

  /** The API server accepts no series shorter than two. */
  private static final int SHORTEST_SERIES = 2;

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
   * Writes it, unless it has been written; the caller does not need the result.
   *
   * @throws KubernetesClientException if trying again may help
   */
  public void write(EventDraft occurrence) {
    var _ = record(occurrence);
  }

  /**
   * Writes it, unless it has been written. What the API server rejects for good (the pod's
   * namespace is terminating, say) is logged, counted and not tried again.
   *
   * @return what is written by now
   * @throws KubernetesClientException if trying again may help
   */
  RecordedEvent record(EventDraft occurrence) {
    var written = asWritten(occurrence);
    try {
      resource(occurrence, occurrence.eventName()).create();
      count(MetricNames.EVENTS, occurrence);
      log.atInfo()
          .addKeyValue(LogKeys.REASON, occurrence.reason())
          .addKeyValue(LogKeys.OBJECT, path(occurrence))
          .addKeyValue(LogKeys.EVENT, occurrence.eventName())
          .log("wrote an Event");
      return written;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return occurrence.series() == null ? written : read(occurrence);
      }
      if (!isRefusal(e)) throw e;
      refused(occurrence, e);
      return written;
    }
  }

  /**
   * Updates the count in the series of an Event. If that Event no longer exists, it is written
   * again.
   *
   * @return what is written by now
   * @throws KubernetesClientException if trying again may help
   */
  RecordedEvent repeat(RecordedEvent before, EventDraft occurrence) {
    Series series = requireNonNull(occurrence.series());
    try {
      resource(occurrence, before.event())
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              "{\"series\":{\"count\":%d,\"lastObservedTime\":\"%s\"}}"
                  .formatted(series.count(), MICROSECONDS.format(series.last())));
      count(MetricNames.REPEATED_EVENTS, occurrence);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) return record(occurrence);
      if (!isRefusal(e)) throw e;
      refused(occurrence, e);
    }
    return new RecordedEvent(before.event(), series.count(), series.last());
  }

  /** What an earlier controller has written of it; empty: nothing, or it cannot be read. */
  Optional<RecordedEvent> find(EventDraft occurrence) {
    try {
      Event event = resource(occurrence, occurrence.eventName()).get();
      return Optional.ofNullable(event).map(there -> written(occurrence, there));
    } catch (KubernetesClientException e) {
      if (!isRefusal(e)) throw e;
      return Optional.empty();
    }
  }

  /** What an earlier controller has written. */
  private RecordedEvent read(EventDraft occurrence) {
    return written(occurrence, resource(occurrence, occurrence.eventName()).get());
  }

  private static RecordedEvent written(EventDraft occurrence, @Nullable Event event) {
    String name = occurrence.eventName();
    var series = event == null ? null : event.getSeries();
    // The name can be guessed: somebody of that namespace may have written it, and left things out.
    if (series == null || series.getCount() == null || series.getLastObservedTime() == null) {
      return new RecordedEvent(name, 1, occurrence.at());
    }
    return new RecordedEvent(
        name, series.getCount(), Instant.parse(series.getLastObservedTime().getTime()));
  }

  private static RecordedEvent asWritten(EventDraft occurrence) {
    Series series = occurrence.series();
    return series == null
        ? new RecordedEvent(occurrence.eventName(), 1, occurrence.at())
        : new RecordedEvent(occurrence.eventName(), series.count(), series.last());
  }

  private Resource<Event> resource(EventDraft occurrence, String name) {
    return client
        .events()
        .v1()
        .events()
        .inNamespace(occurrence.regarding().eventNamespace())
        .resource(event(occurrence, name));
  }

  /** The object is gone, or this API server rejects its fields. */
  private static boolean isRefusal(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
        || e.getCode() == UNPROCESSABLE
        || isNamespaceGoing(e);
  }

  private static boolean isNamespaceGoing(KubernetesClientException e) {
    return e.getStatus() != null
        && e.getStatus().getDetails() != null
        && e.getStatus().getDetails().getCauses().stream()
            .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
  }

  private void refused(EventDraft occurrence, KubernetesClientException e) {
    count(MetricNames.REFUSED_EVENTS, occurrence);
    log.atWarn()
        .addKeyValue(LogKeys.REASON, occurrence.reason())
        .addKeyValue(LogKeys.OBJECT, path(occurrence))
        .addKeyValue(LogKeys.CAUSE, ApiFailure.text(e))
        .log("the API server refuses an Event");
  }

  /** Not written, or not now: there are too many. */
  void held(EventDraft occurrence) {
    count(MetricNames.HELD_EVENTS, occurrence);
  }

  private void count(String counter, EventDraft occurrence) {
    metrics.counter(counter, "reason", occurrence.reason()).increment();
  }

  private static String path(EventDraft occurrence) {
    return occurrence.regarding().kind() + " " + occurrence.regarding().path();
  }

  private Event event(EventDraft occurrence, String name) {
    Regarding regarding = occurrence.regarding();
    Series series = occurrence.series();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(regarding.eventNamespace())
            .endMetadata()
            .withEventTime(time(occurrence.at()))
            .withReportingController(ApiGroup.CONTROLLER)
            .withReportingInstance(instance)
            .withType(occurrence.type().toString())
            .withReason(occurrence.reason())
            .withAction(occurrence.action())
            .withNote(occurrence.note())
            .withNewRegarding()
            .withApiVersion(regarding.apiVersion())
            .withKind(regarding.kind())
            .withNamespace(regarding.namespace())
            .withName(regarding.name())
            .withUid(regarding.uid().isEmpty() ? null : regarding.uid())
            .endRegarding();
    if (series != null && series.count() >= SHORTEST_SERIES) {
      event
          .withNewSeries()
          .withCount(series.count())
          .withLastObservedTime(time(series.last()))
          .endSeries();
    }
    return event.build();
  }

  private static MicroTime time(Instant at) {
    return new MicroTime(MICROSECONDS.format(at));
  }
}
