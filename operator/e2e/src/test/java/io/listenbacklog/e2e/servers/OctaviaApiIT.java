package io.listenbacklog.e2e.servers;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The server that this operator was written for, as OpenStack ships it. */
@OnTestCluster
class OctaviaApiIT {

  @Test
  void itIsExplainedRaisedAndToldWhenASilentClientHoldsIt(
      TestCluster cluster, TestNamespace namespace) {
    var octavia = new ServerPods(cluster, namespace).start(List.of(Server.octavia())).getFirst();

    namespace.policy("octavia-api", "{mode: Observe, minimum: 64}");
    eventually(
        () ->
            assertThat(notes(octavia, EventReasons.BACKLOG_TOO_SMALL))
                .singleElement()
                .asString()
                .contains("a backlog of 5", "(octavia-api, pid ", "request_queue_size"));

    namespace.policy("octavia-api", "{mode: Enforce, minimum: 64}");
    namespace.awaitCondition("octavia-api", "Compliant", "True");
    assertThat(octavia.listeners()).singleElement().matches(each -> each.backlog() == 64);
    octavia.ask();

    try (var background = Executors.newVirtualThreadPerTaskExecutor()) {
      background.execute(() -> octavia.crowd(4, Duration.ofSeconds(20)).run());
      eventually(
          () ->
              assertThat(notes(octavia, EventReasons.ACCEPT_STALLED))
                  .singleElement()
                  .asString()
                  .contains(
                      "0.0.0.0:9876", "waits in recvfrom for ", "which has sent nothing for "));
    }
    octavia.ask();
  }

  private static List<String> notes(RunningServer server, String reason) {
    return server.namespace().events(server.pod()).stream()
        .filter(event -> event.getReason().equals(reason))
        .map(Event::getNote)
        .toList();
  }
}
