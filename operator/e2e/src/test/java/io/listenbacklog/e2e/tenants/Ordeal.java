package io.listenbacklog.e2e.tenants;

import io.listenbacklog.e2e.harness.TestCluster;
import java.time.Duration;
import java.util.Objects;

/**
 * Checks what is promised while a tenant does its worst: others get their Events and cures in the
 * usual time, and neither part of the operator restarts. Its memory goes into a table.
 *
 * <pre>{@code
 * try (var ordeal = Ordeal.of("200 half requests on each part", cluster)) {
 *   …                        // the tenant starts, and goes on
 *   ordeal.othersNoticeNothing(node);
 * }
 * }</pre>
 */
final class Ordeal implements AutoCloseable {
  private final String title;
  private final Victim victim;
  private final OperatorParts operator;
  private Duration slowest = Duration.ZERO;

  private Ordeal(String title, Victim victim, OperatorParts operator) {
    this.title = title;
    this.victim = victim;
    this.operator = operator;
  }

  /**
   * To be called before the tenant starts.
   *
   * @param title of its row in the table: what the tenant does
   */
  static Ordeal of(String title, TestCluster cluster) {
    var victim = Victim.of(cluster);
    return new Ordeal(title, victim, OperatorParts.now(cluster, victim.namespace()));
  }

  /** A node with a probe, for the pods of both the tenant and the victim. */
  static String node(TestCluster cluster) {
    return Objects.requireNonNull(cluster.operator("probe").keySet().iterator().next());
  }

  /**
   * To be called while it goes on. Fails if another tenant of that node does not get its Events and
   * its cure in the usual time, or a part restarts. May be called again: the slowest counts.
   */
  void othersNoticeNothing(String node) {
    var times = victim.isToldAndCured(node);
    operator.assertNoneRestarted();
    if (times.slowest().compareTo(slowest) > 0) slowest = times.slowest();
    new OrdealsTable.Row(title, operator.peakKiB("probe"), operator.peakKiB("controller"), slowest)
        .write();
  }

  /** Fails if a part has restarted since the beginning. */
  void neitherPartRestarted() {
    operator.assertNoneRestarted();
  }

  @Override
  public void close() {
    victim.close();
  }
}
