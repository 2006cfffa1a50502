package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.policy.event.EventDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A probe goes on from what the version before has left. The files are what the probe of commit
 * 50625c3 wrote in this test's situation: on a node of its own test fixture, of the same name, two
 * pods listened with 5, and with 511 under a somaxconn of 128; a policy asked for 200; then three
 * attempts too many were made at the first.
 */
class TakeoverTest {
  private static final String FILES = "/io/listenbacklog/probe/loop/takeover-50625c3/";

  @TempDir private Path folder;

  private Node node;
  private Node.Server small;
  private Node.Pod cappedPod;
  private FakeSocket capped;
  private NodeBacklogStatus left;

  @BeforeEach
  void restart() throws IOException {
    copy("journal");
    left = Node.JSON.readValue(read("status.json"), NodeBacklogStatus.class);
    node = new Node(folder);
    small = node.server(5);
    cappedPod = node.pod();
    cappedPod.namespace().somaxconn(128);
    var process = cappedPod.start("api");
    capped = process.listen("0.0.0.0", 9877, 511);
    assertThat(capped.backlog()).isEqualTo(128);
    // As the probe before has left them.
    small.listen(200);
    cappedPod.namespace().somaxconn(200);
    capped.listen(process, 200);
    assertThat(left.listeners())
        .extracting(each -> each.inode(), each -> each.backlog())
        .contains(
            org.assertj.core.groups.Tuple.tuple(small.socket().inode(), 200),
            org.assertj.core.groups.Tuple.tuple(capped.inode(), 200));
  }

  @Test
  void whatItRaisedIsUndoneOnceNobodyAsks() {
    node.spec(left, asked());
    assertThat(node.remembered()).isEqualTo(3);
    node.spec();
    node.sweep();
    assertThat(small.backlog()).isEqualTo(5);
    assertThat(capped.backlog()).isEqualTo(128);
    assertThat(cappedPod.namespace().somaxconn()).isEqualTo(128);
    assertThat(node.remembered()).isZero();
  }

  @Test
  void itsJournalAloneIsEnoughForThat() {
    node.spec(asked());
    node.spec();
    node.sweep();
    assertThat(small.backlog()).isEqualTo(5);
    assertThat(cappedPod.namespace().somaxconn()).isEqualTo(128);
    assertThat(node.remembered()).isZero();
  }

  @Test
  void itsStatusAloneIsEnoughForThat() throws IOException {
    Files.delete(folder.resolve("journal"));
    node.restart();
    node.spec(left, asked());
    node.spec();
    node.sweep();
    assertThat(small.backlog()).isEqualTo(5);
    assertThat(cappedPod.namespace().somaxconn()).isEqualTo(128);
  }

  @Test
  void noEventIsWrittenAgain() {
    var before = names(node.events(left));
    assertThat(before).isNotEmpty();
    node.spec(left, asked());
    node.listing();
    for (var status : node.statuses) assertThat(names(node.events(status))).isSubsetOf(before);
    assertThat(names(node.events(node.statuses.getFirst()))).hasSameElementsAs(before);
  }

  private Node.Need asked() {
    return enforce(small.pod(), cappedPod).minimum(200);
  }

  private static List<String> names(List<EventDraft> events) {
    return events.stream().flatMap(each -> each.eventNames().stream()).toList();
  }

  private void copy(String name) throws IOException {
    Files.write(folder.resolve(name), read(name));
  }

  private static byte[] read(String name) throws IOException {
    try (var file = TakeoverTest.class.getResourceAsStream(FILES + name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    }
  }
}
