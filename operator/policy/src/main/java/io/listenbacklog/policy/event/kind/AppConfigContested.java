package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.EventReasons;

/** Warning, on a workload: somebody reverts what AppConfig writes, so it is left to them. */
public record AppConfigContested() implements EventKind {
  @Override
  public String reason() {
    return EventReasons.APP_CONFIG_CONTESTED;
  }

  @Override
  public EventType type() {
    return EventType.WARNING;
  }

  @Override
  public String action() {
    return "Contested";
  }

  /**
   * Its words.
   *
   * @param why a sentence
   */
  public String note(String policy, String why) {
    return EventKind.clean("%s It was written for %s.".formatted(why, policy));
  }
}
