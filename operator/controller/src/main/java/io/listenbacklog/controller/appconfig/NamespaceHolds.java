package io.listenbacklog.controller.appconfig;

import io.listenbacklog.controller.telemetry.LogKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For how long the namespaces have had changes under way.
 *
 * <p>How long one takes is in the hands of who owns the workload: its deadline, the promotion of a
 * Rollout, an edit of the policy now and then. So those of one namespace count in the limit of the
 * cluster for an hour: then others wait for them no longer.
 */
final class NamespaceHolds {
  /** Nothing under way for so long: the next change begins an hour anew. */
  static final Duration LONGEST = Duration.ofHours(1);

  private static final Logger log = LoggerFactory.getLogger(NamespaceHolds.class);

  private final Map<String, Hold> holds = new HashMap<>();

  /**
   * Changes of a namespace, one after the other.
   *
   * @param since when the first was seen
   * @param last when one was seen last
   */
  private record Hold(Instant since, Instant last) {
    boolean isLong(Instant now) {
      return !now.isBefore(since.plus(LONGEST));
    }
  }

  /** Changes are under way in these namespaces. */
  void seen(Collection<String> namespaces, Instant now) {
    holds.values().removeIf(each -> !now.isBefore(each.last().plus(LONGEST)));
    for (String each : namespaces) {
      Hold before = holds.get(each);
      Hold after = new Hold(before == null ? now : before.since(), now);
      holds.put(each, after);
      boolean wasLong = before != null && before.isLong(before.last());
      if (!wasLong && after.isLong(now)) {
        log.atWarn()
            .addKeyValue(LogKeys.NAMESPACE, each)
            .log(
                "applications' configuration has been changed there for an hour:"
                    + " other namespaces wait for it no longer");
      }
    }
  }

  /** Whether what is under way in a namespace counts for others. */
  boolean counts(String namespace, Instant now) {
    Hold hold = holds.get(namespace);
    return hold == null || !hold.isLong(now);
  }

  /** When something was under way there last; null: not within the last hour. */
  @Nullable Instant last(String namespace) {
    Hold hold = holds.get(namespace);
    return hold == null ? null : hold.last();
  }
}
