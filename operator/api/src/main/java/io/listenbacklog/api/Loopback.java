package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a policy makes of listeners that only the pod itself can reach: those on 127.0.0.0/8, on
 * {@code ::1} and on IPv4-mapped forms of the former.
 */
public enum Loopback {
  /** They need what others need. */
  @JsonProperty("Govern")
  GOVERN,
  /** They need nothing and are never changed. */
  @JsonProperty("Exempt")
  EXEMPT
}
