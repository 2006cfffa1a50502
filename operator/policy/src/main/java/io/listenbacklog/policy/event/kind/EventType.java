package io.listenbacklog.policy.event.kind;

/** The type of an Event. */
public enum EventType {
  NORMAL("Normal"),
  WARNING("Warning");

  private final String text;

  EventType(String text) {
    this.text = text;
  }

  /** As Kubernetes writes it. */
  @Override
  public String toString() {
    return text;
  }
}
