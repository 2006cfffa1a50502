package io.listenbacklog.probe.discover;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A process as it was read last.
 *
 * @param cgroupUid the uid in its cgroup's name; null outside of all pods
 * @param namespace inode of its network namespace; 0 where it is outside of all pods, or hidden
 * @param hidden why it cannot be looked into; null: it can
 * @param bornNanos when it was first seen in this pod
 * @param readNanos when it was read last
 */
public record KnownProcess(
    int pid,
    @Nullable String cgroupUid,
    long namespace,
    @Nullable String hidden,
    long bornNanos,
    long readNanos) {

  private static final long YOUNG_NANOS = Duration.ofSeconds(10).toNanos();

  /** Once a minute a pid may have become another process's. */
  static final long READ_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

  /** After so long each process that is known was read anew, see {@link #mustBeReadAgain}. */
  static final long ALL_READ_AGAIN_NANOS = READ_AGAIN_NANOS + YOUNG_NANOS;

  /** Whether it is of a pod and can be looked into. */
  boolean isVisible() {
    return cgroupUid != null && hidden == null;
  }

  /** Whether it may be moved to another cgroup or network namespace yet. */
  boolean isYoung(long now) {
    return now - bornNanos < YOUNG_NANOS;
  }

  /** Whether what is known may not hold any more: it may have moved, or be another process. */
  boolean mustBeReadAgain(long now) {
    return isYoung(now) || now - readNanos >= READ_AGAIN_NANOS;
  }

  /** Whether it has not moved since, nor has become hidden or visible. */
  boolean isWhere(KnownProcess other) {
    return namespace == other.namespace
        && Objects.equals(cgroupUid, other.cgroupUid)
        && (hidden == null) == (other.hidden == null);
  }
}
