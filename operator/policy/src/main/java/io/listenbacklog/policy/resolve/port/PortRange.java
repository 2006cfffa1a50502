package io.listenbacklog.policy.resolve.port;

import static java.util.Comparator.comparingInt;

import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.Comparator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ports from one number to another, or one port alone. Sorted by their first; of two with the same
 * first the narrower comes before.
 *
 * @param first 1 to 65535
 * @param last {@code first} to 65535
 */
public record PortRange(int first, int last) implements Comparable<PortRange> {
  private static final Pattern RANGE = Pattern.compile("([1-9][0-9]{0,4})-([1-9][0-9]{0,4})");

  private static final Comparator<PortRange> ORDER =
      comparingInt(PortRange::first).thenComparingInt(PortRange::last);

  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  /** What a rule says in numbers; null: it has a name. */
  public static @Nullable PortRange of(IntOrString port) {
    Integer number = port.getIntVal();
    if (number != null) return of(number);
    return parse(port.getStrVal());
  }

  /** Of a text such as {@code 30000-32767}; null: it is none, or makes no sense. */
  public static @Nullable PortRange parse(String text) {
    var range = RANGE.matcher(text);
    if (!range.matches()) return null;
    int first = Integer.parseInt(range.group(1));
    int last = Integer.parseInt(range.group(2));
    return first <= last && last <= 65535 ? new PortRange(first, last) : null;
  }

  /** Whether both have ports in common, and each has some that the other has not. */
  public boolean crosses(PortRange other) {
    return (first < other.first && other.first <= last && last < other.last)
        || (other.first < first && first <= other.last && other.last < last);
  }

  /** As a rule has it. */
  public String text() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }

  @Override
  public int compareTo(PortRange other) {
    return ORDER.compare(this, other);
  }
}
