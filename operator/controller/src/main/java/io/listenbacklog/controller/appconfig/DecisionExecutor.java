package io.listenbacklog.controller.appconfig;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.appconfig.plan.Change;
import io.listenbacklog.appconfig.plan.Decision;
import io.listenbacklog.appconfig.plan.Decision.Said;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.appconfig.plan.Proposal;
import io.listenbacklog.appconfig.plan.Reason;
import io.listenbacklog.appconfig.plan.Situation;
import io.listenbacklog.controller.failure.ApiFailure;
import io.listenbacklog.controller.telemetry.LogKeys;
import io.listenbacklog.controller.telemetry.MetricNames;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what was decided about a workload: writes it, takes it back, remembers it. */
final class DecisionExecutor {
  private static final Duration REJECTED_FOR = Duration.ofMinutes(10);
  private static final int UNPROCESSABLE = 422;
  private static final Logger log = LoggerFactory.getLogger(DecisionExecutor.class);

  private final Workloads workloads;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final Map<WorkloadId, Rejection> rejections = new HashMap<>();

  /** A change that the API server did not take. */
  private record Rejection(List<Change> changes, String template, String message, Instant at) {
    boolean isOf(List<Change> these, String of, Instant now) {
      return changes.equals(these) && template.equals(of) && at.plus(REJECTED_FOR).isAfter(now);
    }
  }

  /**
   * What came of a decision.
   *
   * @param said for the policy's status; null: nothing
   * @param memory what is left on the workload; null: nothing
   */
  record Outcome(@Nullable Said said, @Nullable Memory memory) {}

  DecisionExecutor(Workloads workloads, MeterRegistry metrics, Clock clock) {
    this.workloads = workloads;
    this.metrics = metrics;
    this.clock = clock;
  }

  Outcome carryOut(LiveWorkload live, Decision decision, Situation situation) {
    Memory before = situation.memory();
    return switch (decision) {
      case Decision.Leave(Said said) -> kept(live, situation, new Outcome(said, before));
      case Decision.Ignore _ -> new Outcome(null, before);
      case Decision.Forget _ -> {
        workloads.remember(live, null);
        yield new Outcome(null, null);
      }
      case Decision.Remember(Said said, Memory memory) -> {
        workloads.remember(live, memory);
        count(before, memory);
        yield kept(live, situation, new Outcome(said, memory));
      }
      case Decision.Undo(Said said, Memory memory) -> {
        workloads.undo(live, Change.undone(memory.changes(), live.facts()), memory);
        log.atInfo()
            .addKeyValue(LogKeys.OBJECT, live.id().longName())
            .addKeyValue(LogKeys.REASON, said.reason().word())
            .log("reverted a change of an application's configuration");
        count(before, memory);
        yield new Outcome(said, memory);
      }
      case Decision.Apply apply -> apply(live, apply, situation);
    };
  }

  private Outcome apply(LiveWorkload live, Decision.Apply apply, Situation situation) {
    Memory before = situation.memory();
    List<Change> changes = apply.proposal().changes();
    String template = situation.workload().templateHash();
    Rejection rejection = rejections.get(live.id());
    if (rejection != null && rejection.isOf(changes, template, clock.instant())) {
      return new Outcome(rejected(rejection.message()), before);
    }
    if (!Memories.fits(apply.memory())) {
      var tooLarge = new Said(AppConfigPhase.REFUSED, Reason.TOO_LARGE, Reason.TOO_LARGE.text());
      return new Outcome(tooLarge, before);
    }
    PodTemplate base = Change.undone(apply.undo(), live.facts());
    var touched = new ArrayList<>(apply.undo());
    touched.addAll(changes);
    try {
      workloads.apply(
          live,
          Change.applied(changes, base),
          touched,
          apply.proposal().configMaps(),
          apply.memory());
    } catch (KubernetesClientException e) {
      if (!isRejection(e)) throw e;
      String message = KubernetesWorkloads.said(e);
      rejections.put(live.id(), new Rejection(changes, template, message, clock.instant()));
      log.atWarn()
          .addKeyValue(LogKeys.OBJECT, live.id().longName())
          .addKeyValue(LogKeys.CAUSE, message)
          .log("the API server rejected a change of an application's configuration");
      return new Outcome(rejected(message), before);
    }
    rejections.remove(live.id());
    log.atInfo()
        .addKeyValue(LogKeys.OBJECT, live.id().longName())
        .addKeyValue(LogKeys.POLICY, apply.memory().policy().name())
        .log("changed an application's configuration");
    count(before, apply.memory());
    return new Outcome(apply.said(), apply.memory());
  }

  /** What was written of ConfigMaps stays there as long as the template names it. */
  private Outcome kept(LiveWorkload live, Situation situation, Outcome outcome) {
    Memory memory = outcome.memory();
    Proposal proposal = situation.proposal();
    if (memory == null || !memory.isInForce()) return outcome;
    if (proposal == null || !proposal.changes().equals(memory.changes())) return outcome;
    try {
      workloads.keep(live, proposal.configMaps());
      return outcome;
    } catch (KubernetesClientException e) {
      if (!isRejection(e)) throw e;
      return new Outcome(rejected(KubernetesWorkloads.said(e)), memory);
    }
  }

  /** What the API server says of the change itself, now and as long as both stay the same. */
  private static boolean isRejection(KubernetesClientException e) {
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_BAD_REQUEST,
          HttpURLConnection.HTTP_FORBIDDEN,
          HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
          UNPROCESSABLE ->
          true;
      // Ours, such as that the dry run's result differs from what was sent.
      default -> e.getCode() < HttpURLConnection.HTTP_OK && !ApiFailure.isUnanswered(e);
    };
  }

  private static Said rejected(String message) {
    return new Said(AppConfigPhase.REFUSED, Reason.REJECTED, Reason.REJECTED.text(message));
  }

  /** A funnel: how many were written, how many of these worked, how many were taken back. */
  private void count(@Nullable Memory before, Memory now) {
    if (before != null && before.stage() == now.stage() && before.began().equals(now.began()))
      return;
    String outcome =
        switch (now.stage()) {
          case APPLYING -> "written";
          case APPLIED -> "verified";
          case ROLLING_BACK -> "rolled_back";
          case CONTESTED -> "contested";
          case RESTORING -> "restored";
          case VERIFYING, ROLLED_BACK, SET_BACK -> "";
        };
    if (!outcome.isEmpty()) {
      metrics.counter(MetricNames.APP_CONFIG_CHANGES, "outcome", outcome).increment();
    }
  }
}
