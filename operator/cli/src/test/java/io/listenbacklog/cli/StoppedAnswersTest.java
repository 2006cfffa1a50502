package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each command, where an API server stops in the middle of its answer. The timeouts of HTTP clients
 * end with the headers, so a command could wait for ever for the rest.
 */
class StoppedAnswersTest {
  private static final FakeApi.Answer BEGINNING =
      FakeApi.Answer.of(
          "{\"kind\": \"List\", \"apiVersion\": \"v1\", \"metadata\": {}, \"items\": [{\"metadata\": {\"na");

  private static final int PATIENCE_MILLIS = 1_000;

  /** No answer is waited for. */
  private static final int LONG_MILLIS = 60_000;

  /** Each command without TLS, and two, of which one writes, over it. */
  static List<Arguments> commands() {
    var all = new ArrayList<Arguments>();
    for (String command : BadInputTest.COMMANDS) all.add(Arguments.of(command, false));
    all.add(Arguments.of("top", true));
    all.add(Arguments.of("pause all", true));
    return all;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void anAnswerThatNeverEndsIsGivenUp(String command, boolean tls) {
    assertThat(said(command, tls, FakeApi.Ending.NEVER, PATIENCE_MILLIS))
        .contains("the API server does not answer in time");
  }

  /** Each byte comes soon enough: only the whole takes too long. */
  @ParameterizedTest
  @MethodSource("commands")
  void anAnswerThatTricklesIsGivenUp(String command, boolean tls) {
    assertThat(said(command, tls, FakeApi.Ending.TRICKLING, PATIENCE_MILLIS))
        .contains("the API server does not answer in time");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void anAnswerThatIsCutOffIsSaidToBe(String command, boolean tls) {
    assertThat(said(command, tls, FakeApi.Ending.CUT_OFF, LONG_MILLIS))
        .contains("ended the connection before its answer was whole");
  }

  /** What it wrote to standard error: a line or two without a stack trace, and status 1. */
  private static String said(
      String command, boolean tls, FakeApi.Ending ending, int patienceMillis) {
    try (var api = tls ? FakeApi.overTls() : new FakeApi()) {
      api.answeringAllElse(() -> BEGINNING.ending(ending));

      var ran = api.runWaiting(patienceMillis, command.split(" "));

      assertThat(ran.status()).isEqualTo(1);
      assertThat(ran.err()).doesNotContain("Exception", "\tat ");
      assertThat(ran.err().lines())
          .hasSizeLessThan(5)
          .allMatch(line -> line.startsWith("kubectl backlog: "));
      return ran.err();
    }
  }
}
