package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a change of an application's configuration has come. */
public enum AppConfigPhase {
  /** What would be written is shown; nothing is. */
  @JsonProperty("Proposed")
  PROPOSED,
  /** It will be written when what the reason names is over. */
  @JsonProperty("Waiting")
  WAITING,
  /** It is written, and the workload replaces its pods; or it takes them back. */
  @JsonProperty("Applying")
  APPLYING,
  /** All pods are new; whether their listeners have the backlog natively is being looked at. */
  @JsonProperty("Verifying")
  VERIFYING,
  /** The listeners have the backlog without any other remedy. */
  @JsonProperty("Applied")
  APPLIED,
  /**
   * It did harm or nothing, and was undone; it is not tried again until policy or workload change.
   */
  @JsonProperty("RolledBack")
  ROLLED_BACK,
  /** It cannot be written, for the reason that is said. */
  @JsonProperty("Refused")
  REFUSED,
  /** Somebody set it back, and it is left to them. */
  @JsonProperty("Contested")
  CONTESTED
}
