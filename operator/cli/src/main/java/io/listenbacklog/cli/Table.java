package io.listenbacklog.cli;

import io.listenbacklog.policy.text.CleanText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Rows of text in aligned columns, as kubectl prints them. */
final class Table {
  private static final int GAP = 3;

  /** Bytes. What a probe wrote may come from untrusted processes, or from a compromised probe. */
  private static final int LONGEST_CELL = 4096;

  /** A narrower column is useless. */
  private static final int NARROWEST = 6;

  /** How a row is shown on a terminal. */
  enum Tone {
    PLAIN(""),
    WARNING("\u001b[33m"),
    BAD("\u001b[31m");

    private final String on;

    Tone(String on) {
      this.on = on;
    }

    private String around(String line) {
      return on.isEmpty() ? line : on + line + "\u001b[0m";
    }
  }

  private record Row(List<String> cells, Tone tone) {}

  private final List<Row> rows = new ArrayList<>();
  private List<String> expendable = List.of();
  private List<String> cutInTheMiddle = List.of();

  Table(String... header) {
    rows.add(new Row(List.of(header), Tone.PLAIN));
  }

  /** Columns that are dropped on a narrow terminal, in this order. */
  Table expendable(String... columns) {
    expendable = List.of(columns);
    return this;
  }

  /** Columns that are told apart by the ends of their cells. */
  Table cutInTheMiddle(String... columns) {
    cutInTheMiddle = List.of(columns);
    return this;
  }

  void row(Object... cells) {
    row(Tone.PLAIN, cells);
  }

  void row(Tone tone, Object... cells) {
    rows.add(
        new Row(
            Arrays.stream(cells)
                .map(cell -> CleanText.of(String.valueOf(cell), LONGEST_CELL))
                .toList(),
            tone));
  }

  /** What a program reads: a map for each row, by the names of the columns. */
  List<Map<String, String>> data() {
    var header = rows.getFirst().cells();
    return rows.stream()
        .skip(1)
        .map(
            row -> {
              var cells = new LinkedHashMap<String, String>();
              for (int i = 0; i < header.size(); i++) {
                cells.put(header.get(i).toLowerCase(Locale.ROOT), row.cells().get(i));
              }
              return (Map<String, String>) cells;
            })
        .toList();
  }

  /** In full: for a pipe. */
  @Override
  public String toString() {
    return text(Terminal.NONE, true);
  }

  /**
   * As it fits a terminal: expendable columns go first, then the widest ones are cut.
   *
   * @param header whether the first line names the columns
   */
  String text(Terminal terminal, boolean header) {
    var shown = header ? rows : rows.subList(1, rows.size());
    var columns = columns(shown, terminal);
    var widths = widths(shown, columns, terminal.columns());
    var text = new StringBuilder();
    for (var row : shown) {
      var line = new StringBuilder();
      for (int i = 0; i < columns.length; i++) {
        boolean inTheMiddle = cutInTheMiddle.contains(rows.getFirst().cells().get(columns[i]));
        int tail = inTheMiddle ? widths[i] / 2 : 0;
        var cell = cut(row.cells().get(columns[i]), widths[i], tail);
        line.append(cell).repeat(' ', widths[i] - width(cell) + GAP);
      }
      var stripped = line.toString().stripTrailing();
      text.append(terminal.colour() ? row.tone().around(stripped) : stripped).append('\n');
    }
    return text.toString();
  }

  /** Indexes of those that are shown. */
  private int[] columns(List<Row> shown, Terminal terminal) {
    var all = rows.getFirst().cells();
    var kept = new ArrayList<>(IntStream.range(0, all.size()).boxed().toList());
    for (String each : expendable) {
      if (terminal.columns() == 0 || natural(shown, kept) <= terminal.columns()) break;
      int gone = all.indexOf(each);
      kept.removeIf(column -> column == gone);
    }
    return kept.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int natural(List<Row> shown, List<Integer> columns) {
    return columns.stream().mapToInt(each -> width(shown, each)).sum() + GAP * (columns.size() - 1);
  }

  private static int width(List<Row> shown, int column) {
    return shown.stream().mapToInt(row -> width(row.cells().get(column))).max().orElse(0);
  }

  private static int[] widths(List<Row> shown, int[] columns, int room) {
    var widths = Arrays.stream(columns).map(each -> width(shown, each)).toArray();
    if (room == 0) return widths;
    int over = Arrays.stream(widths).sum() + GAP * (widths.length - 1) - room;
    while (over > 0) {
      int widest =
          IntStream.range(0, widths.length).reduce(0, (a, b) -> widths[b] > widths[a] ? b : a);
      if (widths[widest] <= NARROWEST) break;
      widths[widest]--;
      over--;
    }
    return widths;
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  /** Of what is too wide the beginning, and so many characters of the end. */
  static String cut(String cell, int width, int tail) {
    int all = width(cell);
    if (all <= width) return cell;
    return cell.substring(0, cell.offsetByCodePoints(0, width - 1 - tail))
        + "…"
        + cell.substring(cell.offsetByCodePoints(0, all - tail));
  }
}
