package io.listenbacklog.probe.report;

import io.listenbacklog.api.Hindrance;
import org.jspecify.annotations.Nullable;

/** Texts of others, as long as a status has room for. */
final class BoundedText {
  /** What a failed system call or a contest has to say is shorter. */
  private static final int LONGEST_HINDRANCE = 500;

  private BoundedText() {}

  static String of(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }

  static @Nullable Hindrance of(@Nullable Hindrance hindrance) {
    if (hindrance == null || hindrance.message().length() <= LONGEST_HINDRANCE) return hindrance;
    return new Hindrance(
        hindrance.reason(), of(hindrance.message(), LONGEST_HINDRANCE), hindrance.since());
  }
}
