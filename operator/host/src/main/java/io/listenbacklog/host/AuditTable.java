package io.listenbacklog.host;

import io.listenbacklog.policy.text.CleanText;
import java.util.ArrayList;
import java.util.List;

/** A report for people: a line for each listener, then what is wrong with which. */
final class AuditTable {
  private static final List<String> HEADER =
      List.of(
          "ADDRESS",
          "QUEUE",
          "BACKLOG",
          "SOMAXCONN",
          "DROPS",
          "PROCESS",
          "PID",
          "USER",
          "SERVICE",
          "FINDINGS");

  private static final int GAP = 3;

  /** Bytes: a name of a unit has up to 255, and an id of a container 64. */
  private static final int LONGEST_CELL = 255;

  /** As much of an id as Docker and Podman show. */
  private static final int SHORT_ID = 12;

  /** Letters and symbols that show nothing: Hangul's fillers, and Braille without a dot. */
  private static final String BLANK = "\u115f\u1160\u3164\uffa0\u2800";

  private AuditTable() {}

  static String text(AuditReport report) {
    var rows = new ArrayList<List<String>>();
    rows.add(HEADER);
    report.listeners().forEach(each -> rows.add(row(each)));
    var text = new StringBuilder(aligned(rows));
    for (var each : report.listeners()) {
      if (!each.isFound()) continue;
      text.append(
          "\n%s%s: %s\n".formatted(inOneWord(each.address()), of(each), each.explanation()));
    }
    long found = report.listeners().stream().filter(AuditedListener::isFound).count();
    return text.append(
            "\nListeners: %d, with findings: %d (asked: a backlog of %d; watched: %d s)\n"
                .formatted(
                    report.listeners().size(), found, report.minimum(), report.watchedSeconds()))
        .toString();
  }

  private static List<String> row(AuditedListener listener) {
    return List.of(
        inOneWord(listener.address()),
        String.valueOf(listener.queue()),
        String.valueOf(listener.backlog()),
        String.valueOf(listener.somaxconn()),
        listener.drops() == null ? "" : String.valueOf(listener.drops()),
        inOneWord(listener.process()),
        listener.pid() == 0 ? "" : String.valueOf(listener.pid()),
        listener.user(),
        service(listener),
        String.join(",", listener.findings()));
  }

  private static String service(AuditedListener listener) {
    return listener.container().isEmpty()
        ? listener.unit()
        : "container " + shortId(listener.container());
  }

  static String shortId(String container) {
    return container.substring(0, Math.min(SHORT_ID, container.length()));
  }

  private static String of(AuditedListener listener) {
    return listener.pid() == 0
        ? ""
        : " (%s, pid %d)".formatted(inOneWord(listener.process()), listener.pid());
  }

  /**
   * A name that a process chose: a path with blanks in it could look like cells of its line, a
   * backlog and another process among them. Blanks are shown as systemd shows them.
   */
  private static String inOneWord(String name) {
    var word = new StringBuilder();
    name.codePoints()
        .forEach(
            each -> {
              if (each == ' ' || each == '\\') word.append("\\x%02x".formatted(each));
              else if (isBlank(each)) word.append("\\u%04x".formatted(each));
              else word.appendCodePoint(each);
            });
    return CleanText.of(word.toString(), LONGEST_CELL);
  }

  private static boolean isBlank(int character) {
    return Character.isSpaceChar(character) || BLANK.indexOf(character) >= 0;
  }

  private static String aligned(List<List<String>> rows) {
    var widths = new int[HEADER.size()];
    var clean =
        rows.stream()
            .map(row -> row.stream().map(cell -> CleanText.of(cell, LONGEST_CELL)).toList())
            .toList();
    for (var row : clean) {
      for (int i = 0; i < widths.length; i++) widths[i] = Math.max(widths[i], width(row.get(i)));
    }
    var text = new StringBuilder();
    for (var row : clean) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - width(row.get(i)) + GAP);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
