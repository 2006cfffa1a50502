package io.listenbacklog.policy.status;

import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.api.AppConfigStatus;
import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.Condition;
import io.listenbacklog.api.ConditionReasons;
import io.listenbacklog.api.ConditionTypes;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.status.ConditionTexts.Said;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts into the status of a policy what became of its {@code appConfig}. */
public final class AppConfigConditions {
  private static final Set<AppConfigPhase> FAILED =
      Set.of(AppConfigPhase.ROLLED_BACK, AppConfigPhase.CONTESTED, AppConfigPhase.REFUSED);

  /**
   * The status with the entries and the condition Configured, and with what is not granted in
   * Accepted. The same where the policy has no {@code appConfig}.
   *
   * @param view null: not evaluated yet, so the previous status stays
   * @param previous the status it has; null: none yet
   */
  public static BacklogPolicyStatus added(
      BacklogPolicyStatus status,
      PolicyFacts policy,
      @Nullable AppConfigView view,
      @Nullable BacklogPolicyStatus previous,
      Instant now) {
    if (policy.spec().appConfig().isEmpty()) return status;
    var conditions = new ArrayList<Condition>();
    for (Condition each : status.conditions()) {
      boolean accepted = each.type().equals(ConditionTypes.ACCEPTED);
      conditions.add(accepted && view != null ? accepted(each, view) : each);
    }
    if (view == null) {
      if (previous == null) return status;
      previous.conditions().stream()
          .filter(each -> each.type().equals(ConditionTypes.CONFIGURED))
          .forEach(conditions::add);
      return with(status, conditions, previous.appConfig());
    }
    var fresh = new Conditions(policy.reference().generation(), previous, now);
    conditions.add(fresh.of(ConditionTypes.CONFIGURED, configured(view)));
    return with(status, conditions, view.entries());
  }

  private static BacklogPolicyStatus with(
      BacklogPolicyStatus status, List<Condition> conditions, List<AppConfigStatus> entries) {
    return new BacklogPolicyStatus(
        status.observedGeneration(),
        conditions,
        status.pods(),
        status.listeners(),
        status.worst(),
        entries);
  }

  private static Condition accepted(Condition condition, AppConfigView view) {
    if (view.notGranted().isEmpty()) return condition;
    return new Condition(
        condition.type(),
        condition.status(),
        condition.observedGeneration(),
        condition.lastTransitionTime(),
        condition.reason(),
        condition.message()
            + " appConfig does nothing: this installation does not grant %s. All else holds."
                .formatted(view.notGranted()));
  }

  private static Said configured(AppConfigView view) {
    if (view.count() == 0) {
      return view.notGranted().isEmpty()
          ? Said.unknown(ConditionReasons.NO_PODS, "The policy governs no pod of a workload.")
          : Said.unknown(
              ConditionReasons.APP_CONFIG_NOT_GRANTED,
              "This installation does not grant %s.".formatted(view.notGranted()));
    }
    int all = view.count();
    int failed =
        view.count(AppConfigPhase.ROLLED_BACK, AppConfigPhase.CONTESTED, AppConfigPhase.REFUSED);
    if (failed > 0) {
      return Said.no(
          ConditionReasons.CHANGES_FAILED,
          "%d of %s: %s".formatted(failed, workloads(all), first(view, FAILED)));
    }
    int underWay =
        view.count(AppConfigPhase.WAITING, AppConfigPhase.APPLYING, AppConfigPhase.VERIFYING);
    if (underWay > 0) {
      var phases =
          Set.of(AppConfigPhase.WAITING, AppConfigPhase.APPLYING, AppConfigPhase.VERIFYING);
      return Said.no(
          ConditionReasons.CHANGES_UNDER_WAY,
          "%d of %s: %s".formatted(underWay, workloads(all), first(view, phases)));
    }
    int proposed = view.count(AppConfigPhase.PROPOSED);
    if (proposed > 0) {
      return Said.no(
          ConditionReasons.CHANGES_PROPOSED,
          "%d of %s: %s"
              .formatted(proposed, workloads(all), first(view, Set.of(AppConfigPhase.PROPOSED))));
    }
    return Said.yes(
        ConditionReasons.ALL_CONFIGURED,
        all == 1
            ? "The one workload has it in its own configuration."
            : "All %d workloads have it in their own configuration.".formatted(all));
  }

  private static String workloads(int count) {
    return count == 1 ? "1 workload" : count + " workloads";
  }

  private static String first(AppConfigView view, Set<AppConfigPhase> phases) {
    return view.entries().stream()
        .filter(each -> phases.contains(each.phase()))
        .map(each -> "%s (%s): %s".formatted(each.workload(), each.reason(), each.message()))
        .findFirst()
        .orElse("see status.appConfig");
  }

  private AppConfigConditions() {}
}
