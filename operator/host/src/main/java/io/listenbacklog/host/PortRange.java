package io.listenbacklog.host;

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
      var form = FORM.matcher(value);
      if (form.matches()) {
        int first = Integer.parseInt(form.group(1));
        int last = form.group(2) == null ? first : Integer.parseInt(form.group(2));
        if (first >= 1 && first <= last && last <= 65_535) return new PortRange(first, last);
      }
      throw new TypeConversionException("'" + value + "' is no port and no range of ports");
    }
  }

  boolean has(int port) {
    return first <= port && port <= last;
  }
}
