package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the operator may do about a listener that does not meet its requirement. */
public enum Mode {
  /** Say what is wrong, change nothing. */
  @JsonProperty("Observe")
  OBSERVE,
  /** Also apply the remedies that the policy allows. */
  @JsonProperty("Enforce")
  ENFORCE
}
