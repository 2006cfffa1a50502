package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.EventReasons;

/** Warning, on a workload: AppConfig undid its change of the pod template. */
public record AppConfigRolledBack() implements EventKind {
  @Override
  public String reason() {
    return EventReasons.APP_CONFIG_ROLLED_BACK;
  }

  @Override
  public EventType type() {
    return EventType.WARNING;
  }

  @Override
  public String action() {
    return "RolledBack";
  }

  /**
   * Its words.
   *
   * @param why a sentence
   */
  public String note(String policy, String why) {
    return EventKind.clean(
        "%s It is not tried again until %s or the pod template changes.".formatted(why, policy));
  }
}
