package io.listenbacklog.api;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as policies write them: {@code 5s}, {@code 1m30s}, {@code 1500ms}. */
final class Durations {
  private static final Pattern PART = Pattern.compile("([0-9]{1,7})(ms|s|m|h)");

  /**
   * Reads one.
   *
   * @param field named in the exception
   * @throws IllegalArgumentException if it is none, which the API server refuses
   */
  static Duration parse(String field, String text) {
    var part = PART.matcher(text);
    var sum = Duration.ZERO;
    int end = 0;
    while (part.lookingAt()) {
      long amount = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
              });
      end = part.end();
      part.region(end, text.length());
    }
    if (end == 0 || end < text.length()) {
      throw new IllegalArgumentException("%s: \"%s\" is not a duration".formatted(field, text));
    }
    return sum;
  }

  private Durations() {}
}
