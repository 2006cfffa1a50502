package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.ContainerBacklogs;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.Omitted;
import io.listenbacklog.api.PodBacklogs;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.probe.json.Json;
import io.listenbacklog.probe.report.StatusBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of the pods whose policy has {@code appConfig}: each by itself. */
class AppConfigPodsTest {
  private final Node node;

  AppConfigPodsTest(@TempDir Path folder) {
    node = new Node(folder);
  }

  @Test
  void eachPodIsToldByItself() {
    var first = node.server(128);
    var second = node.server(5);
    var silent = node.pod();
    silent.start("api");

    node.spec(enforce(first.pod(), second.pod(), silent).mode(Mode.OBSERVE).withAppConfig());
    node.sweep();

    assertThat(told(first.pod())).containsExactly(new ContainerBacklogs("api", 1, 1, 0));
    assertThat(told(second.pod())).containsExactly(new ContainerBacklogs("api", 1, 0, 0));
    assertThat(told(silent)).isEmpty();
  }

  @Test
  void whatWasRaisedIsStillWhatTheApplicationAskedFor() {
    var server = node.server(5);

    node.spec(enforce(server).withAppConfig());
    node.sweep();

    assertThat(server.backlog()).isEqualTo(64);
    assertThat(told(server.pod())).containsExactly(new ContainerBacklogs("api", 1, 0, 0));

    server.listen(128);
    node.listing();
    assertThat(told(server.pod())).containsExactly(new ContainerBacklogs("api", 1, 1, 0));
  }

  @Test
  void nothingIsToldWherePoliciesHaveNoAppConfig() {
    node.spec(enforce(node.server(128)));
    node.sweep();
    assertThat(node.status().pods()).isNull();
  }

  @Test
  void onlyPodsOfPoliciesThatHaveItAreTold() {
    var its = node.server(128);
    var others = node.server(128);
    node.spec(enforce(its).withAppConfig(), enforce(others).policy("plain"));
    node.sweep();
    assertThat(requireNonNull(node.status().pods()))
        .extracting(PodBacklogs::pod)
        .containsExactly(its.pod().pod().reference());
  }

  @Test
  void aSidecarsListenersAreItsOwn() {
    var pod = node.pod();
    pod.start("api").listen("0.0.0.0", 9876, 5);
    var proxy = pod.start("proxy");
    proxy.listen("0.0.0.0", 15_001, 4_096);
    proxy.listen("0.0.0.0", 15_006, 4_096);

    node.spec(enforce(pod).mode(Mode.OBSERVE).withAppConfig());
    node.sweep();

    assertThat(told(pod))
        .containsExactly(
            new ContainerBacklogs("api", 1, 0, 0), new ContainerBacklogs("proxy", 2, 2, 0));
  }

  @Test
  void whatSomaxconnCutIsToldApart() {
    var pod = node.pod();
    pod.namespace().somaxconn(128);
    var process = pod.start("api");
    node.spec(enforce(pod).minimum(512).remedies(Remedy.RELISTEN).withAppConfig());
    born(process, process.listen("0.0.0.0", 9876, 1_024));
    born(process, process.listen("0.0.0.0", 9877, 100));
    node.pass(Duration.ofSeconds(12)); // none of them is young any more

    assertThat(told(pod)).containsExactly(new ContainerBacklogs("api", 2, 0, 1));
  }

  @Test
  void whatIsExemptOrNotAskedForDoesNotCount() {
    var pod = node.pod();
    var process = pod.start("api");
    process.listen("0.0.0.0", 9876, 128);
    process.listen("0.0.0.0", 9877, 5);
    process.listen("0.0.0.0", 9878, 5);
    node.spec(
        enforce(pod)
            .minimum(null)
            .port(
                new NodePort(9876, null, 64, null, false),
                new NodePort(9877, null, null, null, true))
            .withAppConfig());
    node.sweep();

    assertThat(told(pod)).containsExactly(new ContainerBacklogs("api", 1, 1, 0));
  }

  @Test
  void aPodWithoutAProcessIsNotTold() {
    var pod = node.pod();
    node.spec(enforce(pod).withAppConfig());
    assertThat(node.status().pods()).isEmpty();

    pod.start("api").listen("0.0.0.0", 9876, 128);
    node.sweep();
    assertThat(told(pod)).containsExactly(new ContainerBacklogs("api", 1, 1, 0));
  }

  @Test
  void aPodThatCannotBeLookedAtIsNotTold() {
    var server = node.server(128);
    node.spec(enforce(server).withAppConfig());
    node.sweep();
    assertThat(node.status().pods()).hasSize(1);

    server.namespace().breakWith(new IOException("no such namespace"));
    node.listing();
    assertThat(node.status().pods()).isEmpty();
  }

  /** What is left out is counted: else it would be waited for, and nobody knew why. */
  @Test
  void morePodsThanThereIsRoomForAreCounted() throws Exception {
    var pods = new ArrayList<Node.Pod>();
    for (int i = 0; i < StatusBuilder.MOST_PODS + 20; i++) {
      var pod = node.podOf("namespace-" + i % 50);
      pod.start("api").listen("0.0.0.0", 9876, 128);
      pods.add(pod);
    }
    node.spec(enforce(pods.toArray(Node.Pod[]::new)).withAppConfig());
    node.sweep();

    assertThat(node.status().pods()).hasSize(StatusBuilder.MOST_PODS);
    assertThat(node.status().omitted()).isEqualTo(new Omitted(0, 0, 0, 20));
    assertThat(Json.mapper().writeValueAsBytes(requireNonNull(node.status().pods())))
        .hasSizeLessThan(StatusBuilder.POD_BYTES);
  }

  private void born(FakeProcess process, FakeSocket socket) {
    node.born(process, socket);
    node.settle();
  }

  private List<ContainerBacklogs> told(Node.Pod pod) {
    return requireNonNull(node.status().pods()).stream()
        .filter(each -> each.pod().uid().equals(pod.pod().uid()))
        .map(PodBacklogs::containers)
        .findFirst()
        .orElseThrow();
  }
}
