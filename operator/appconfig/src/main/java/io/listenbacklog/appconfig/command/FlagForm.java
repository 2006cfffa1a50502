package io.listenbacklog.appconfig.command;

/** How an argument that is not there yet is written. */
public enum FlagForm {
  /** {@code --backlog=64}. */
  EQUALS("Equals"),
  /** {@code --backlog 64}: two arguments. */
  SEPARATE("Separate");

  private final String spelling;

  FlagForm(String spelling) {
    this.spelling = spelling;
  }

  /** How the API spells it. */
  public String spelling() {
    return spelling;
  }
}
