package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a terminal is told; operator/cli/bench/capture looks what a real one makes of it. */
class ScreenTest {
  private final StringWriter written = new StringWriter();

  private Screen open() {
    return Screen.open(new PrintWriter(written, true));
  }

  @Test
  void linesAreWrittenOverTheOldOnesAndNothingIsClearedFirst() {
    try (var screen = open()) {
      written.getBuffer().setLength(0);
      screen.show(List.of("one", "\u001b[31mtwo\u001b[0m"), 10);

      assertThat(written)
          .hasToString(
              "\u001b[?2026h\u001b[Hone\u001b[K\r\n\u001b[31mtwo\u001b[0m\u001b[K\u001b[J\u001b[?2026l");
    }
  }

  /** Behind it the cursor stands on its last character. */
  @Test
  void aLineThatFillsItsRowIsNotErasedToItsEnd() {
    try (var screen = open()) {
      written.getBuffer().setLength(0);
      screen.show(List.of("\u001b[31mtenletters\u001b[0m", "x"), 10);

      assertThat(written.toString()).contains("tenletters\u001b[0m\r\nx\u001b[K");
    }
  }

  @Test
  void theTerminalIsPutBackOnceAndNothingIsShownAfter() {
    var screen = open();
    screen.show(List.of("one"), 10);
    screen.close();
    screen.close();
    screen.show(List.of("late"), 10);

    assertThat(written.toString())
        .startsWith("\u001b[?1049h\u001b[?25l")
        .endsWith("\u001b[?25h\u001b[?1049l")
        .containsOnlyOnce("\u001b[?1049l")
        .doesNotContain("late");
  }
}
