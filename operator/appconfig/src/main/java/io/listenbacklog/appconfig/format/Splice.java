package io.listenbacklog.appconfig.format;

import java.util.Optional;

/**
 * The one stretch in which two texts differ, as small as it can be.
 *
 * @param offset where it begins, in UTF-16 characters
 * @param removed what stood there
 * @param inserted what stands there instead
 */
public record Splice(int offset, String removed, String inserted) {

  /** What makes one text of the other. */
  public static Splice between(String before, String after) {
    int shorter = Math.min(before.length(), after.length());
    int head = 0;
    while (head < shorter && before.charAt(head) == after.charAt(head)) head++;
    int tail = 0;
    while (tail < shorter - head
        && before.charAt(before.length() - 1 - tail) == after.charAt(after.length() - 1 - tail)) {
      tail++;
    }
    return new Splice(
        head,
        before.substring(head, before.length() - tail),
        after.substring(head, after.length() - tail));
  }

  /** The text with it; empty if something else stands there. */
  public Optional<String> apply(String before) {
    return exchange(before, removed, inserted);
  }

  /** The text as it was before; empty if something else stands there. */
  public Optional<String> undo(String after) {
    return exchange(after, inserted, removed);
  }

  private Optional<String> exchange(String text, String from, String to) {
    if (!text.startsWith(from, offset)) return Optional.empty();
    return Optional.of(text.substring(0, offset) + to + text.substring(offset + from.length()));
  }
}
