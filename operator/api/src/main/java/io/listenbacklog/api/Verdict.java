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
  UNDERSIZED_BY_SOMAXCONN,
  /**
   * It has less, and no process of the pod holds it, though it is in the pod's network namespace: a
   * proxy of the node listens there, or the kernel itself. Nothing is asked of it.
   */
  @JsonProperty("NotOfPod")
  NOT_OF_POD;

  /** Whether the backlog is below what is required of it. */
  public boolean undersized() {
    return this == UNDERSIZED_BY_APPLICATION || this == UNDERSIZED_BY_SOMAXCONN;
  }
}
