package io.listenbacklog.appconfig.format;

/** Where in a file the value is. */
sealed interface Place {

  /** Here; what stands between start and end is the value, without quotes. */
  record Value(int start, int end, int line) implements Place {
    String of(String content) {
      return content.substring(start, end);
    }
  }

  /**
   * Nowhere yet, but it belongs here.
   *
   * @param line the one it will be on
   */
  record Gap(int offset, String before, String after, int line) implements Place {
    String with(int backlog) {
      return before + backlog + after;
    }
  }

  /** That cannot be told without guessing. */
  record Unclear(int line, String reason) implements Place {}
}
