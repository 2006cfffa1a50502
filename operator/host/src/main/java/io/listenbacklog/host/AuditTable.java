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

  private AuditTable() {}

  static String text(AuditReport report) {
    var rows = new ArrayList<List<String>>();
    rows.add(HEADER);
    report.listeners().forEach(each -> rows.add(row(each)));
    var text = new StringBuilder(aligned(rows));
    for (var each : report.listeners()) {
      if (!each.isFound()) continue;
      text.append("\n%s%s: %s\n".formatted(each.address(), of(each), each.explanation()));
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
        listener.address(),
        String.valueOf(listener.queue()),
        String.valueOf(listener.backlog()),
        String.valueOf(listener.somaxconn()),
        String.valueOf(listener.drops()),
        listener.process(),
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
        : " (%s, pid %d)".formatted(CleanText.of(listener.process(), LONGEST_CELL), listener.pid());
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
