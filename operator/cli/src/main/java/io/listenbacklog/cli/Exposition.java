package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.ObjDoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Parses a probe's {@code /metrics} while it arrives: of megabytes of text only the figures of the
 * requested listeners are kept.
 */
final class Exposition {
  private static final byte[] PREFIX = "listenbacklog_listener_".getBytes(UTF_8);
  private static final byte[] PROBE = "listenbacklog_probe_".getBytes(UTF_8);

  /** Bytes. A compromised probe must not fill our memory. */
  private static final long LONGEST = 64L * 1024 * 1024;

  /** Bytes. A longer one is passed over. */
  private static final int LONGEST_LINE = 64 * 1024;

  /** A probe lists 5,000. */
  private static final int MOST_LISTENERS = 10_000;

  private static final Map<String, ObjDoubleConsumer<Partial>> FIGURES =
      Map.of(
          "backlog", (each, value) -> each.limit = (long) value,
          "queue_connections", (each, value) -> each.queue = (long) value,
          "required_backlog", (each, value) -> each.required = (long) value,
          "overflows_total", (each, value) -> each.overflows = (long) value,
          "overflowed_backlog", (each, value) -> each.overflowedLimit = (long) value,
          "stalled_seconds", (each, value) -> each.stalled = value,
          "queue_peak_connections", (each, value) -> each.peak = (long) value,
          "queue_peak_timestamp_seconds", (each, value) -> each.peakAt = instant(value),
          "watched_seconds", (each, value) -> each.watched = value,
          "queue_memory_limit_bytes", (each, value) -> each.memory = (long) value);

  private static final class Partial {
    final Map<String, String> labels;
    long limit;
    @Nullable Long queue;
    long required;
    long overflows;
    @Nullable Long overflowedLimit;
    double stalled;
    @Nullable Long peak;
    @Nullable Instant peakAt;
    @Nullable Double watched;
    @Nullable Long memory;

    Partial(Map<String, String> labels) {
      this.labels = labels;
    }

    private String label(String name) {
      return labels.getOrDefault(name, "");
    }

    ListenerFigures on(String node) {
      return new ListenerFigures(
          node,
          label("namespace"),
          label("pod"),
          label("container"),
          label("address"),
          label("socket"),
          queue,
          limit,
          required,
          peak,
          peakAt,
          overflows,
          overflowedLimit,
          null,
          stalled,
          watched,
          memory);
    }
  }

  private static final Partial UNWANTED = new Partial(Map.of());

  private final BiPredicate<String, String> wanted;
  private final Map<String, Partial> listeners = new LinkedHashMap<>();
  private boolean isProbe;

  private Exposition(BiPredicate<String, String> wanted) {
    this.wanted = wanted;
  }

  /**
   * @param node whose probe it is
   * @param wanted namespace and pod of the listeners that are
   * @throws IOException also if it is not a probe's format
   */
  static void read(
      InputStream text,
      String node,
      BiPredicate<String, String> wanted,
      Consumer<ListenerFigures> each)
      throws IOException {
    var exposition = new Exposition(wanted);
    exposition.lines(text);
    if (!exposition.isProbe) throw new IOException("what it answers are not a probe's metrics");
    for (var partial : exposition.listeners.values()) {
      if (partial != UNWANTED) each.accept(partial.on(node));
    }
  }

  /** Of a hundred probes these are megabytes, read by a Java that has just started. */
  private void lines(InputStream in) throws IOException {
    byte[] buffer = new byte[LONGEST_LINE];
    int begun = 0; // Bytes of a line whose end is not read yet, at the front.
    boolean isTooLong = false;
    long read = 0;
    for (int more; (more = in.read(buffer, begun, buffer.length - begun)) >= 0; ) {
      read += more;
      if (read > LONGEST) throw new IOException("it answers more than %d bytes".formatted(LONGEST));
      int from = 0;
      for (int i = begun; i < begun + more; i++) {
        if (buffer[i] != '\n') continue;
        if (!isTooLong) line(buffer, from, i);
        isTooLong = false;
        from = i + 1;
      }
      begun += more - from;
      System.arraycopy(buffer, from, buffer, 0, begun);
      if (begun == buffer.length) {
        isTooLong = true;
        begun = 0;
      }
    }
    if (!isTooLong) line(buffer, 0, begun);
  }

  private void line(byte[] line, int from, int to) {
    if (startsWith(line, from, to, PROBE)) isProbe = true;
    if (!startsWith(line, from, to, PREFIX)) return;
    int name = from + PREFIX.length;
    int open = name;
    while (open < to && line[open] != '{') open++;
    int end = to - 2;
    while (end > open && !(line[end] == '}' && line[end + 1] == ' ')) end--;
    if (end <= open) return;
    var figure = FIGURES.get(new String(line, name, open - name, UTF_8));
    if (figure == null) return;
    var partial = partial(new String(line, open + 1, end - open - 1, UTF_8));
    if (partial == UNWANTED) return;
    try {
      figure.accept(partial, number(new String(line, end + 2, to - end - 2, UTF_8)));
    } catch (NumberFormatException e) {
      // No number: as if the line were not there.
    }
  }

  private static boolean startsWith(byte[] line, int from, int to, byte[] prefix) {
    return to - from >= prefix.length
        && Arrays.equals(line, from, from + prefix.length, prefix, 0, prefix.length);
  }

  /** Most are whole ones, which are read much faster. */
  private static double number(String text) {
    if (text.isEmpty() || text.length() > 15) return Double.parseDouble(text);
    long whole = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) return Double.parseDouble(text);
      whole = 10 * whole + digit;
    }
    return whole;
  }

  /** Of a listener, by its labels; those of one that is not wanted are remembered to be so. */
  private Partial partial(String text) {
    var known = listeners.get(text);
    if (known != null) return known;
    if (listeners.size() >= MOST_LISTENERS) return UNWANTED;
    var labels = labels(text);
    boolean isWanted =
        wanted.test(labels.getOrDefault("namespace", ""), labels.getOrDefault("pod", ""));
    var partial = isWanted ? new Partial(labels) : UNWANTED;
    listeners.put(text, partial);
    return partial;
  }

  private static Map<String, String> labels(String text) {
    var labels = new HashMap<String, String>();
    int at = 0;
    while (at < text.length()) {
      int equals = text.indexOf("=\"", at);
      if (equals < 0) break;
      var value = new StringBuilder();
      int i = equals + 2;
      for (; i < text.length() && text.charAt(i) != '"'; i++) {
        char each = text.charAt(i);
        if (each == '\\' && i + 1 < text.length()) {
          each = text.charAt(++i);
          if (each == 'n') each = '\n';
        }
        value.append(each);
      }
      labels.put(text.substring(at, equals), value.toString());
      at = i + 2; // Behind the quote and the comma.
    }
    return labels;
  }

  private static @Nullable Instant instant(double seconds) {
    return seconds > 0 && seconds < 1e11 ? Instant.ofEpochMilli((long) (seconds * 1000)) : null;
  }
}
