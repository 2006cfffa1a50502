package io.listenbacklog.cli;

import io.listenbacklog.policy.report.CleanText;
import java.util.ArrayList;
import java.util.List;

/** Rows of text in aligned columns, as kubectl prints them. */
final class Table {
  private static final int GAP = 3;

  /** Bytes. What a probe wrote may come from processes of strangers, or from who took the probe. */
  private static final int LONGEST_CELL = 4096;

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... header) {
    rows.add(List.of(header));
  }

  void row(Object... cells) {
    rows.add(
        List.of(cells).stream()
            .map(cell -> CleanText.of(String.valueOf(cell), LONGEST_CELL))
            .toList());
  }

  @Override
  public String toString() {
    int columns = rows.getFirst().size();
    var widths = new int[columns];
    for (var row : rows) {
      for (int i = 0; i < columns; i++) widths[i] = Math.max(widths[i], row.get(i).length());
    }
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + GAP);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
