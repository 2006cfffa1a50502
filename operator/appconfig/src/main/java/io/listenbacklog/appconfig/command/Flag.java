package io.listenbacklog.appconfig.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A flag with a number, found among words.
 *
 * @param before words that stand before it, such as {@code -p} of {@code -p listen_depth=1024}
 * @param name such as {@code --backlog}
 * @param joined what stands between name and number where both are one word: an equals sign, or
 *     nothing
 */
record Flag(List<String> before, String name, String joined) {

  Flag {
    before = List.copyOf(before);
  }

  /**
   * One that is there.
   *
   * @param first the word that it begins with
   * @param number the word that ends with its number
   * @param text the number as it is written there
   */
  record Found(int first, int number, String text) {}

  /** Such as {@code --backlog} or {@code -p listen_depth}; null where there is none. */
  static @Nullable Flag of(String flag) {
    var words = new ArrayList<>(List.of(flag.trim().split("[ \t]+", -1)));
    if (words.getFirst().isEmpty() || words.size() > 2) return null;
    String name = words.removeLast();
    return new Flag(words, name, "=");
  }

  /** Whether its number can be a word of its own. */
  boolean maySeparate() {
    return before.isEmpty() && name.startsWith("-");
  }

  List<Found> in(List<String> words) {
    var found = new ArrayList<Found>();
    for (int at = 0; at < words.size(); at++) {
      var one = at(words, at);
      if (one != null) found.add(one);
    }
    return found;
  }

  /** Whether it is there once, with this number. */
  boolean isOnceIn(List<String> words, int number) {
    var found = in(words);
    return found.size() == 1 && found.getFirst().text().equals(String.valueOf(number));
  }

  private @Nullable Found at(List<String> words, int first) {
    int at = first + before.size();
    if (at >= words.size() || !words.subList(first, at).equals(before)) return null;
    String word = words.get(at);
    if (maySeparate() && same(word, name)) {
      return at + 1 < words.size() ? new Found(first, at + 1, words.get(at + 1)) : null;
    }
    int equals = word.indexOf('=');
    if (equals > 0 && same(word.substring(0, equals), name)) {
      return new Found(first, at, word.substring(equals + 1));
    }
    boolean sticks = joined.isEmpty() || (name.length() == 2 && name.startsWith("-"));
    if (sticks && before.isEmpty() && word.startsWith(name)) {
      String rest = word.substring(name.length());
      return ShellWord.isNumber(rest) ? new Found(first, at, rest) : null;
    }
    return null;
  }

  /** MySQL takes a hyphen and an underscore for one, and nobody else has both. */
  private static boolean same(String one, String other) {
    return one.equals(other)
        || (other.startsWith("--") && one.replace('_', '-').equals(other.replace('_', '-')));
  }
}
