package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a listener stands to its requirement. */
public enum Verdict {
  /** It has the backlog it needs. */
  @JsonProperty("Sufficient")
  SUFFICIENT,
  /** It has less: the application asked for less than both the requirement and somaxconn. */
  @JsonProperty("UndersizedByApplication")
  UNDERSIZED_BY_APPLICATION,
  /** It has less: {@code net.core.somaxconn} was lower than the requirement, and capped it. */
  @JsonProperty("UndersizedBySomaxconn")
  UNDERSIZED_BY_SOMAXCONN;

  /** Whether the backlog is below the requirement. */
  public boolean undersized() {
    return this != SUFFICIENT;
  }
}
