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

  /** Whether it is worth compressing, for who takes it compressed. */
  default boolean isLong() {
    return true;
  }

  /** Called once, when it has been sent or its reader is gone. */
  default void end() {}

  /** A short text. */
  static Body of(String whole) {
    return new Brief(whole);
  }

  /** What is shorter than what would tell that it is compressed. */
  record Brief(String whole) implements Body {
    @Override
    public boolean more(StringBuilder text) {
      text.append(whole);
      return false;
    }

    @Override
    public boolean isLong() {
      return false;
    }
  }
}
