package io.listenbacklog.management;

/**
 * An answer.
 *
 * @param status such as 200
 * @param contentType of the body
 * @param body is read once, from the thread of the server alone
 */
public record Answer(int status, String contentType, Body body) {
  private static final String PLAIN = "text/plain; charset=utf-8";

  /** A line of text. */
  public static Answer text(int status, String line) {
    return new Answer(status, PLAIN, Body.of(line + "\n"));
  }

  /** In Prometheus' text format. */
  public static Answer metrics(Body body) {
    return new Answer(200, "text/plain; version=0.0.4; charset=utf-8", body);
  }
}
