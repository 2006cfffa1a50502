package io.listenbacklog.policy.catalogue;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A row of the catalogue.
 *
 * @param usual what it asks for unless told otherwise: a number, {@code somaxconn} or {@code
 *     varies}
 * @param executable matches the whole base name of the executable
 * @param commandLine is found in the command line
 * @param container matches the whole name of the container, which then takes the place of the
 *     command line
 * @param inGo whether only programs with Go's runtime are meant
 * @param backlog the only backlog by which it is recognised; empty: any
 * @param source where the row is known from
 */
record Application(
    String key,
    String usual,
    Pattern executable,
    Pattern commandLine,
    Pattern container,
    boolean inGo,
    OptionalInt backlog,
    String advice,
    String source) {

  private static final int COLUMNS = 9;
  private static final Pattern ANY = Pattern.compile("");
  private static final Pattern NONE = Pattern.compile("(?!)");
  private static final Pattern USUAL = Pattern.compile("[1-9][0-9]{0,4}|somaxconn|varies");
  private static final Pattern RUNTIME = Pattern.compile("go|\\*");

  Application {
    if (!USUAL.matcher(usual).matches()) {
      throw new IllegalArgumentException("not a default of %s: %s".formatted(key, usual));
    }
  }

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
    if (!RUNTIME.matcher(columns[5]).matches()) {
      throw new IllegalArgumentException(
          "not a runtime of %s: %s".formatted(columns[0], columns[5]));
    }
    return new Application(
        columns[0],
        columns[1],
        columns[2].equals("-") ? NONE : Pattern.compile(columns[2]),
        columns[3].equals("*") ? ANY : Pattern.compile(columns[3]),
        columns[4].equals("*") ? NONE : Pattern.compile(columns[4]),
        columns[5].equals("go"),
        columns[6].equals("*") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(columns[6])),
        columns[7],
        columns[8]);
  }

  boolean matches(Program program, int asked) {
    return (backlog.isEmpty() || backlog.getAsInt() == asked)
        && (program.goRuntime() || !inGo)
        && executable.matcher(program.name()).matches()
        && (commandLine.matcher(program.commandLine()).find()
            || container.matcher(program.container()).matches());
  }
}
