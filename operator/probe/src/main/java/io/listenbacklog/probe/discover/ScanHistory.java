package io.listenbacklog.probe.discover;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the scans so far prove about processes that none of them showed. */
final class ScanHistory {
  /**
   * What no scan has shown for so long is not there: each process was read anew meanwhile, whatever
   * had been known of its pid.
   */
  private static final long PROOF_NANOS = KnownProcess.ALL_READ_AGAIN_NANOS;

  private @Nullable String missing = "no scan of all processes is done yet";

  /** When the first scan began of those that were whole without one between that was not. */
  private long wholeSinceNanos;

  /** When the last scan began that is over. */
  private long scannedNanos;

  /**
   * A scan is over.
   *
   * @param missed why it may have missed processes; null: it has seen all
   */
  void scanEnds(long begunNanos, @Nullable String missed) {
    if (missed == null && missing != null) wholeSinceNanos = begunNanos;
    missing = missed;
    scannedNanos = begunNanos;
  }

  /** See {@link ProcessIndex#missing}. */
  Optional<String> missing() {
    return Optional.ofNullable(missing);
  }

  /** See {@link ProcessIndex#isProvenSince}. */
  boolean isProvenSince(long sinceNanos) {
    return missing == null
        && scannedNanos - sinceNanos >= PROOF_NANOS
        && scannedNanos - wholeSinceNanos >= PROOF_NANOS;
  }
}
