package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.policy.pages.Pages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Each {@code kubectl backlog …} that a page shows is one that the command understands. */
class CommandsInPagesTest {

  /** May go on in the next line, as prose does. */
  private static final Pattern IN_PROSE = Pattern.compile("`kubectl backlog(?<rest> [^`]*)`");

  private static final Pattern LINE =
      Pattern.compile("(?m)^(?:\\$ )?kubectl backlog(?<rest> [^#|>\n]*)");

  static List<Arguments> commands() {
    var commands = new ArrayList<Arguments>();
    for (Path page : Pages.all()) {
      for (String block : Pages.blocks(page)) add(commands, page, LINE, block, true);
      add(commands, page, IN_PROSE, Pages.prose(page), false);
    }
    assertThat(commands).hasSizeGreaterThan(25);
    return commands;
  }

  private static void add(
      List<Arguments> commands, Path page, Pattern form, String text, boolean whole) {
    form.matcher(text)
        .results()
        .map(each -> Arguments.of(Pages.name(page), each.group("rest").strip(), whole))
        .forEach(commands::add);
  }

  /**
   * Understood as it stands.
   *
   * @param whole to be typed as it is; in prose the name of a pod may be left out
   */
  @ParameterizedTest
  @MethodSource("commands")
  void theCommandUnderstandsIt(Path page, String command, boolean whole) {
    assertThatCode(() -> understand(command, whole)).as("%s", page).doesNotThrowAnyException();
  }

  @Test
  void whatIsNoCommandIsNotUnderstood() {
    assertThatThrownBy(() -> understand("tops", true))
        .isInstanceOf(CommandLine.ParameterException.class);
    assertThatThrownBy(() -> understand("top --wach", false)).hasMessageContaining("--wach");
    assertThatThrownBy(() -> understand("explain", true)).hasMessageContaining("POD");
    assertThatCode(() -> understand("explain", false)).doesNotThrowAnyException();
  }

  private static void understand(String command, boolean whole) {
    try {
      BacklogCommand.commandLine(Terminal.NONE).parseArgs(command.split("\\s+"));
    } catch (CommandLine.MissingParameterException e) {
      if (whole) throw e;
    }
  }
}
