package io.listenbacklog.cli;

import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Where the output goes: a terminal, or a pipe or file, where nothing is coloured, cut or left out.
 *
 * @param columns of the terminal, 20 and more; 0: it is none, or its width is not known
 * @param colour whether what is bad may be coloured
 */
record Terminal(int columns, boolean colour) {
  /** A pipe or a file. */
  static final Terminal NONE = new Terminal(0, false);

  /**
   * What the launcher found, empty where it is no terminal: {@code stty} knows the width, which
   * Java does not.
   */
  static final String COLUMNS = "KUBECTL_BACKLOG_COLUMNS";

  private static final int NARROWEST = 20;

  /**
   * The one that this process writes to.
   *
   * @param isTerminal whether standard output is one; asked only where no launcher has told, for
   *     Java wants a terminal as standard input too
   * @param environment NO_COLOR (see no-color.org) and TERM are honoured
   */
  static Terminal of(BooleanSupplier isTerminal, Map<String, String> environment) {
    String width = environment.get(COLUMNS);
    if (width == null ? !isTerminal.getAsBoolean() : width.isEmpty()) return NONE;
    boolean colour =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.get("TERM"));
    return new Terminal(columns(environment), colour);
  }

  private static int columns(Map<String, String> environment) {
    String said = environment.getOrDefault(COLUMNS, environment.getOrDefault("COLUMNS", ""));
    try {
      int columns = Integer.parseInt(said.strip());
      return columns == 0 ? 0 : Math.max(NARROWEST, columns);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Whether it is a terminal. */
  boolean isTerminal() {
    return columns > 0 || colour;
  }
}
