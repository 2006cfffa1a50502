package io.listenbacklog.probe.budget;

import io.listenbacklog.probe.budget.Budgets.Rate;
import java.util.HashMap;
import java.util.Map;

/**
 * Something that pods share, of which each has a share. Who has some left may spend more than that
 * once, and then waits the longer: the price of a thing is known when it is done. Who has spent
 * less than half of its share does not wait because others have spent all of theirs.
 */
public final class Allowance {
  /** So many pods are remembered; those that spent nothing lately go first. */
  private static final int MOST_PODS = 1_024;

  private final Rate ofPod;
  private final Account all;
  private final Map<String, Account> pods = new HashMap<>();

  public Allowance(Rate ofPod, Rate ofAll, long now) {
    this.ofPod = ofPod;
    all = new Account(ofAll, now);
  }

  /** How long a pod has to wait until it may spend; 0: it may now. */
  public long waitNanos(String pod, long now) {
    var account = pods.get(pod);
    if (account == null || account.isHalfFull(now)) return 0;
    return Math.max(all.waitNanos(now), account.waitNanos(now));
  }

  /** Something was spent on a pod. */
  public void spend(String pod, long amount, long now) {
    all.spend(amount, now);
    if (pods.size() >= MOST_PODS) pods.values().removeIf(each -> each.isFull(now));
    pods.computeIfAbsent(pod, _ -> new Account(ofPod, now)).spend(amount, now);
  }
}
