package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Omitted;
import io.listenbacklog.api.Restoration;
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

class StatusBuilderTest {
  /** What etcd refuses an object of (--max-request-bytes). */
  private static final int ETCD_BYTES = 1_572_864;

  private final Node node;

  StatusBuilderTest(@TempDir Path folder) {
    node = new Node(folder);
  }

  @Test
  void aPodWithFiveThousandListenersFitsIntoAnObject() throws IOException {
    var pod = node.pod();
    var process = pod.start("api");
    for (int port = 1; port <= 5_000; port++) process.listen("::ffff:10.255.255.254", port, 5);

    node.spec(enforce(pod));

    int told = StatusBuilder.MOST_LISTENERS_OF_POD;
    assertThat(node.status().listeners()).hasSize(told);
    assertThat(node.status().omitted()).isEqualTo(new Omitted(5_000 - told, 0, 0));
    var counts = node.status().policies().getFirst().listeners();
    assertThat(counts.total()).isEqualTo(5_000);
    assertThat(counts.remedied()).isEqualTo(5_000);
    assertThat(Json.mapper().writeValueAsBytes(node.status())).hasSizeLessThan(100_000);
  }

  /** They stay for ten minutes, in which each new pod of anybody has all of it written anew. */
  @Test
  void whatWasUndoneOfAPodWithFiveHundredListenersMakesNoLargeObject() throws IOException {
    var pod = node.podOf("tenant");
    var process = pod.start("api");
    for (int port = 1; port <= 500; port++) process.listen("0.0.0.0", port, 5);
    var other = node.podOf("victim");
    other.start("api").listen("0.0.0.0", 8080, 5);
    node.spec(enforce(pod, other));

    node.spec();

    assertThat(restorationsOf(pod)).hasSize(10);
    assertThat(restorationsOf(other)).hasSize(1);
    assertThat(node.status().omitted()).isEqualTo(new Omitted(0, 0, 490));
    assertThat(Json.mapper().writeValueAsBytes(node.status())).hasSizeLessThan(6_000);
  }

  /** One namespace each, so that what bounds them is what a node may have to tell. */
  @Test
  void manyPodsWithManyListenersFitIntoAnObject() throws IOException {
    var needs = new ArrayList<Node.Need>();
    for (int i = 0; i < 20; i++) {
      var pod = node.podOf("namespace-" + i);
      var process = pod.start("api");
      for (int port = 1; port <= 120; port++) process.listen("::ffff:10.255.255.254", port, 5);
      needs.add(enforce(pod));
    }

    node.spec(needs.toArray(Node.Need[]::new));

    assertThat(node.status().listeners()).hasSize(StatusBuilder.MOST_LISTENERS);
    assertThat(Json.mapper().writeValueAsBytes(node.status())).hasSizeLessThan(ETCD_BYTES);
    assertThat(listenersOfEachPod()).allMatch(of -> of == StatusBuilder.MOST_LISTENERS / 20);
  }

  /** Each new pod of anybody on that node waits the longer for its requirement. */
  @Test
  void whatTheManyPodsOfOneNamespaceHaveRaisedMakesNoLargeObject() throws IOException {
    var pods = new ArrayList<Node.Pod>();
    var sockets = new ArrayList<FakeSocket>();
    for (int i = 0; i < 12; i++) {
      var pod = node.podOf("tenant");
      var process = pod.start("proxy");
      for (int port = 1; port <= 100; port++) sockets.add(process.listen("0.0.0.0", port, 5));
      pods.add(pod);
    }
    var victim = node.podOf("victim");
    var few = victim.start("api");
    for (int port = 1; port <= 60; port++) few.listen("0.0.0.0", port, 5);
    pods.add(victim);

    node.spec(enforce(pods.toArray(Node.Pod[]::new)));

    var listeners = node.status().listeners();
    assertThat(Json.mapper().writeValueAsBytes(node.status())).hasSizeLessThan(110_000);
    assertThat(listeners).filteredOn(each -> isOf(victim, each)).hasSize(60);
    assertThat(listenersOfEachPod()).hasSize(13).allMatch(of -> of > 5);
    assertThat(node.status().omitted())
        .isEqualTo(new Omitted(12 * 100 + 60 - listeners.size(), 0, 0));
    assertThat(node.status().policies().getFirst().listeners().remedied()).isEqualTo(1_260);
    node.spec();
    assertThat(sockets).extracting(FakeSocket::backlog).containsOnly(5);
  }

