package io.listenbacklog.catalogue;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A row of the catalogue.
 *
 * @param usual what it asks for by default: a number, {@code somaxconn} or {@code varies}
 * @param executable matches the whole base name of the executable
 * @param commandLine is found in the command line; where it has a group {@code listens}, that is
 *     the listener's
 * @param container matches the whole name of the container, which then takes the place of the
 *     command line
 * @param inside what the process has in it
 * @param asked the backlogs by which it is recognised
 * @param source where the row is known from
 */
record Application(
    String key,
    String usual,
    Pattern executable,
    Pattern commandLine,
    Pattern container,
    Inside inside,
    Asked asked,
    Ports ports,
    Advice advice,
    String source) {

  private static final int COLUMNS = 10;
  private static final Pattern ANY = Pattern.compile("");
  private static final Pattern NONE = Pattern.compile("(?!)");
  private static final Pattern USUAL = Pattern.compile("[1-9][0-9]{0,4}|somaxconn|varies");
  private static final String LISTENS = "listens";

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
    try {
      return new Application(
          columns[0],
          columns[1],
          columns[2].equals("-") ? NONE : Pattern.compile(columns[2]),
          columns[3].equals("*") ? ANY : Pattern.compile(columns[3]),
          columns[4].equals("*") ? NONE : Pattern.compile(columns[4]),
          Inside.parse(columns[5]),
          Asked.parse(columns[6]),
          Ports.parse(columns[7]),
          Advice.parse(columns[8]),
          columns[9]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("of %s: %s".formatted(columns[0], e.getMessage()), e);
    }
  }

  /** What it asks for by default, where that is one number. */
  OptionalInt usualNumber() {
    return Character.isDigit(usual.charAt(0))
        ? OptionalInt.of(Integer.parseInt(usual))
        : OptionalInt.empty();
  }

  /** Whether a program can be this one, without looking at its mapped files. */
  boolean maybe(Program program) {
    return executable.matcher(program.name()).matches()
        && inside.maybe(program)
        && (commandLine.matcher(program.commandLine()).find()
            || container.matcher(program.container()).matches());
  }

  /** Whether a listener of a program that may be this one is this one's. */
  boolean opened(Listened listened, Program program) {
    return asked.has(listened)
        && (!ports.only() || ports.has(listened.port()))
        && saysPort(listened.port(), program)
        && inside.isIn(program);
  }

  private boolean saysPort(int port, Program program) {
    if (!commandLine.namedGroups().containsKey(LISTENS)) return true;
    return commandLine
        .matcher(program.commandLine())
        .results()
        .anyMatch(found -> found.group(LISTENS).equals(String.valueOf(port)));
  }

  /** Whether the number or the port shows that the listener is not this application's after all. */
  boolean isPerhapsAnothers(int backlog, int port) {
    return usualNumber().isPresent() && usualNumber().getAsInt() != backlog && !ports.has(port);
  }

  /** Whether it called listen() itself: it asked for the number that it always asks for. */
  boolean surelyAsked(Listened listened) {
    return !listened.capped()
        && usualNumber().isPresent()
        && usualNumber().getAsInt() == listened.backlog();
  }
}
