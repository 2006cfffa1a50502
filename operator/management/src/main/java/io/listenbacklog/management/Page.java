package io.listenbacklog.management;

/** Answers requests for one path. */
@FunctionalInterface
public interface Page {
  /**
   * The response. Whether this may block depends on the server's executor; an exception is answered
   * with 500, without details.
   */
  Answer answer(Request request);
}
