package io.listenbacklog.policy.status;

import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.Condition;
import io.listenbacklog.policy.status.ConditionTexts.Said;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes conditions: the transition time changes only with the status.
 *
 * @param generation of the policy that is judged
 * @param previous null: it has no status yet
 */
record Conditions(long generation, @Nullable BacklogPolicyStatus previous, Instant now) {

  Condition of(String type, Said said) {
    return new Condition(
        type,
        said.status(),
        generation,
        transitionTime(type, said.status()),
        said.reason(),
        said.message());
  }

  private Instant transitionTime(String type, String status) {
    Instant thisSecond = now.truncatedTo(ChronoUnit.SECONDS); // metav1.Time has no fractions
    if (previous == null) return thisSecond;
    return previous.conditions().stream()
        .filter(condition -> condition.type().equals(type) && condition.status().equals(status))
        .map(Condition::lastTransitionTime)
        .findFirst()
        .orElse(thisSecond);
  }
}
