package io.listenbacklog.policy.event;

import io.listenbacklog.policy.event.kind.AppConfigContested;
import io.listenbacklog.policy.event.kind.AppConfigPatched;
import io.listenbacklog.policy.event.kind.AppConfigProposed;
import io.listenbacklog.policy.event.kind.AppConfigRolledBack;
import io.listenbacklog.policy.event.kind.EventKind;
import java.time.Instant;
import java.util.List;

/** Which Events changes of applications' configuration call for, all on the workload. */
public final class AppConfigEvents {
  private static final String WHAT = "appConfig";

  /**
   * What would be written, and why it is not.
   *
   * @param episode tells one proposal from the next
   * @param policy kind and name
   */
  public static EventDraft proposed(
      Regarding workload, String policy, String what, String why, String episode, Instant now) {
    var kind = new AppConfigProposed();
    return draft(workload, kind, episode, now, kind.note(policy, what, why));
  }

  /**
   * It was written.
   *
   * @param what such as {@code env GUNICORN_CMD_ARGS of container api: --backlog=64, before: none}
   */
  public static EventDraft patched(Regarding workload, String policy, String what, Instant began) {
    var kind = new AppConfigPatched();
    return draft(workload, kind, began.toString(), began, kind.note(policy, what));
  }

  /** It was undone. */
  public static EventDraft rolledBack(
      Regarding workload, String policy, String why, Instant began, Instant at) {
    var kind = new AppConfigRolledBack();
    return draft(workload, kind, began.toString(), at, kind.note(policy, why));
  }

  /** It is left to those who revert it. */
  public static EventDraft contested(
      Regarding workload, String policy, String why, Instant began, Instant at) {
    var kind = new AppConfigContested();
    return draft(workload, kind, began.toString(), at, kind.note(policy, why));
  }

  private static EventDraft draft(
      Regarding workload, EventKind kind, String episode, Instant at, String note) {
    return new EventDraft(
        workload,
        kind.type(),
        kind.reason(),
        WHAT,
        List.of(episode),
        at,
        kind.action(),
        note,
        null,
        null);
  }

  private AppConfigEvents() {}
}
