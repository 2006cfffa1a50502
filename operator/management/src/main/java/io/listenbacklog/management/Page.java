package io.listenbacklog.management;

/** Answers requests for one path. */
@FunctionalInterface
public interface Page {
  /**
   * The answer. Whether this may wait is a matter of the executor that the server was given; what
   * it throws is answered by 500, without a word of why.
   */
  Answer answer(Request request);
}
