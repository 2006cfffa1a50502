package io.listenbacklog.policy.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.ConditionReasons;
import io.listenbacklog.api.ConditionTypes;
import io.listenbacklog.api.EventReasons;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/events.md} to the code: no reason without a paragraph, and none too many. */
class DocumentationTest {
  private static final Path EVENTS = Path.of("../../docs/events.md");
  private static final Pattern HEADING = Pattern.compile("^###+ (\\w+)$", Pattern.MULTILINE);
  private static final Pattern SECTION = Pattern.compile("(?m)^(?=#+ )");

  @Test
  void eachEventReasonConditionTypeAndConditionReasonHasItsHeading() throws IOException {
    var headings =
        HEADING.matcher(Files.readString(EVENTS)).results().map(match -> match.group(1)).toList();
    var names =
        Stream.of(EventReasons.class, ConditionTypes.class, ConditionReasons.class)
            .flatMap(DocumentationTest::constants)
            .toList();
    assertThat(headings).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void eachReasonSaysWhatToDo() throws IOException {
    List<String> conditionTypes = constants(ConditionTypes.class).toList();
    assertThat(SECTION.splitAsStream(Files.readString(EVENTS)))
        .filteredOn(section -> section.startsWith("###"))
        .filteredOn(
            section ->
                !conditionTypes.contains(section.lines().findFirst().orElseThrow().substring(4)))
        .allSatisfy(section -> assertThat(section).contains("\nWhat to do: "));
  }

  private static Stream<String> constants(Class<?> names) {
    return Arrays.stream(names.getFields()).map(DocumentationTest::value);
  }

  private static String value(Field constant) {
    try {
      return (String) constant.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(constant.toString(), e);
    }
  }
}
