package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A way to raise the backlog of a listener. */
public enum Remedy {
  /** Raise {@code net.core.somaxconn} in the pod's network namespace where it caps the backlog. */
  @JsonProperty("Sysctl")
  SYSCTL,
  /** Call {@code listen()} again on the live socket with a larger backlog. */
  @JsonProperty("Relisten")
  RELISTEN,
  /**
   * Write it into the application's own configuration, and roll that out. The controller's alone:
   * no probe is told of it.
   */
  @JsonProperty("AppConfig")
  APP_CONFIG
}
