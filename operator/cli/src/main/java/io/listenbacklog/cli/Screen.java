package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A terminal's other screen, which shows one picture after another: what was on the terminal before
 * is there again when it is closed, or the process ended by Ctrl-C or a signal.
 *
 * <p>The control sequences are xterm's (invisible-island.net/xterm/ctlseqs), which all terminals
 * know that people use; the synchronized update is of newer ones, and passed over by others.
 */
final class Screen implements AutoCloseable {
  /** The other screen, without cursor, and lines are cut where they end rather than broken. */
  private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";

  private static final String LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";
  private static final String BEGIN = "\u001b[?2026h\u001b[H";
  private static final String TO_END_OF_LINE = "\u001b[K";
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");
  private static final String TO_END_OF_SCREEN = "\u001b[J\u001b[?2026l";

  /**
   * As many cells as there are now.
   *
   * @param rows 1 and more
   * @param columns 1 and more
   */
  record Size(int rows, int columns) {}

  private final PrintWriter out;
  private final Thread atExit = new Thread(this::leave, "screen");
  private boolean isOpen = true;

  private Screen(PrintWriter out) {
    this.out = out;
  }

  /** Begins, on a terminal. */
  static Screen open(PrintWriter out) {
    var screen = new Screen(out);
    Runtime.getRuntime().addShutdownHook(screen.atExit);
    out.print(ENTER);
    out.flush();
    return screen;
  }

  /**
   * Shows lines in the place of those before: each is written over an old one, and nothing is
   * cleared first, which would be seen as a flicker.
   *
   * @param lines none longer than {@code columns}
   */
  synchronized void show(List<String> lines, int columns) {
    if (!isOpen) return;
    out.print(
        lines.stream()
            .map(each -> width(each) < columns ? each + TO_END_OF_LINE : each)
            .collect(Collectors.joining("\r\n", BEGIN, TO_END_OF_SCREEN)));
    out.flush();
  }

  /** Behind a line that fills its row the cursor stands on its last cell, which would be erased. */
  private static int width(String line) {
    String seen = COLOUR.matcher(line).replaceAll("");
    return seen.codePointCount(0, seen.length());
  }

  private synchronized void leave() {
    if (!isOpen) return;
    isOpen = false;
    out.print(LEAVE);
    out.flush();
  }

  @Override
  public void close() {
    leave();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process is about to end.
    }
  }

  /** That of the terminal, which may be another one at each look; empty: not known. */
  static Optional<Size> size() {
    try {
      var stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String[] said = new String(stty.getInputStream().readAllBytes(), UTF_8).strip().split(" ", 2);
      if (!stty.waitFor(1, TimeUnit.SECONDS) || said.length < 2) return Optional.empty();
      var size = new Size(Integer.parseInt(said[0]), Integer.parseInt(said[1]));
      return size.rows() < 1 || size.columns() < 1 ? Optional.empty() : Optional.of(size);
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
