package io.listenbacklog.probe.budget;

import java.time.Duration;

/**
 * What the probe may spend, whatever strangers do on its node: in all, and on one pod. A pod that
 * asks for more waits, or is told to be over its share; it takes nothing from another.
 *
 * @param step how long one step of the loop may last, 20 ms: what a birth may have to wait for.
 *     What is longer, such as the judgement of thousands of listeners, goes on in later steps
 * @param descriptorsOfPod file descriptors that may be looked at in search of who holds the
 *     listeners of one pod: each costs some 2 µs. A pod with 9,000 listeners is searched at once;
 *     one whose 500 processes hold 65,536 each takes 2 % of a core, and not a minute of the loop
 * @param descriptors the same for all pods together: 10 % of a core
 * @param listenersOfPod that are watched in one network namespace, 10,000: some 400 bytes each, and
 *     as much again for one that is raised
 * @param listeners that are watched on the node, 12,000: with what else a probe holds they fill two
 *     thirds of a heap of 26 MiB
 * @param sureListeners that are watched in a network namespace whatever others have
 * @param raised what may be raised at a time, listeners and sysctls together
 * @param namespacesOfPod network namespaces of one pod that are visited, those of its first
 *     processes first: 0.4 ms each in a sweep that lists, and some 1 KiB
 * @param namespaces that are visited on the node; above it {@code sureNamespaces} of each pod are
 * @param sureNamespaces of a pod, whatever others have
 * @param birthNanosOfPod time in which births of one pod's listeners are looked at, in nanoseconds:
 *     a quarter of the loop's. What comes above it comes after those of other pods
 * @param birthNanos the same for all pods together: half of the loop's
 * @param postponedBirthNanos time for what comes above these while no other pod's is due, for all
 *     together: a quarter of the loop's. So no pod's births take more than half of a core for long,
 *     be it alone on its node, and those of all three quarters; what then still waits a sweep finds
 * @param queueNanosOfPod time in which it is looked who waits at one pod's listeners and what the
 *     applications do that do not accept, in nanoseconds: a tenth of the loop's
 * @param queueNanos the same for all pods together: a quarter of the loop's
 */
public record Budgets(
    Duration step,
    Rate descriptorsOfPod,
    Rate descriptors,
    int listenersOfPod,
    int listeners,
    int sureListeners,
    RaisedShares raised,
    int namespacesOfPod,
    int namespaces,
    int sureNamespaces,
    Rate birthNanosOfPod,
    Rate birthNanos,
    Rate postponedBirthNanos,
    Rate queueNanosOfPod,
    Rate queueNanos) {

  /** What a probe has. */
  public static final Budgets STANDARD =
      new Budgets(
          Duration.ofMillis(20),
          new Rate(10_000, 200_000),
          new Rate(50_000, 400_000),
          10_000,
          12_000,
          16,
          new RaisedShares(10_000, 12_000, 16_000, 16),
          512,
          4_000,
          4,
          new Rate(250_000_000, 2_000_000_000),
          new Rate(500_000_000, 4_000_000_000L),
          new Rate(250_000_000, 500_000_000),
          new Rate(100_000_000, 1_000_000_000),
          new Rate(250_000_000, 2_000_000_000));

  /** The same, with steps that may last so long. */
  public Budgets withStep(Duration longer) {
    return new Budgets(
        longer,
        descriptorsOfPod,
        descriptors,
        listenersOfPod,
        listeners,
        sureListeners,
        raised,
        namespacesOfPod,
        namespaces,
        sureNamespaces,
        birthNanosOfPod,
        birthNanos,
        postponedBirthNanos,
        queueNanosOfPod,
        queueNanos);
  }

  /**
   * Whether one more listener may be watched.
   *
   * @param inNamespace that are watched in its network namespace
   * @param inAll that are watched on the node
   */
  public boolean mayWatch(int inNamespace, int inAll) {
    return inNamespace < (inAll < listeners ? listenersOfPod : sureListeners);
  }

  /**
   * How many network namespaces of a pod are visited.
   *
   * @param inAll that other pods have
   */
  public int namespacesOfPod(int inAll) {
    return inAll < namespaces ? namespacesOfPod : sureNamespaces;
  }

  /**
   * How much may be in the journal: some 300 bytes each. What was raised in a pod, or a network
   * namespace, that is gone counts until that is proven, a minute later or never; else a pod that
   * is made anew all the time would fill the heap.
   *
   * @param ofPod of one pod: as many as are watched of a network namespace
   * @param ofNamespace of the pods of one Kubernetes namespace together, for pods come and go
   * @param inAll on the node; above it {@code sure} of each pod
   * @param sure of a pod, whatever others have
   */
  public record RaisedShares(int ofPod, int ofNamespace, int inAll, int sure) {}

  /**
   * An amount that comes again with time.
   *
   * @param aSecond that comes again
   * @param most that is there after a while without use
   */
  public record Rate(long aSecond, long most) {}
}
