package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each command, and whatever else may answer in the place of a cluster with the operator. */
class BadInputTest {
  /** All that ask a cluster. */
  static final List<String> COMMANDS =
      List.of(
          "top",
          "doctor",
          "recommend",
          "events",
          "explain web-1",
          "version",
          "patch all",
          "pause all",
          "resume all");

  private final FakeApi api = new FakeApi();

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void whoHasNoRightsReadsWhichAreMissing() {
    var all =
        COMMANDS.stream()
            .collect(
                Collectors.toMap(
                    each -> each,
                    each ->
                        switch (each) {
                          case "events" -> "list events.events.k8s.io in namespace shop";
                          case "version" -> "list deployments.apps in the whole cluster";
                          case "doctor", "explain web-1" ->
                              "list nodebacklogs.listenbacklog.io in the whole cluster";
                          case "patch all" ->
                              "get backlogpolicies.listenbacklog.io in namespace shop";
                          default -> "backlogpolicies.listenbacklog.io in namespace shop";
                        }));
    api.forbiddingAll();
    var softly = new SoftAssertions();
    all.forEach(
        (command, right) -> {
          var ran = api.run(command.split(" "));
          softly.assertThat(ran.err()).as(command).contains(right);
          isSaidPlainly(softly, command, ran);
        });
    softly.assertAll();
  }

  @Test
  void expiredCredentialsAreSaidToBe() {
    api.answeringAllElse(() -> FakeApi.status(401, "Unauthorized", "Unauthorized"));
    eachSays("your credentials are missing or have expired");
  }

  @Test
  void anApiServerInTroubleIsQuoted() {
    api.answeringAllElse(
        () -> FakeApi.status(500, "InternalError", "etcdserver: request timed out"));
    eachSays("etcdserver: request timed out");
  }

  /** What a proxy or a hotel's network answers in its place. */
  @Test
  void aLoginPageIsNoApiServer() {
    for (String page : List.of("<html><body>Log in first</body></html>", "{{ % @ not : yaml")) {
      api.answeringAllElse(() -> FakeApi.page(200, page));
      eachSays("what answers is no Kubernetes API server");
    }
  }

  @Test
  void nothingIsNoAnswerOfAnApiServer() {
    api.answeringAllElse(() -> FakeApi.page(200, ""));
    eachSays(
        COMMANDS.stream().filter(each -> !each.endsWith(" all")).toList(),
        "what answers is no Kubernetes API server");
  }

  private void eachSays(String what) {
    eachSays(COMMANDS, what);
  }

  private void eachSays(List<String> commands, String what) {
    var softly = new SoftAssertions();
    for (String command : commands) {
      var ran = api.run(command.split(" "));
      softly.assertThat(ran.err()).as(command).contains(what);
      isSaidPlainly(softly, command, ran);
    }
    softly.assertAll();
  }

  private static void isSaidPlainly(SoftAssertions softly, String command, FakeApi.Ran ran) {
    softly.assertThat(ran.status()).as(command).isEqualTo(1);
    softly.assertThat(ran.err()).as(command).doesNotContain("Exception", "\tat ");
    softly.assertThat(ran.err().lines()).as(command).hasSizeLessThan(5);
    softly
        .assertThat(ran.err().lines())
        .as(command)
        .allMatch(line -> line.startsWith("kubectl backlog: "));
  }

  @Test
  void aReaderThatHasSeenEnoughEndsAWatch() {
    api.withProbes(1)
        .answering(
            FakeApi.metricsOf(0), FakeApi.probe(FakeApi.listener("shop", "full", 3, 5, 6, 6, 34)));
    // As "| head -1": the pipe breaks at some write, and Java is not ended by SIGPIPE.
    int status = api.runIntoAClosedPipe("top", "--watch", "--interval", "0.5");
    assertThat(status).isZero();
  }
}
