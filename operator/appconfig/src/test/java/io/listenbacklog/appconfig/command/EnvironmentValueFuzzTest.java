package io.listenbacklog.appconfig.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.listenbacklog.appconfig.command.EnvironmentValue.Changed;
import io.listenbacklog.appconfig.command.EnvironmentValue.Refused;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Of a variable's value: what to append is the first line, what is there the second. */
class EnvironmentValueFuzzTest {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "--backlog=$(backlog)\n-w 4 --backlog 5 'a b'",
            "-b$(backlog)\n-b5",
            "-p listen_depth=$(backlog)\n-p a=1 -p listen_depth=\\5",
            "-b $(backlog)\n\"-b\" '5'",
            "--backlog=$(backlog)\n'")
        .map(seed -> seed.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatIsSetCanBeSetAgainAndTakenBack(byte[] bytes) {
    var parts = new String(bytes, UTF_8).split("\n", 2);
    if (parts.length < 2) return;
    for (Combine combine : Combine.values()) {
      switch (EnvironmentValue.set(parts[1], parts[0], combine, 64)) {
        case Refused(String reason) -> assertThat(reason).isNotBlank();
        case Changed(var value, _) -> {
          assertThat(value).isNotNull().contains("64");
          assertThat(EnvironmentValue.set(value, parts[0], combine, 64))
              .isEqualTo(new Changed(value, "64"));
          assertThat(EnvironmentValue.undo(parts[1], String.valueOf(value), value))
              .isEqualTo(new Changed(parts[1], null));
        }
      }
    }
  }
}
