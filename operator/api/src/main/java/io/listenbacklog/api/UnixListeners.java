package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a policy makes of UNIX listeners: stream and seqpacket sockets that have no port. */
public enum UnixListeners {
  /** They are shown and their symptoms told; their size alone is nobody's fault. */
  @JsonProperty("Observe")
  OBSERVE,
  /** They need what other listeners need, and are raised in mode Enforce. */
  @JsonProperty("Govern")
  GOVERN,
  /** Nothing is said of them. */
  @JsonProperty("Ignore")
  IGNORE
}
