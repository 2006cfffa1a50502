package io.listenbacklog.appconfig.format;

import org.jspecify.annotations.Nullable;

/** What became of the attempt to set one value in a configuration file. */
public sealed interface EditResult {

  /**
   * The value is set.
   *
   * @param content the whole file; the same as before where the value stood there already
   * @param from the value that stood there before, as it was written; null where there was none
   * @param line where the value is now, from 1
   */
  record Edited(String content, @Nullable String from, int line) implements EditResult {}

  /**
   * Nothing is changed, because it cannot be done without guessing or without loss.
   *
   * @param line what the reason is about, from 1; 0 where it is about the whole file or the path
   * @param reason a clause for people that names no line, such as "backlog= is there twice"
   */
  record Refused(int line, String reason) implements EditResult {}
}
