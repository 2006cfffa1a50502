package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
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
  private static final String PREFIX = "listenbacklog_listener_";

  /** Bytes. A compromised probe must not fill our memory. */
  private static final long LONGEST = 64L * 1024 * 1024;

  private static final int LONGEST_LINE = 64 * 1024;

  /** A probe lists 5,000. */
  private static final int MOST_LISTENERS = 10_000;

  private static final Map<String, ObjDoubleConsumer<Partial>> FIGURES =
      Map.of(
          "backlog", (each, value) -> each.limit = (long) value,
          "queue_connections", (each, value) -> each.queue = (long) value,
          "required_backlog", (each, value) -> each.required = (long) value,
          "overflows_total", (each, value) -> each.overflows = (long) value,
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
          null,
          stalled,
          watched,
          memory);
    }
  }

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
    exposition.lines(new BufferedInputStream(text, 64 * 1024));
    if (!exposition.isProbe) throw new IOException("what it answers are not a probe's metrics");
    exposition.listeners.values().forEach(partial -> each.accept(partial.on(node)));
  }

  private void lines(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream(512);
    long read = 0;
    for (int next; (next = in.read()) >= 0; ) {
      if (++read > LONGEST)
        throw new IOException("it answers more than %d bytes".formatted(LONGEST));
      if (next != '\n') {
        if (line.size() < LONGEST_LINE) line.write(next);
        continue;
      }
      line(line.toString(UTF_8));
      line.reset();
    }
    line(line.toString(UTF_8));
  }

  private void line(String line) {
    if (line.startsWith("listenbacklog_probe_")) isProbe = true;
    if (!line.startsWith(PREFIX)) return;
    int open = line.indexOf('{');
    int end = line.lastIndexOf("} ");
    if (open < 0 || end < open) return;
    var figure = FIGURES.get(line.substring(PREFIX.length(), open));
    if (figure == null) return;
    var partial = partial(line.substring(open + 1, end));
    if (partial == null) return;
    try {
      figure.accept(partial, Double.parseDouble(line.substring(end + 2).strip()));
    } catch (NumberFormatException e) {
      // No number: as if the line were not there.
    }
  }

  private @Nullable Partial partial(String text) {
    var known = listeners.get(text);
    if (known != null) return known;
    if (listeners.size() >= MOST_LISTENERS) return null;
    var labels = labels(text);
    if (!wanted.test(labels.getOrDefault("namespace", ""), labels.getOrDefault("pod", ""))) {
      return null;
    }
    var partial = new Partial(labels);
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
