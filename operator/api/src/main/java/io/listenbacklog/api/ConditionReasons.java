package io.listenbacklog.api;

/** Reasons of the conditions in a policy's status. */
public final class ConditionReasons {
  /** Accepted is True: the policy governs pods. */
  public static final String GOVERNING = "Governing";

  /**
   * Accepted is True: the policy governs pods, but the installation's limits cut what it, or an
   * annotation of its pods, asks for.
   */
  public static final String CLAMPED = "Clamped";

  /** Accepted is False: a selector means nothing, so the policy selects no pod. */
  public static final String SELECTOR_INVALID = "SelectorInvalid";

  /** Accepted is False: the namespace has too many policies, and older ones hold. */
  public static final String TOO_MANY_POLICIES = "TooManyPolicies";

  /** No pod that is scheduled to a node matches the selectors. */
  public static final String NO_PODS = "NoPods";

  /** Accepted is False: other policies govern all the pods that this one selects. */
  public static final String OVERSHADOWED = "Overshadowed";

  /** Accepted is False: a port is named that no governed pod has; the rest of the policy holds. */
  public static final String PORT_NAME_UNKNOWN = "PortNameUnknown";

  /** Observed is True: working probes see all pods. */
  public static final String ALL_PODS_OBSERVED = "AllPodsObserved";

  /** Observed is False: nodes of governed pods have no ready probe. */
  public static final String PROBE_NOT_READY = "ProbeNotReady";

  /** Observed is False: probes cannot see the listeners of some pods. */
  public static final String PODS_UNOBSERVABLE = "PodsUnobservable";

  /** Observed is Unknown: probes have not yet taken up what holds now. */
  public static final String PROBE_PENDING = "ProbePending";

  /** Compliant is True: every listener has the backlog it needs. */
  public static final String ALL_SUFFICIENT = "AllSufficient";

  /** Compliant is False: listeners are below their requirement. */
  public static final String LISTENERS_UNDERSIZED = "ListenersUndersized";

  /** Compliant or Healthy is Unknown: Observed is not True. */
  public static final String NOT_OBSERVED = "NotObserved";

  /** Compliant or Healthy is Unknown: none of the pods has a listener. */
  public static final String NO_LISTENERS = "NoListeners";

  /** Healthy is True: no listener had a symptom in the last five minutes. */
  public static final String NO_SYMPTOMS = "NoSymptoms";

  /** Healthy is False: applications stopped accepting; other symptoms may be there too. */
  public static final String STALLED = "Stalled";

  /** Healthy is False: connection attempts were dropped because a queue was full. */
  public static final String OVERFLOWING = "Overflowing";

  /** Healthy is False: a SYN queue overflowed. */
  public static final String FLOODED = "Flooded";

  /** Configured is True: every workload has it in its own configuration, and it works. */
  public static final String ALL_CONFIGURED = "AllConfigured";

  /** Configured is False: what would be written is shown, and nothing is written. */
  public static final String CHANGES_PROPOSED = "ChangesProposed";

  /** Configured is False: workloads are being changed, or wait for their turn. */
  public static final String CHANGES_UNDER_WAY = "ChangesUnderWay";

  /** Configured is False: changes were undone, cannot be written, or are set back by others. */
  public static final String CHANGES_FAILED = "ChangesFailed";

  /** Configured is Unknown: the installation does not let the operator read or write workloads. */
  public static final String APP_CONFIG_NOT_GRANTED = "AppConfigNotGranted";

  private ConditionReasons() {}
}