  private List<Restoration> restorationsOf(Node.Pod pod) {
    return node.status().restorations().stream()
        .filter(each -> each.pod().uid().equals(pod.pod().uid()))
        .toList();
  }

  private static boolean isOf(Node.Pod pod, NodeListener listener) {
    return listener.pod().uid().equals(pod.pod().uid());
  }

  /** Above the share of their namespace, as many as any namespace can have pods on a node. */
  @Test
  void fiveOfEachPodAreToldHoweverManyPodsTheirNamespaceHas() {
    var needs = new ArrayList<Node.Need>();
    for (int i = 0; i < 110; i++) {
      var pod = node.podOf("tenant");
      var process = pod.start("api");
      for (int port = 1; port <= 30; port++) process.listen("0.0.0.0", port, 5);
      needs.add(enforce(pod));
    }

    node.spec(needs.toArray(Node.Need[]::new));

    assertThat(listenersOfEachPod()).hasSize(110).allMatch(of -> of == 5);
  }

  @Test
  void fiveListenersOfEachPodAreToldBeforeAnyPodsSixth() {
    var needs = new ArrayList<Node.Need>();
    for (int i = 0; i < 230; i++) {
      var pod = node.pod();
      var process = pod.start("api");
      for (int port = 1; port <= (i < 20 ? 200 : 6); port++) process.listen("0.0.0.0", port, 5);
      needs.add(enforce(pod).mode(i % 2 == 0 ? Mode.OBSERVE : Mode.ENFORCE));
    }

    node.spec(needs.toArray(Node.Need[]::new));

    assertThat(listenersOfEachPod()).hasSize(230).allMatch(of -> of == 5 || of == 6);
  }

  @Test
  void remediedListenersAreToldBeforeTheWidestGaps() {
    var raised = node.pod();
    var observed = node.pod();
    var socket = raised.start("api").listen("0.0.0.0", 9876, 5);
    var many = observed.start("api");
    var worst = many.listen("0.0.0.0", 2_000, 1);
    for (int port = 1; port <= 1_500; port++) many.listen("0.0.0.0", port, 60);

    node.spec(enforce(raised), enforce(observed).mode(Mode.OBSERVE).policy("look"));

    assertThat(node.status().listeners()).hasSize(StatusBuilder.MOST_LISTENERS_OF_POD + 1);
    assertThat(node.told(socket)).isPresent();
    assertThat(node.told(worst)).isPresent();
  }

  @Test
  void whatOnePodHasRaisedHidesNoStallOfAnother() {
    node.stallAfterMillis = 5_000;
    var tenant = node.pod();
    var proxy = tenant.start("proxy");
    for (int port = 1; port <= 1_500; port++) proxy.listen("0.0.0.0", port, 5);
    var victim = node.server(5);
    victim.socket().connected();

    node.spec(enforce(tenant), enforce(victim.pod()).mode(Mode.OBSERVE).policy("o"));
    node.pass(Duration.ofSeconds(10));

    assertThat(node.told(victim.socket()).orElseThrow().stall()).isNotNull();
  }

  @Test
  void aPodsOwnStallIsToldBeforeWhatWasRaisedOfIt() {
    node.stallAfterMillis = 5_000;
    var pod = node.pod();
    var process = pod.start("proxy");
    for (int port = 1; port <= 300; port++) process.listen("0.0.0.0", port, 5);
    var stalled = process.listen("0.0.0.0", 60_000, 5);
    stalled.connected();

    node.spec(enforce(pod));
    node.pass(Duration.ofSeconds(10));

    assertThat(node.told(stalled).orElseThrow().stall()).isNotNull();
  }

  private List<Long> listenersOfEachPod() {
    return List.copyOf(
        node.status().listeners().stream()
            .collect(groupingBy(each -> each.pod().uid(), counting()))
            .values());
  }

  @Test
  void aPolicyWithoutRunningPodsIsTold() {
    var pod = node.pod();

    node.spec(enforce(pod));

    var policy = node.status().policies().getFirst();
    assertThat(policy.pods()).isZero();
    assertThat(policy.listeners().total()).isZero();
  }

  @Test
  void twoReportsOfTheSameAreTheSame() {
    var pod = node.pod();
    var process = pod.start("api");
    for (int port = 100; port > 0; port--) process.listen("0.0.0.0", port, 5);
    node.spec(enforce(pod));
    var before = node.status();

    node.restart();
    node.spec(enforce(pod));

    assertThat(node.status().listeners().stream().map(NodeListener::address).toList())
        .isEqualTo(before.listeners().stream().map(NodeListener::address).toList());
  }
}
