package io.listenbacklog.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.listenbacklog.policy.pages.Pages;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What docs/host.md says is so, and nothing is missing there. */
class HostPageTest {
  private static final Path PAGE = Pages.REPOSITORY.resolve("docs/host.md");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^(?:[$#] )?(?:sudo )?(?:operator/host/)?backlog(?<rest> [^#|>\n]*)");

  static Stream<String> commands() {
    var commands =
        Pages.blocks(PAGE).stream()
            .flatMap(block -> COMMAND.matcher(block).results())
            .map(each -> each.group("rest").strip())
            .toList();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(2);
    return commands.stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachCommandThatIsShownIsUnderstood(String command) {
    assertThatCode(() -> HostCommand.commandLine().parseArgs(command.split("\\s+")))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(classes = {Audit.class, Watch.class})
  void eachOptionIsTold(Class<?> command) throws IOException {
    var page = Files.readString(PAGE);
    for (var option : new CommandLine(command).getCommandSpec().options()) {
      if (option.usageHelp() || option.versionHelp()) continue;
      assertThat(page).containsAnyOf(withTick(option.longestName()), "`" + option.shortestName());
    }
  }

  @Test
  void eachPolicyThatIsShownIsUnderstood() throws IOException {
    var shown = Pages.yaml(PAGE);
    assertThat(shown).isNotEmpty();
    for (String yaml : shown) assertThat(PolicyFile.read("host.md", yaml)).isNotEmpty();
  }

  @Test
  void eachFieldOfAPolicyIsTold() throws IOException {
    var page = Files.readString(PAGE);
    for (var fields :
        List.of(
            PolicyFile.SPEC,
            PolicyFile.SELECT,
            PolicyFile.PORT,
            PolicyFile.SYSCTLS,
            PolicyFile.STALL)) {
      for (String field : fields) {
        assertThat(page).containsPattern("`" + field + "(: [a-z]+)?`");
      }
    }
  }

  @Test
  void theUnitIsAsThePageSays() throws IOException {
    var unit =
        Files.readString(
            Pages.REPOSITORY.resolve("operator/host/src/main/systemd/backlog-watch.service"));
    var page = Files.readString(PAGE);
    var capabilities =
        Pattern.compile("(?m)^CapabilityBoundingSet=(.+)$").matcher(unit).results().findFirst();
    assertThat(capabilities).isPresent();
    for (String each : capabilities.get().group(1).split(" ", -1)) {
      assertThat(page).contains(each);
    }
    var command = Pattern.compile("(?m)^ExecStart=\\S+ (.+) \\$(\\S+)$").matcher(unit).results();
    assertThat(command)
        .singleElement()
        .satisfies(
            each -> {
              HostCommand.commandLine().parseArgs(each.group(1).split(" ", -1));
              assertThat(page).contains("Environment=" + each.group(2) + "=--enforce");
            });
  }

  private static String withTick(String option) {
    return "`" + option;
  }

  @Test
  void eachFieldIsTold() throws IOException {
    assertThat(Files.readString(PAGE))
        .contains(fields(AuditedListener.class))
        .contains(fields(AuditReport.class));
  }

  private static String[] fields(Class<?> told) {
    return Arrays.stream(told.getRecordComponents())
        .map(RecordComponent::getName)
        .map(name -> "`" + name + "`")
        .toArray(String[]::new);
  }
}
