package io.listenbacklog.appconfig.preset;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.appconfig.command.FlagForm;
import io.listenbacklog.appconfig.format.FileFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/app-config.md} to the code; {@code -Dpresets=write} renews its table. */
class AppConfigDocumentationTest {
  private static final Path DOCUMENT = Path.of("../../docs/app-config.md");
  private static final String HEAD = "| preset | since | how | remarks |\n|---|---|---|---|\n";

  @Test
  void theTableIsThatOfTheCode() throws IOException {
    String text = Files.readString(DOCUMENT);
    int start = text.indexOf(HEAD);
    assertThat(start).isPositive();
    int end = text.indexOf("\n\n", start);
    if (System.getProperty("presets", "compare").equals("write")) {
      Files.writeString(DOCUMENT, text.substring(0, start) + table() + text.substring(end));
    }
    assertThat(Files.readString(DOCUMENT)).contains(table() + "\n\n");
  }

  @Test
  void eachFormatHasItsMention() throws IOException {
    String text = Files.readString(DOCUMENT);
    assertThat(FileFormat.values())
        .allSatisfy(format -> assertThat(text).contains("`" + format.spelling() + "`"));
  }

  private static String table() {
    return HEAD
        + Stream.of(Preset.values())
            .map(AppConfigDocumentationTest::row)
            .collect(Collectors.joining("\n"));
  }

  private static String row(Preset preset) {
    return "| [`%s`](%s) | %s | %s | %s |"
        .formatted(
            preset.spelling(),
            preset.source(),
            preset.since().isEmpty() ? "–" : preset.since(),
            preset.ways().stream()
                .map(AppConfigDocumentationTest::way)
                .collect(Collectors.joining("; or ")),
            preset.remark());
  }

  private static String way(Written way) {
    return switch (way) {
      case Written.InEnvironment(var name, var value, _) ->
          "variable `%s=%s`".formatted(name, value);
      case Written.AsArgument(var flag, var form) ->
          "argument `%s%sN`".formatted(flag, form == FlagForm.EQUALS ? "=" : " ");
      case Written.InFile(var format, var path, var key) ->
          "`%s`, `%s` in `%s`".formatted(format.spelling(), path, key);
      case Written.InPython() -> "`sitecustomize.py` and `PYTHONPATH`";
      case Written.Nowhere(var reason) -> reason;
    };
  }
}
