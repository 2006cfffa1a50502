package io.listenbacklog.probe.state;

import org.jspecify.annotations.Nullable;

/** A sysctl of a watched network namespace. */
public final class SysctlState {
  /** As it was read last; 0: never, or it cannot be read. */
  public int value;

  /** Why the last attempt to read it failed; null: it did not. */
  public @Nullable String unread;

  public final RetryState retry;

  private long ensuredInStep;
  private String ensuredFor = "";

  /** It was seen to for a pod: for thousands of its listeners that is done once a step. */
  public void ensured(long step, String pod) {
    ensuredInStep = step;
    ensuredFor = pod;
  }

  public boolean isEnsured(long step, String pod) {
    return ensuredInStep == step && ensuredFor.equals(pod);
  }

  SysctlState(long nanos) {
    retry = new RetryState(nanos);
  }
}
