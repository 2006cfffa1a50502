package io.listenbacklog.policy.catalogue;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A row of the catalogue.
 *
 * @param executable matches the whole base name of the executable
 * @param commandLine is found in the command line
 * @param backlog the only backlog by which it is recognised; empty: any
 * @param source where the row is known from
 */
record Application(
    String key,
    Pattern executable,
    Pattern commandLine,
    OptionalInt backlog,
    String advice,
    String source) {

  private static final int COLUMNS = 6;

  /** Whether a line of the file is one, and not empty or a comment. */
  static boolean isRow(String line) {
    return !line.isBlank() && !line.startsWith("#");
  }

  static Application parse(String row) {
    String[] columns = row.split("\t", -1);
    if (columns.length != COLUMNS) {
      throw new IllegalArgumentException(
          "%d columns instead of %d: %s".formatted(columns.length, COLUMNS, row));
    }
    return new Application(
        columns[0],
        Pattern.compile(columns[1]),
        Pattern.compile(columns[2].equals("*") ? "" : columns[2]),
        columns[3].equals("*") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(columns[3])),
        columns[4],
        columns[5]);
  }

  boolean matches(ProcessName process, int asked) {
    return (backlog.isEmpty() || backlog.getAsInt() == asked)
        && executable.matcher(process.executable()).matches()
        && commandLine.matcher(process.commandLine()).find();
  }
}
