package io.listenbacklog.management;

/**
 * A text that is made while it is sent, so that only some of it is held at a time, however slowly
 * it is read.
 */
public interface Body {
  /**
   * Appends what comes next: some kilobytes at most, for that much is held for each reader. Must
   * not wait.
   *
   * @return whether there is more to come
   */
  boolean more(StringBuilder text);

  /** It is not asked any more: it has been sent, or its reader is gone. Called once. */
  default void end() {}

  /** A short text. */
  static Body of(String whole) {
    return text -> {
      text.append(whole);
      return false;
    };
  }
}
