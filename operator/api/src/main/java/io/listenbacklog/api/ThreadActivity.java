package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a thread does. */
public enum ThreadActivity {
  /** It waits in a system call. */
  @JsonProperty("Blocked")
  BLOCKED,
  /** It runs on a CPU, or waits for one. */
  @JsonProperty("Running")
  RUNNING,
  /** It waits for a disk, uninterruptibly. */
  @JsonProperty("WaitingForDisk")
  WAITING_FOR_DISK,
  /** It waits for a lock that another thread holds (futex). */
  @JsonProperty("WaitingForLock")
  WAITING_FOR_LOCK,
  /** It was stopped by a signal or a debugger. */
  @JsonProperty("Stopped")
  STOPPED,
  /** Its cgroup is frozen: the container is paused. */
  @JsonProperty("Frozen")
  FROZEN,
  /** It cannot be told. */
  @JsonProperty("Unknown")
  UNKNOWN
}
