package io.listenbacklog.appconfig.command;

/** How a variable of the environment is written. */
public enum Combine {
  /** One flag is set within what is there, or appended to it. */
  APPEND("Append"),
  /** The whole value. */
  SET("Set");

  private final String spelling;

  Combine(String spelling) {
    this.spelling = spelling;
  }

  /** How the API spells it. */
  public String spelling() {
    return spelling;
  }
}
