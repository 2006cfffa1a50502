package io.listenbacklog.appconfig.format;

/** What a tree of mappings and lists is written as, piece by piece; YAML and JSON have the same. */
sealed interface TreePart {

  int line();

  /**
   * A mapping begins.
   *
   * @param inside in braces: after the opening one; else where the first key begins
   * @param shared whether it has an anchor or a tag
   */
  record MappingStart(int inside, boolean braces, boolean shared, int line) implements TreePart {}

  record SequenceStart(boolean shared, int line) implements TreePart {}

  /** A mapping or a list ends. */
  record End(int line) implements TreePart {}

  /**
   * A value or a key.
   *
   * @param start where it begins, without quotes
   * @param plain whether what stands there is its text; not if it is folded, escaped or tagged
   */
  record Scalar(String text, int start, int end, boolean plain, int line) implements TreePart {}

  /** A reference to something that stands elsewhere. */
  record Alias(int line) implements TreePart {}
}
