package io.listenbacklog.api;

/** Types of the conditions in a policy's status: all positive, so True is what one wants to see. */
public final class ConditionTypes {
  /** The spec makes sense and governs pods. */
  public static final String ACCEPTED = "Accepted";

  /** A working probe sees every pod that the policy governs. */
  public static final String OBSERVED = "Observed";

  /** Every listener of these pods has the backlog it needs. */
  public static final String COMPLIANT = "Compliant";

  /** No overflow, stall or SYN flood in the last five minutes. */
  public static final String HEALTHY = "Healthy";

  /** What {@code appConfig} asks for is in the applications' own configuration, and works. */
  public static final String CONFIGURED = "Configured";

  private ConditionTypes() {}
}
