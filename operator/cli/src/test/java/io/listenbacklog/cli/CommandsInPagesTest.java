package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
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
  private static final Path REPOSITORY = Path.of("../..");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```[a-z]*\n(.*?)^```$");

  /** May go on in the next line, as prose does. */
  private static final Pattern IN_PROSE = Pattern.compile("`kubectl backlog(?<rest> [^`]*)`");

  private static final Pattern LINE =
      Pattern.compile("(?m)^(?:\\$ )?kubectl backlog(?<rest> [^#|>\n]*)");

  static List<Arguments> commands() throws IOException {
    var commands = new ArrayList<Arguments>();
    for (Path page : pages()) {
      String text = Files.readString(page);
      for (var block : BLOCK.matcher(text).results().toList()) {
        LINE.matcher(block.group(1))
            .results()
            .forEach(
                each ->
                    commands.add(
                        Arguments.of(
                            REPOSITORY.relativize(page), each.group("rest").strip(), true)));
      }
      IN_PROSE
          .matcher(BLOCK.matcher(text).replaceAll(""))
          .results()
          .forEach(
              each ->
                  commands.add(
                      Arguments.of(
                          REPOSITORY.relativize(page), each.group("rest").strip(), false)));
    }
    assertThat(commands).hasSizeGreaterThan(25);
    return commands;
  }

  private static List<Path> pages() throws IOException {
    var pages = new ArrayList<Path>();
    for (String folder : List.of("docs", "examples")) {
      try (var files = Files.walk(REPOSITORY.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    try (var files = Files.list(REPOSITORY)) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
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
