package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.EventReasons;

/** Normal, on a workload: what AppConfig would write in its pod template, and why it does not. */
public record AppConfigProposed() implements EventKind {
  @Override
  public String reason() {
    return EventReasons.APP_CONFIG_PROPOSED;
  }

  @Override
  public EventType type() {
    return EventType.NORMAL;
  }

  @Override
  public String action() {
    return "Proposed";
  }

  /**
   * Its words.
   *
   * @param policy kind and name
   * @param what such as {@code env GUNICORN_CMD_ARGS of container api: --backlog=64}
   * @param why it is not written: a sentence
   */
  public String note(String policy, String what, String why) {
    return EventKind.clean(
        "%s asks for %s in the pod template. %s The patch is in the policy's status.appConfig."
            .formatted(policy, what, why));
  }
}
