package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmallCommandsTest {
  private final FakeApi api = new FakeApi();

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void eventsAreOursAlone() {
    api.answering(
        "/apis/events.k8s.io/v1/namespaces/shop/events",
        FakeApi.list(
            "EventList",
            """
            {"metadata": {"namespace": "shop", "name": "e1"}, "eventTime": "2026-11-28T09:00:00.000000Z",
             "reportingController": "listenbacklog.io", "type": "Warning", "reason": "ListenOverflow",
             "regarding": {"kind": "Pod", "namespace": "shop", "name": "web-1"}, "note": "was full",
             "series": {"count": 7, "lastObservedTime": "2026-11-28T09:10:00.000000Z"}},
            {"metadata": {"namespace": "shop", "name": "e2"}, "eventTime": "2026-11-28T09:05:00.000000Z",
             "reportingController": "listenbacklog.io", "type": "Normal", "reason": "BacklogRaised",
             "regarding": {"kind": "Pod", "namespace": "shop", "name": "web-2"}, "note": "raised"},
            {"metadata": {"namespace": "shop", "name": "e3", "creationTimestamp": "2026-11-28T09:00:00Z"},
             "reportingController": "kubelet", "type": "Normal", "reason": "Pulled",
             "regarding": {"kind": "Pod", "namespace": "shop", "name": "web-1"}, "note": "image"}
            """));

    var lines = api.run("events").out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1)).contains("BacklogRaised", "Pod/web-2", "raised");
    assertThat(lines.get(2)).contains("ListenOverflow", "Pod/web-1", "7", "was full");
    assertThat(api.run("events", "web-2", "--no-headers").out()).contains("web-2").hasLineCount(1);
    assertThat(api.run("events", "-o", "json").out())
        .contains("\"reason\" : \"ListenOverflow\"", "\"last\" : \"2026-11-28T09:10:00Z\"");
    assertThat(api.run("events", "none").err()).contains("no Events in namespace shop");
  }

  @Test
  void versionIsOfBothSides() {
    api.answering(
        "/apis/apps/v1/deployments",
        FakeApi.list(
            "DeploymentList",
            "{\"metadata\": {\"labels\": {\"app.kubernetes.io/version\": \"0.0.9\"}}}"));

    var ran = api.run("version");

    assertThat(ran.out()).containsPattern("client: +\\S+\noperator: 0.0.9\n");
    assertThat(ran.err()).contains("of different versions");
    assertThat(api.run("version", "--client").out()).hasLineCount(1);
  }

  @Test
  void withoutAnOperatorVersionSaysSo() {
    api.answering("/apis/apps/v1/deployments", FakeApi.list("DeploymentList", ""));

    assertThat(api.run("version").err()).contains("no operator is installed");
  }

  @Test
  void kubectlsOwnCompletionIsAnswered() {
    assertThat(api.run("__complete", "to").out()).isEqualTo("top\n:4\n");
    assertThat(api.run("__complete", "").out())
        .contains("doctor\n", "recommend\n")
        .doesNotContain("__complete");
    assertThat(api.run("__complete", "top", "").out()).isEqualTo(":4\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void eachShellHasAScript(String shell) {
    assertThat(api.run("completion", shell).out()).contains("kubectl-backlog", "complete");
  }

  @Test
  void aTerminalIsOneWithColourUnlessSomebodyObjects() {
    var env = Map.of(Terminal.COLUMNS, "132", "TERM", "xterm");
    assertThat(Terminal.of(() -> true, env)).isEqualTo(new Terminal(132, true));
    assertThat(Terminal.of(() -> false, Map.of("TERM", "xterm"))).isEqualTo(Terminal.NONE);
    assertThat(Terminal.of(() -> true, Map.of(Terminal.COLUMNS, ""))).isEqualTo(Terminal.NONE);
    assertThat(Terminal.of(() -> true, Map.of("NO_COLOR", "1"))).isEqualTo(new Terminal(0, false));
    assertThat(Terminal.of(() -> true, Map.of("TERM", "dumb", "COLUMNS", "wide")))
        .isEqualTo(new Terminal(0, false));
    assertThat(Terminal.of(() -> true, Map.of("COLUMNS", "7")).columns()).isEqualTo(20);
  }
}
