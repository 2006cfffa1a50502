package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.kernel.fake.FakeSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever there is to do, no step of it takes long, and others are served in between. */
class LongStepsTest {
  private static final int MANY = 1_000;
  private static final Duration BRIEF = Duration.ofMillis(25);

  @TempDir private Path folder;
  private Node node;
  private Node.Pod greedy;
  private List<FakeSocket> sockets;

  @BeforeEach
  void start() {
    node = new Node(folder);
    greedy = node.pod();
    var process = greedy.start("api");
    sockets = new ArrayList<>();
    for (int each = 0; each < MANY; each++) {
      sockets.add(process.listen("0.0.0.0", 1024 + each, 5));
    }
    node.tricky.beforeRaise = () -> node.takes(Duration.ofMillis(1));
    node.tricky.beforeRestore = () -> node.takes(Duration.ofMillis(1));
  }

  @Test
  void aThousandRaisesAreManyShortSteps() {
    node.spec(enforce(greedy));

    assertThat(sockets).extracting(FakeSocket::backlog).containsOnly(64);
    assertThat(node.longestStepNanos).isLessThan(BRIEF.toNanos());
  }

  @Test
  void aThousandThatArePutBackAreManyShortSteps() {
    node.spec(enforce(greedy));
    node.longestStepNanos = 0;

    node.spec();

    assertThat(sockets).extracting(FakeSocket::backlog).containsOnly(5);
    assertThat(node.longestStepNanos).isLessThan(BRIEF.toNanos());
  }

  /** A pod of a thousand processes, each with a listener that has enough. */
  private Node.Pod crowd() {
    var crowd = node.pod();
    for (int each = 0; each < MANY; each++) crowd.start("api").listen("0.0.0.0", 1024 + each, 64);
    return crowd;
  }

  /** Those that are identified from now on, each of which takes its time. */
  private List<Integer> identified() {
    var identified = new ArrayList<Integer>();
    node.tricky.atFacts =
        pid -> {
          node.takes(Duration.ofMillis(1));
          identified.add(pid);
        };
    return identified;
  }

  @Test
  void aThousandOwnersAreIdentifiedInManyShortStepsEachOnce() {
    var crowd = crowd();
    var identified = identified();

    node.spec(enforce(crowd));
    node.pass(Duration.ofSeconds(10));

    assertThat(identified).hasSize(MANY).doesNotHaveDuplicates();
    assertThat(node.longestStepNanos).isLessThan(BRIEF.toNanos());
  }

  @Test
  void theOwnerOfAnotherIsIdentifiedInBetween() {
    var crowd = crowd();
    var victim = node.server(64);
    var identified = identified();

    node.spec(enforce(crowd, victim.pod()));
    node.pass(Duration.ofSeconds(10));

    assertThat(identified).hasSize(MANY + 1);
    assertThat(identified.indexOf(victim.process().pid())).isLessThan(MANY / 10);
  }

  @Test
  void theBirthOfAnotherIsServedInBetween() {
    var victim = node.pod();
    var process = victim.start("api");
    node.begin(enforce(greedy, victim));
    while (raised() < MANY / 4) node.current().step();

    var born = process.listen("0.0.0.0", 80, 5);
    node.born(process, born);

    assertThat(born.backlog()).isEqualTo(64);
    assertThat(raised()).isLessThan(MANY / 2);
  }

  @Test
  void theSweepsOfOthersGoOnInBetween() {
    var victim = node.server(5);
    node.begin(enforce(greedy, victim.pod()));

    while (victim.backlog() != 64) node.current().step();

    assertThat(raised()).isLessThan(MANY / 10);
  }

  /** What is not judged yet is not said to be sufficient. */
  @Test
  void whatIsNotJudgedYetIsToldAsNotSeen() {
    node.begin(enforce(greedy));
    while (node.statuses.isEmpty()) node.current().step();

    ListenerCounts told = node.status().policies().getFirst().listeners();
    assertThat(raised()).isLessThan(MANY);
    assertThat(told.unobservable() + told.remedied()).isGreaterThanOrEqualTo(MANY);
  }

  private long raised() {
    return sockets.stream().filter(each -> each.backlog() == 64).count();
  }

  /** Who changes the spec all the time keeps nobody from being swept, told, and ready. */
  @Test
  void aSpecThatChangesAllTheTimeEndsNoSweep() {
    node.tricky.beforeRaise = () -> {};
    var victims = new ArrayList<Node.Server>();
    for (int each = 0; each < 100; each++) victims.add(node.server(5));
    var pods = victims.stream().map(Node.Server::pod).toArray(Node.Pod[]::new);
    node.tricky.beforeVisit = () -> node.takes(Duration.ofMillis(1));

    for (int change = 0; change < 300; change++) {
      node.begin(enforce(pods).minimum(64 + change % 2));
      for (int steps = 0; steps < 20; steps++) node.current().step();
      node.takes(Duration.ofMillis(10));
    }

    assertThat(victims).extracting(Node.Server::backlog).allMatch(it -> it >= 64);
    assertThat(node.current().ready()).isTrue();
    assertThat(node.status().observedGeneration()).isGreaterThan(200);
  }
}
