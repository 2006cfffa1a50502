package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the value that a variable of the environment has already. */
public enum EnvCombine {
  /** The whole value is ours. */
  @JsonProperty("Set")
  SET,
  /** Ours is set within what is there, or appended to it. */
  @JsonProperty("Append")
  APPEND
}
