package io.listenbacklog.kernel.events;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a tracefs instance of ours: it encodes the owner, so that a successor removes what a
 * killed process left, and nothing of a live one.
 *
 * @param pid of the process that made it, in the initial PID namespace
 * @param startTicks when that process started
 * @param number of the instance among those of the process
 */
record InstanceName(int pid, long startTicks, int number) {
  private static final String PREFIX = "listen-backlog-operator";
  private static final Pattern TEXT =
      Pattern.compile(PREFIX + "\\.(\\d{1,9})\\.(\\d{1,18})\\.(\\d{1,9})");

  static Optional<InstanceName> of(String text) {
    var match = TEXT.matcher(text);
    return match.matches()
        ? Optional.of(
            new InstanceName(
                Integer.parseInt(match.group(1)),
                Long.parseLong(match.group(2)),
                Integer.parseInt(match.group(3))))
        : Optional.empty();
  }

  String text() {
    return "%s.%d.%d.%d".formatted(PREFIX, pid, startTicks, number);
  }
}
