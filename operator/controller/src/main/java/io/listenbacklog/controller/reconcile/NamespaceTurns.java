package io.listenbacklog.controller.reconcile;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When the policies of a namespace may be reconciled. Reconciler threads take policies in the order
 * in which they were triggered, so a namespace whose 500 policies change all the time would delay
 * all others. Each namespace has a burst of turns and then a rate; a policy that has to wait keeps
 * its place among those of its namespace, and blocks no thread.
 */
final class NamespaceTurns {
  /** As many policies as an application is installed with. */
  static final int AT_ONCE = 50;

  /** A quarter of what two threads write in a second. */
  static final int A_SECOND = 40;

  private static final long INTERVAL = Duration.ofSeconds(1).toNanos() / A_SECOND;
  private static final long BURST = AT_ONCE * INTERVAL;

  /** Above this number, namespaces that need not be remembered are removed. */
  private static final int MANY = 1_000;

  private final LongSupplier nanoTime;
  private final Map<String, Turns> byNamespace = new HashMap<>();

  /** Those of one namespace. */
  private static final class Turns {
    long last;

    /** By the policies' uids. */
    final Map<String, Long> reserved = new HashMap<>();

    boolean isIdle(long now) {
      // A policy that was deleted meanwhile never takes its turn.
      reserved.values().removeIf(each -> now - each > BURST);
      return reserved.isEmpty() && now - last > BURST;
    }
  }

  /**
   * @param nanoTime a monotonic clock
   */
  NamespaceTurns(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Whether it is a policy's turn.
   *
   * @param namespace null: a ClusterBacklogPolicy, which never waits
   * @return how long to wait and ask again; zero: it is, and is counted
   */
  synchronized Duration take(@Nullable String namespace, String uid) {
    if (namespace == null) return Duration.ZERO;
    long now = nanoTime.getAsLong();
    if (byNamespace.size() > MANY) byNamespace.values().removeIf(each -> each.isIdle(now));
    var turns = byNamespace.computeIfAbsent(namespace, _ -> fresh(now));
    Long turn = turns.reserved.remove(uid);
    if (turn == null) {
      turns.last = Math.max(turns.last, now - BURST) + INTERVAL;
      turn = turns.last;
    }
    if (turn <= now) return Duration.ZERO;
    turns.reserved.put(uid, turn);
    return Duration.ofNanos(turn - now);
  }

  private static Turns fresh(long now) {
    var turns = new Turns();
    turns.last = now - BURST;
    return turns;
  }
}
