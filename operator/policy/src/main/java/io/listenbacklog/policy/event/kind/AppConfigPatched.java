package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.EventReasons;

/** Normal, on a workload: AppConfig changed its pod template. */
public record AppConfigPatched() implements EventKind {
  @Override
  public String reason() {
    return EventReasons.APP_CONFIG_PATCHED;
  }

  @Override
  public EventType type() {
    return EventType.NORMAL;
  }

  @Override
  public String action() {
    return "Patched";
  }

  /**
   * Its words.
   *
   * @param what such as {@code env GUNICORN_CMD_ARGS of container api: --backlog=64, before: none}
   */
  public String note(String policy, String what) {
    return EventKind.clean(
        "Changed the pod template for %s: %s. Its pods are replaced by its own strategy."
            .formatted(policy, what));
  }
}
