package io.listenbacklog.probe.state;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Since when a listener listens, as far as that is known, and since when we watch it. */
public final class ListenerAge {
  private static final long YOUNG_NANOS = Duration.ofSeconds(10).toNanos();

  private final long watchedSinceNanos;

  /**
   * From when on it counts as too small or exempt: many a listener, such as that of an FTP
   * transfer, lives for a second and serves one client on purpose.
   */
  private long grownUpNanos;

  private @Nullable Instant bornAt;

  private boolean bornAnew;

  ListenerAge(long nanos) {
    watchedSinceNanos = nanos;
    grownUpNanos = nanos;
  }

  public long watchedSinceNanos() {
    return watchedSinceNanos;
  }

  /** When it began to listen, where that was seen; null: it did before we looked. */
  public @Nullable Instant bornAt() {
    return bornAt;
  }

  /** It was seen when it began to listen. */
  public void bornAt(Instant at) {
    bornAt = at;
  }

  /** It was born at this moment, or little earlier. */
  public void born(long nanos) {
    grownUpNanos = nanos + YOUNG_NANOS;
  }

  /** It is older than it seemed. */
  public void notYoung(long nanos) {
    grownUpNanos = nanos;
  }

  /** Whether it was born too shortly ago to be told. Of unknown age it is not. */
  public boolean isYoung(long nanos) {
    return nanos - grownUpNanos < 0;
  }

  /** Whether this visit is for a birth on its port, and it had been seen before. */
  public boolean bornAnew() {
    return bornAnew;
  }

  /** Whether it was seen again in a visit for a birth on its port. */
  public void visitedForBirth(boolean was) {
    bornAnew = was;
  }
}
