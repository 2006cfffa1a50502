package io.listenbacklog.appconfig.format;

/** The text is not of this format. */
final class Unreadable extends Exception {
  private final int line;
  private final String reason;

  Unreadable(int line, String reason) {
    super("line %d: %s".formatted(line, reason));
    this.line = line;
    this.reason = reason;
  }

  Place.Unclear place() {
    return new Place.Unclear(line, reason);
  }
}
