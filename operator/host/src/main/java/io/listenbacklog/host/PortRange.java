package io.listenbacklog.host;

import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Ports from one to another.
 *
 * @param first 1 to {@code last}
 * @param last at most 65535
 */
record PortRange(int first, int last) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

  /** Reads {@code 80} and {@code 8000-8099}. */
  static final class Converter implements ITypeConverter<PortRange> {
    @Override
    public PortRange convert(String value) {
      return of(value)
          .orElseThrow(
              () ->
                  new TypeConversionException("'" + value + "' is no port and no range of ports"));
    }
  }

  /** Reads {@code 80} and {@code 8000-8099}; empty: it is neither. */
  static Optional<PortRange> of(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) return Optional.empty();
    int first = Integer.parseInt(form.group(1));
    int last = form.group(2) == null ? first : Integer.parseInt(form.group(2));
    return first >= 1 && first <= last && last <= 65_535
        ? Optional.of(new PortRange(first, last))
        : Optional.empty();
  }

  boolean has(int port) {
    return first <= port && port <= last;
  }

  boolean contains(PortRange other) {
    return first <= other.first && other.last <= last;
  }

  boolean overlaps(PortRange other) {
    return first <= other.last && other.first <= last;
  }

  @Override
  public String toString() {
    return first == last ? String.valueOf(first) : first + "-" + last;
  }
}
