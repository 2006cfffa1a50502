package io.listenbacklog.probe.engine;

import io.listenbacklog.api.Hindrance;
import org.jspecify.annotations.Nullable;

/** A sysctl of a watched network namespace. */
final class WatchedSysctl {
  /** As it was read last; 0: never, or it cannot be read. */
  int value;

  /** Why the last attempt to read it failed; null: it did not. */
  @Nullable String unread;

  @Nullable Hindrance hindrance;
  long nextTryNanos;

  private long ensuredInStep;
  private String ensuredFor = "";

  /** It was seen to for a pod: for thousands of its listeners that is done once a step. */
  void ensured(long step, String pod) {
    ensuredInStep = step;
    ensuredFor = pod;
  }

  boolean isEnsured(long step, String pod) {
    return ensuredInStep == step && ensuredFor.equals(pod);
  }

  WatchedSysctl(long nanos) {
    nextTryNanos = nanos;
  }
}
