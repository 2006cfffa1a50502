package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the remedies when no Enforce requirement asks for them any more. */
public enum OnDelete {
  /**
   * The original backlog and sysctl values come back, where the value is still the one that the
   * remedy set.
   */
  @JsonProperty("Restore")
  RESTORE,
  /** They stay as they are until the pod ends. */
  @JsonProperty("Keep")
  KEEP
}
