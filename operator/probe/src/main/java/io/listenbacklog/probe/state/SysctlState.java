package io.listenbacklog.probe.state;

import org.jspecify.annotations.Nullable;

/** A sysctl of a watched network namespace. */
public final class SysctlState {
  /** As it was read last; 0: never, or it cannot be read. */
  private int value;

  /** Why the last attempt to read it failed; null: it did not. */
  private @Nullable String unread;

  public final RetryState retry;

  private long ensuredInStep;
  private String ensuredFor = "";

  /** As it was read or written last; 0: never, or it cannot be read. */
  public int value() {
    return value;
  }

  /** Why the last attempt to read it failed; null: it did not. */
  public @Nullable String unread() {
    return unread;
  }

  /** It was read. */
  public void read(int now) {
    value = now;
    unread = null;
  }

  /** It cannot be read: what was read last stays. */
  public void unreadable(String why) {
    unread = why;
  }

  /** It was written, or is taken to be this. */
  public void is(int now) {
    value = now;
  }

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
