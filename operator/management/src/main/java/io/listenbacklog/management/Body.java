package io.listenbacklog.management;

/**
 * A body that is generated while it is sent, so that only a part of it is in memory, however slow
 * the reader.
 */
public interface Body {
  /**
   * Appends the next piece: some kilobytes at most, since each reader holds one. Must not block.
   *
   * @return whether there is more to come
   */
  boolean more(StringBuilder text);

  /** Called once, when it has been sent or its reader is gone. */
  default void end() {}

  /** A short text. */
  static Body of(String whole) {
    return text -> {
      text.append(whole);
      return false;
    };
  }
}
