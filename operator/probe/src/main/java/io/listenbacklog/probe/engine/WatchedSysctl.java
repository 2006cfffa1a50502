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

  WatchedSysctl(long nanos) {
    nextTryNanos = nanos;
  }
}
