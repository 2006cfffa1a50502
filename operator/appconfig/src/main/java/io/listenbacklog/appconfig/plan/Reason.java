package io.listenbacklog.appconfig.plan;

/** Why a change is in its phase: the word that status shows, and the sentence beside it. */
public enum Reason {
  OBSERVE_MODE("ObserveMode", "The policy is in mode Observe, so this is only shown."),
  NOT_A_REMEDY("NotARemedy", "The policy's remedies do not name AppConfig, so this is only shown."),
  OWNED_BY_OTHERS(
      "OwnedByOthers",
      "%s writes this pod template, so this is only shown: commit it there, or set"
          + " rollout.onConflict to Force."),
  OWNER_UNKNOWN(
      "OwnerUnknown",
      "It is no Deployment, StatefulSet, DaemonSet or Argo Rollout, and none owns it: change it"
          + " where it comes from."),
  TEMPLATE_ELSEWHERE(
      "TemplateElsewhere",
      "Its pod template is that of %s (spec.workloadRef), which is not written: change it there."),
  ANOTHER_ENTRY_IMPOSSIBLE(
      "AnotherEntryImpossible",
      "Another entry of appConfig cannot be written here, and what a policy asks of a workload is"
          + " one change."),
  ANOTHER_POLICY(
      "AnotherPolicy",
      "%s %s governs pods of this workload too, and they have one pod template: what that policy"
          + " says is written."),

  OBSERVING(
      "Observing",
      "The policy is younger than rollout.observeFor (%s): until %s it is only watched."),
  PAUSED("Paused", "The policy is paused: kubectl backlog resume lets it go on."),
  WORKLOAD_PAUSED("WorkloadPaused", "Its rollouts are paused (%s)."),
  HALTED_AFTER_ROLLBACK(
      "HaltedAfterRollback",
      "The change of %s was rolled back; the policy's other workloads are left alone until it is"
          + " edited."),
  BELOW_MIN_REPLICAS("BelowMinReplicas", "It has %d replicas, and rollout.minReplicas is %d."),
  ROLLOUT_UNDER_WAY("RolloutUnderWay", "It is being rolled out or scaled: %s."),
  UNHEALTHY("Unhealthy", "Its pods are not healthy: %s."),
  DISRUPTION_BUDGET(
      "DisruptionBudget",
      "PodDisruptionBudget %s allows fewer pods to be away now than its rollout takes."),
  NOT_OBSERVED("NotObserved", "What its listeners have now cannot be seen: %s."),
  ANOTHERS_TURN("AnothersTurn", "%s is being changed; this policy changes one workload at a time."),
  CONCURRENCY_LIMIT(
      "ConcurrencyLimit",
      "%d workloads of the cluster are being changed, which is as many as may be at a time."),

  ROLLING_OUT("RollingOut", "Written; its pods are being replaced: %s."),
  TAKING_BACK("TakingBack", "Taken back; its pods are being replaced: %s."),
  VERIFYING(
      "Verifying",
      "All its pods are new; whether their listeners have the backlog is being looked at%s."),

  NATIVE("Native", "Its listeners have the backlog by the application's own configuration%s."),
  NATIVE_ALREADY(
      "NativeAlready",
      "Nothing to write: its listeners have the backlog by the application's own configuration%s."),

  IMPOSSIBLE("Impossible", "%s"),
  CONFIG_MAP_ABSENT(
      "ConfigMapAbsent",
      "There is no ConfigMap %s, or it cannot be read: its pods keep the copy of it until it is back."),
  NO_EFFECT("NoEffect", "The configuration says so already, and still %s."),
  NO_BACKLOG(
      "NoBacklog", "The policy asks for no backlog: it has neither a minimum nor one on a port."),
  STRATEGY("Strategy", "%s"),
  TOO_LARGE("TooLarge", "What is needed to undo it would not fit into an annotation."),
  REJECTED("Rejected", "The API server does not take it: %s"),

  CRASHED("Crashed", "Taken back: a container of a new pod crashed (%s)."),
  RESTARTED(
      "Restarted", "Taken back: a container of a new pod restarted more often than before (%s)."),
  NOT_AVAILABLE("NotAvailable", "Taken back: the new pods were not available in time (%s)."),
  NOT_NATIVE("NotNative", "Taken back: it does nothing. The new pods run, and still %s."),
  NOT_VERIFIED("NotVerified", "Taken back: whether it does anything could not be seen (%s)."),

  SET_BACK(
      "SetBack", "Somebody set it back (%s); it is written again when nothing speaks against it."),
  SET_BACK_BY_OTHERS("SetBackByOthers", "Somebody set it back, %s; it is left to them.");

  private final String word;
  private final String text;

  Reason(String word, String text) {
    this.word = word;
    this.text = text;
  }

  /** As status shows it. */
  public String word() {
    return word;
  }

  /** The sentence, with what it leaves open. */
  public String text(Object... open) {
    return text.formatted(open);
  }
}
