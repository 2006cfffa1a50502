package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Reopened;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that are opened anew at the address of one before them. */
class ReopenedTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;
  private FakeProcess process;

  @BeforeEach
  void start() {
    node = new Node(folder);
    pod = node.pod();
    process = pod.start("api");
  }

  private FakeSocket open(int port, int backlog) {
    var socket = process.listen("0.0.0.0", port, backlog);
    node.born(process, socket);
    node.pass(Duration.ofSeconds(13)); // older than what is too young to be told
    return socket;
  }

  private @Nullable Reopened reopened(FakeSocket socket) {
    return node.told(socket).map(NodeListener::reopened).orElse(null);
  }

  private FakeSocket openAnew(FakeSocket before, int backlog) {
    process.close(before);
    return open(before.id().port(), backlog);
  }

  @Test
  void oneThatIsTooSmallAgainAndAgainIsCountedFromTheFirst() {
    node.spec(enforce(pod).mode(Mode.OBSERVE));
    var socket = open(9876, 5);
    var first = node.told(socket).orElseThrow().since();
    assertThat(reopened(socket)).isNull();

    for (int times = 2; times <= 20; times++) {
      socket = openAnew(socket, 5);
      assertThat(reopened(socket)).isEqualTo(new Reopened(times, first));
    }
  }

  @Test
  void oneThatIsRaisedAgainIsCountedFromTheFirstRaise() {
    node.spec(enforce(pod));
    var socket = open(9876, 5);
    var first = node.remedy(socket).at();

    socket = openAnew(socket, 5);

    assertThat(reopened(socket)).isEqualTo(new Reopened(2, first));
    assertThat(node.remedy(socket).at()).isAfter(first);
  }

  @Test
  void aContainerThatIsKilledAndStartsAgainHasReopened() {
    node.spec(enforce(pod));
    var before = open(9876, 5);
    var first = node.remedy(before).at();

    process.exit();
    process = pod.start("api");
    var after = open(9876, 5);

    assertThat(reopened(after)).isEqualTo(new Reopened(2, first));
  }

  @Test
  void whatIsTrueOfItIsAnotherStory() {
    node.spec(enforce(pod).mode(Mode.OBSERVE));
    var socket = openAnew(open(9876, 5), 10);

    assertThat(reopened(socket)).isNull();
  }

  @Test
  void anHourLaterIsAnotherStory() {
    node.spec(enforce(pod).mode(Mode.OBSERVE));
    process.close(open(9876, 5));
    node.pass(Duration.ofMinutes(61));

    assertThat(reopened(open(9876, 5))).isNull();
  }

  @Test
  void aProbeThatBeginsAgainCountsOn() {
    node.spec(enforce(pod).mode(Mode.OBSERVE));
    var socket = openAnew(openAnew(open(9876, 5), 5), 5);
    var told = reopened(socket);
    var status = node.status();

    node.restart();
    node.spec(status, enforce(pod).mode(Mode.OBSERVE));
    assertThat(reopened(socket)).isEqualTo(told);

    assertThat(reopened(openAnew(socket, 5))).extracting(Reopened::times).isEqualTo(4);
  }

  @Test
  void anyNumberOfPortsIsRememberedWithinBounds() {
    node.spec(enforce(pod).mode(Mode.OBSERVE));
    var early = open(1, 5);
    process.close(early);
    for (int port = 2; port <= 100; port++) process.close(open(port, 5));

    assertThat(reopened(open(1, 5))).as("forgotten").isNull();
    assertThat(reopened(open(100, 5))).isNotNull();
  }
}
