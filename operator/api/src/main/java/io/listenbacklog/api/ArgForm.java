package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an argument that is not there yet is written. */
public enum ArgForm {
  /** {@code --backlog=64}. */
  @JsonProperty("Equals")
  EQUALS,
  /** {@code --backlog 64}: two arguments. */
  @JsonProperty("Separate")
  SEPARATE
}
