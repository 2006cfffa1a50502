package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What is done where GitOps, Helm, kubectl apply or an operator owns the workload's pod template.
 */
public enum OnConflict {
  /** The patch is shown, nothing is written. */
  @JsonProperty("Report")
  REPORT,
  /** It is written all the same, and left alone after it was set back twice. */
  @JsonProperty("Force")
  FORCE
}
