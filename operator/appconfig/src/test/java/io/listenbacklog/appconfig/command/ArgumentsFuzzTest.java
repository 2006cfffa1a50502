package io.listenbacklog.appconfig.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.listenbacklog.appconfig.command.Arguments.Changed;
import io.listenbacklog.appconfig.command.Arguments.Refused;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Of command lines: a word a line; the first is the flag, an empty one begins the arguments. */
class ArgumentsFuzzTest {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "--backlog\ngunicorn\n\n--backlog\n5\napp:app",
            "-p listen_depth\nvarnishd\n\n-p\nlisten_depth=5\n-p\na=1",
            "-b\n\n-b5\n-m\n64",
            "--back-log\nmysqld\n--back_log=5\n\n",
            "--backlog\ntini\n--\nuvicorn\n\na:b",
            "--backlog\nsh\n-c\nexec x\n\n")
        .map(seed -> seed.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatIsSetCanBeSetAgainAndTakenBack(byte[] bytes) {
    var words = List.of(new String(bytes, UTF_8).split("\n", -1));
    String flag = words.getFirst();
    var rest = words.subList(1, words.size());
    int empty = rest.indexOf("");
    var before =
        empty < 0
            ? new Arguments(rest, List.of())
            : new Arguments(rest.subList(0, empty), rest.subList(empty + 1, rest.size()));
    for (FlagForm form : FlagForm.values()) {
      switch (before.set(flag, form, 64)) {
        case Refused(String reason) -> assertThat(reason).isNotBlank();
        case Changed(Arguments after, _) -> {
          assertThat(after.set(flag, form, 64)).isEqualTo(new Changed(after, "64"));
          assertThat(after.undo(before, after, flag)).isEqualTo(new Changed(before, null));
          assertThat(after.command()).hasSameSizeAs(before.command());
        }
      }
    }
  }
}
