package io.listenbacklog.host;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What could not be looked at, and why: a sentence each, each once. Of thousands of processes that
 * cannot be read for one reason the first few say it.
 */
final class NotSeen {
  static final int MOST = 20;

  private final Set<String> sentences = new LinkedHashSet<>();

  /** The hash codes of all others: to count them is worth no more memory. */
  private final Set<Integer> others = new HashSet<>();

  void add(String sentence) {
    if (sentences.size() < MOST) sentences.add(sentence);
    else if (!sentences.contains(sentence)) others.add(sentence.hashCode());
  }

  /** In the order in which it was met, and at the end how much more there is. */
  List<String> all() {
    var all = new ArrayList<>(sentences);
    if (!others.isEmpty()) {
      all.add("and %d more that could not be looked at".formatted(others.size()));
    }
    return all;
  }
}
