package io.listenbacklog.catalogue;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The ports on which an application listens.
 *
 * @param only whether it is recognised on no others
 * @param ranges empty: any
 */
record Ports(boolean only, List<Range> ranges) {
  private static final Pattern COLUMN =
      Pattern.compile("(only|usually) ([0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)");

  static final Ports ANY = new Ports(false, List.of());

  record Range(int first, int last) {
    Range {
      if (first < 1 || last > 65535 || first > last) {
        throw new IllegalArgumentException("no range of ports: %d-%d".formatted(first, last));
      }
    }
  }

  Ports {
    ranges = List.copyOf(ranges);
  }

  /** Such as {@code only 8005}, {@code usually 9092-9094,19092} or {@code *}. */
  static Ports parse(String column) {
    if (column.equals("*")) return ANY;
    var parts = COLUMN.matcher(column);
    if (!parts.matches()) throw new IllegalArgumentException("not ports: " + column);
    return new Ports(
        parts.group(1).equals("only"),
        Arrays.stream(parts.group(2).split(",")).map(Ports::range).toList());
  }

  private static Range range(String text) {
    int dash = text.indexOf('-');
    return dash < 0
        ? new Range(Integer.parseInt(text), Integer.parseInt(text))
        : new Range(
            Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
  }

  /** Whether a port is one of them. */
  boolean has(int port) {
    return ranges.isEmpty()
        || ranges.stream().anyMatch(range -> range.first() <= port && port <= range.last());
  }
}
