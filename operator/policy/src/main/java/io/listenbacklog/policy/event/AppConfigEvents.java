package io.listenbacklog.policy.event;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.policy.event.kind.EventType;
import io.listenbacklog.policy.text.CleanText;
import java.time.Instant;
import java.util.List;

/** Which Events changes of applications' configuration call for, all on the workload. */
public final class AppConfigEvents {
  private static final int MOST_BYTES = 1_000;
  private static final String WHAT = "appConfig";

  /**
   * What would be written, and why it is not.
   *
   * @param episode tells one proposal from the next
   * @param policy kind and name
   */
  public static EventDraft proposed(
      Regarding workload, String policy, String what, String why, String episode, Instant now) {
    return of(
        workload,
        EventType.NORMAL,
        EventReasons.APP_CONFIG_PROPOSED,
        episode,
        now,
        "Proposed",
        "%s asks for %s in the pod template. %s The patch is in the policy's status.appConfig."
            .formatted(policy, what, why));
  }

  /**
   * It was written.
   *
   * @param what such as {@code env GUNICORN_CMD_ARGS of container api: --backlog=64, before: none}
   */
  public static EventDraft patched(Regarding workload, String policy, String what, Instant began) {
    return of(
        workload,
        EventType.NORMAL,
        EventReasons.APP_CONFIG_PATCHED,
        began.toString(),
        began,
        "Patched",
        "Changed the pod template for %s: %s. Its pods are replaced by its own strategy."
            .formatted(policy, what));
  }

  /** It was taken back. */
  public static EventDraft rolledBack(
      Regarding workload, String policy, String why, Instant began, Instant at) {
    return of(
        workload,
        EventType.WARNING,
        EventReasons.APP_CONFIG_ROLLED_BACK,
        began.toString(),
        at,
        "RolledBack",
        "%s It is not tried again until %s or the pod template changes.".formatted(why, policy));
  }

  /** It is left to those who set it back. */
  public static EventDraft contested(
      Regarding workload, String policy, String why, Instant began, Instant at) {
    return of(
        workload,
        EventType.WARNING,
        EventReasons.APP_CONFIG_CONTESTED,
        began.toString(),
        at,
        "Contested",
        "%s It was written for %s.".formatted(why, policy));
  }

  private static EventDraft of(
      Regarding workload,
      EventType type,
      String reason,
      String episode,
      Instant at,
      String action,
      String note) {
    return new EventDraft(
        workload,
        type,
        reason,
        WHAT,
        List.of(episode),
        at,
        action,
        CleanText.of(note, MOST_BYTES),
        null,
        null);
  }

  private AppConfigEvents() {}
}
