package io.listenbacklog.policy.text;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Counts, points and lengths of time as people read them. */
public final class Phrases {
  /** Such as {@code 12.4 s}, {@code 3 min 20 s} or {@code 2 h 5 min}. */
  static String span(Duration span) {
    Duration length = span.isNegative() ? Duration.ZERO : span;
    if (length.compareTo(Duration.ofMinutes(1)) < 0) {
      return String.format(Locale.ROOT, "%.1f s", length.toMillis() / 1e3);
    }
    return length.compareTo(Duration.ofHours(1)) < 0
        ? "%d min %d s".formatted(length.toMinutes(), length.toSecondsPart())
        : "%d h %d min".formatted(length.toHours(), length.toMinutesPart());
  }

  public static String millis(long millis) {
    return span(Duration.ofMillis(millis));
  }

  public static String between(Instant from, Instant to) {
    return span(Duration.between(from, to));
  }

  public static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  public static String were(long count, String noun) {
    return counted(count, noun) + (count == 1 ? " was" : " were");
  }

  public static String second(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  public static String capitalized(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  public static String lowerCased(String text) {
    return Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  private Phrases() {}
}
