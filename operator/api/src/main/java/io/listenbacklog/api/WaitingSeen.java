package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where connections that wait at a listener were seen, if not at its own address and port. */
public enum WaitingSeen {
  /**
   * At other ports or addresses: TPROXY, or a program at sk_lookup, gives the listener connections
   * that keep the address they were made to.
   */
  @JsonProperty("Elsewhere")
  ELSEWHERE,
  /** They are counted in the queue and cannot be seen: their clients have reset them. */
  @JsonProperty("Nowhere")
  NOWHERE
}
