package io.listenbacklog.kernel.threads;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The system calls of an architecture by number. The data is {@code calls.tsv}. */
final class SystemCalls {
  private static final int COLUMNS = 4;

  private final Map<Long, SystemCall> byNumber;

  private SystemCalls(Map<Long, SystemCall> byNumber) {
    this.byNumber = Map.copyOf(byNumber);
  }

  /**
   * Those of an architecture as Java names it; none for one whose numbers are not known.
   *
   * @param architecture {@code os.arch}: {@code amd64} or {@code aarch64}
   */
  static SystemCalls of(String architecture) {
    return switch (architecture) {
      case "amd64", "x86_64" -> read(1);
      case "aarch64" -> read(2);
      default -> new SystemCalls(Map.of());
    };
  }

  private static SystemCalls read(int column) {
    var calls = new HashMap<Long, SystemCall>();
    try (var tsv = Objects.requireNonNull(SystemCalls.class.getResourceAsStream("calls.tsv"));
        var lines = new BufferedReader(new InputStreamReader(tsv, UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("#")) continue;
        var fields = line.split("\t", COLUMNS);
        if (fields[column].equals("-")) continue;
        int fd = fields[3].equals("-") ? -1 : Integer.parseInt(fields[3]);
        calls.put(Long.valueOf(fields[column]), new SystemCall(fields[0], fd));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("calls.tsv", e);
    }
    return new SystemCalls(calls);
  }

  /** The call with a number, if it is known. */
  Optional<SystemCall> numbered(long number) {
    return Optional.ofNullable(byNumber.get(number));
  }

  /** All that are known. */
  Map<Long, SystemCall> all() {
    return byNumber;
  }
}
