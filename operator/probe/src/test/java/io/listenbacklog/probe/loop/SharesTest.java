package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Condition;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.kernel.socket.UnixListenerTable;
import io.listenbacklog.probe.budget.Budgets;
import io.listenbacklog.probe.budget.Budgets.RaisedShares;
import io.listenbacklog.probe.budget.Budgets.Rate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod that wants more than its share is told to, and takes nothing from another. */
class SharesTest {
  private static final int OF_POD = 200;
  private static final int ALL = 250;
  private static final int SURE = 4;
  private static final int RAISED_OF_POD = 220;
  private static final int RAISED_OF_NAMESPACE = 280;
  private static final int RAISED = 300;

  @TempDir private Path folder;
  private Node node;

  @BeforeEach
  void start() {
    node = new Node(folder);
    begin(Budgets.STANDARD.raised());
  }

  private void begin(RaisedShares raised) {
    node.budgets =
        new Budgets(
            Duration.ofMillis(20),
            new Rate(10_000, 200_000),
            new Rate(50_000, 400_000),
            OF_POD,
            ALL,
            SURE,
            raised,
            8,
            20,
            2,
            new Rate(250_000_000, 2_000_000_000),
            new Rate(500_000_000, 4_000_000_000L),
            new Rate(250_000_000, 500_000_000),
            new Rate(100_000_000, 1_000_000_000),
            new Rate(250_000_000, 2_000_000_000));
    node.restart();
  }

  private List<FakeSocket> listen(Node.Pod pod, int count) {
    return listen(pod.start("api"), count);
  }

  private static List<FakeSocket> listen(FakeProcess process, int count) {
    var sockets = new ArrayList<FakeSocket>();
    for (int each = 0; each < count; each++) {
      sockets.add(process.listen("0.0.0.0", 1024 + each, 5));
    }
    return sockets;
  }

  private static long raised(List<FakeSocket> sockets) {
    return sockets.stream().filter(each -> each.backlog() == 64).count();
  }

  private Condition visibility() {
    return node.status().capabilities().stream()
        .filter(each -> each.type().equals("Visibility"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void listenersAboveTheShareOfAPodAreCountedAndTold() {
    var greedy = node.pod();
    var sockets = listen(greedy, OF_POD + 50);
    var victim = node.server(5);

    node.spec(enforce(greedy, victim.pod()));

    assertThat(raised(sockets)).isEqualTo(OF_POD);
    assertThat(victim.backlog()).isEqualTo(64);
    assertThat(visibility().status()).isEqualTo("False");
    assertThat(visibility().message())
        .contains(greedy.pod().name())
        .contains("50 of the listeners in its network namespace are not watched")
        .doesNotContain(victim.pod().pod().name() + ":");
  }

  private List<FakeSocket> listenUnix(Node.Pod pod, int from, int count) {
    var process = pod.start("php");
    return IntStream.range(from, from + count)
        .mapToObj(each -> process.listenUnix("/run/" + each + ".sock", 5))
        .toList();
  }

  /** Nobody has to ask for them: policies observe them unless they say otherwise. */
  @Test
  void unixListenersAboveTheShareOfAPodAreCountedAndTold() {
    var greedy = node.pod();
    listenUnix(greedy, 0, OF_POD + 50);
    var victim = node.server(5);

    node.spec(enforce(greedy, victim.pod()));

    assertThat(watched(greedy)).isEqualTo(OF_POD);
    assertThat(victim.backlog()).isEqualTo(64);
    assertThat(visibility().message())
        .contains(greedy.pod().name())
        .contains("50 of the listeners in its network namespace are not watched")
        .doesNotContain(victim.pod().pod().name() + ":");
  }

  @Test
  void tcpAndUnixListenersOfAPodHaveOneShare() {
    var greedy = node.pod();
    var tcp = listen(greedy, OF_POD - 50);
    listenUnix(greedy, 0, 80);

    node.spec(enforce(greedy));

    assertThat(raised(tcp)).isEqualTo(OF_POD - 50);
    assertThat(watched(greedy)).isEqualTo(OF_POD);
    assertThat(visibility().message()).contains("30 of the listeners");
  }

  /** What was raised of it is found again when there are fewer, and put back. */
  @Test
  void ofMoreUnixListenersThanTheKernelIsAskedForNoneThatWasRaisedIsForgotten() {
    var greedy = node.pod();
    var raised = listenUnix(greedy, 0, 20);
    node.spec(enforce(greedy).unix(UnixListeners.GOVERN));
    assertThat(raised(raised)).isEqualTo(20);
    var process = greedy.start("more");
    var more =
        IntStream.range(0, UnixListenerTable.MOST)
            .mapToObj(each -> process.listenUnix("/more/" + each, 5))
            .toList();
    var late = Set.copyOf(more);
    // They come first from now on, as those of another bucket of the kernel's would.
    greedy.namespace().unixInOrder(Comparator.comparing(each -> !late.contains(each)));
    for (int i = 0; i < 4; i++) node.listing();

    more.forEach(process::close);
    node.spec();
    for (int i = 0; i < 2; i++) node.listing();

    assertThat(raised).extracting(FakeSocket::backlog).containsOnly(5);
  }

  private int watched(Node.Pod pod) {
    var samples = node.current().samples(1_000).listed();
    return (int) samples.stream().filter(each -> each.pod().equals(pod.pod().name())).count();
  }

  @Test
  void whoHasFewIsWatchedThoughOthersHaveAllThatThereIs() {
    var greedy = List.of(node.pod(), node.pod(), node.pod());
    var sockets = greedy.stream().flatMap(each -> listen(each, OF_POD).stream()).toList();
    node.spec(enforce(greedy.toArray(Node.Pod[]::new)));
    var victim = node.server(5);

    node.spec(enforce(greedy.get(0), greedy.get(1), greedy.get(2), victim.pod()));

    assertThat(raised(sockets)).isBetween((long) ALL, ALL + 3L * SURE);
    assertThat(victim.backlog()).isEqualTo(64);
  }

  /** Who has closed some gets others watched; whoever was raised is put back. */
  @Test
  void whatIsAboveTheShareIsWatchedWhenThereIsRoom() {
    var greedy = node.pod();
    var process = greedy.start("api");
    var sockets = new ArrayList<FakeSocket>();
    for (int each = 0; each < OF_POD + 50; each++) {
      sockets.add(process.listen("0.0.0.0", 1024 + each, 5));
    }
    node.spec(enforce(greedy));
    sockets.subList(0, 50).forEach(process::close);
    var rest = sockets.subList(50, sockets.size());
    node.listing();
    node.listing();

    assertThat(raised(rest)).isEqualTo(OF_POD);
    assertThat(visibility().status()).isEqualTo("True");
    node.spec();
    assertThat(rest).extracting(FakeSocket::backlog).containsOnly(5);
  }

  @Test
  void namespacesAboveTheShareOfAPodAreNotVisited() {
    var greedy = node.pod();
    greedy.start("api");
    var own = new ArrayList<Node.Pod>();
    for (int each = 0; each < 30; each++) {
      var inside = new Node.Pod(greedy.pod(), node.kernel.namespace(), node.kernel);
      inside.start("api");
      own.add(inside);
    }
    var victims = new ArrayList<Node.Server>();
    for (int each = 0; each < 30; each++) victims.add(node.server(5));
    var pods = new ArrayList<>(victims.stream().map(Node.Server::pod).toList());
    pods.addFirst(greedy);

    node.spec(enforce(pods.toArray(Node.Pod[]::new)));

    assertThat(own.stream().filter(each -> each.namespace().visits() > 0)).hasSizeLessThan(8);
    assertThat(victims).extracting(Node.Server::backlog).containsOnly(64);
    assertThat(visibility().message()).contains("network namespaces");
  }

  /**
   * Opens and closes as fast as it can: each birth costs a look, or nine. What another pod opens
   * meanwhile is looked at at once.
   */
  @Test
  void birthsAboveTheShareOfAPodComeAfterThoseOfOthers() {
    var greedy = node.pod();
    var process = greedy.start("api");
    var victim = node.pod();
    var other = victim.start("api");
    node.spec(enforce(greedy, victim));
    node.tricky.beforeVisit = () -> node.takes(Duration.ofMillis(2));
    var last = process.listen("0.0.0.0", 80, 5);
    for (int birth = 0; birth < 2_000; birth++) {
      process.close(last);
      last = process.listen("0.0.0.0", 80, 5);
      node.born(process, last);
    }
    long begun = node.elapsed().toMillis();

    var born = other.listen("0.0.0.0", 80, 5);
    node.born(other, born);

    assertThat(born.backlog()).isEqualTo(64);
    assertThat(node.elapsed().toMillis() - begun).isLessThan(50);
    node.settle();
    node.sweep();
    assertThat(last.backlog()).isEqualTo(64);
  }

  /** In the order in which they arrive: nobody waits for a look at each of those births. */
  @Test
  void aSpecBehindTheBirthsOfAPodIsTakenSoon() {
    var greedy = node.pod();
    var process = greedy.start("api");
    var victim = node.server(5);
    node.spec(enforce(greedy));
    node.tricky.beforeVisit = () -> node.takes(Duration.ofMillis(10));
    long begun = node.elapsed().toMillis();

    for (int birth = 0; birth < 2_000; birth++) {
      node.born(process, process.listen("0.0.0.0", 1024 + birth, 5));
    }

    assertThat(node.elapsed().toMillis() - begun).isLessThan(5_000);
    node.spec(enforce(greedy, victim.pod()));
    assertThat(victim.backlog()).isEqualTo(64);
  }

  /** What it opens when nobody else does is not left to a sweep, while that takes half a core. */
  @Test
  void whoIsAloneHasTheTimeThatNobodyElseNeeds() {
    var pod = node.pod();
    var process = pod.start("api");
    node.spec(enforce(pod));
    node.tricky.beforeVisit = () -> node.takes(Duration.ofMillis(15));
    for (int birth = 0; birth < 500; birth++) {
      var born = process.listen("0.0.0.0", 1024 + birth, 5);
      node.born(process, born);
      node.pass(Duration.ofMillis(40));
      assertThat(born.backlog()).isEqualTo(OF_POD > birth ? 64 : 5);
    }
    assertThat(node.tally.birthsLeft.get()).isZero();
  }

  /** It opens and closes faster than can be looked at: half of the time is for what else is. */
  @Test
  void birthsOfOnePodTakeHalfACoreAtMostThoughNobodyElseHasAny() {
    var pod = node.pod();
    var process = pod.start("api");
    node.spec(enforce(pod));
    node.pass(Duration.ofMinutes(1));
    var looks = new AtomicInteger();
    node.tricky.beforeVisit =
        () -> {
          looks.incrementAndGet();
          node.takes(Duration.ofMillis(10));
        };
    long begun = node.elapsed().toMillis();
    var last = process.listen("0.0.0.0", 80, 5);
    for (int turn = 0; turn < 1_000; turn++) {
      for (int birth = 0; birth < 5; birth++) {
        process.close(last);
        last = process.listen("0.0.0.0", 80, 5);
        node.born(process, last);
      }
      node.pass(Duration.ofMillis(10));
    }
    node.pass(Duration.ofSeconds(10));
    long millis = node.elapsed().toMillis() - begun;

    // Half of the time, what had been saved up, and a sweep each two seconds with its judgements.
    assertThat(looks.get()).isLessThan((int) (millis / 10 / 2 + 250 + 4 * millis / 2_000));
    assertThat(last.backlog()).isEqualTo(64);
  }

  /** What a birth costs does not grow with what else the pod has open. */
  @Test
  void aSuccessorOnAPortIsFoundAmongManyOthers() {
    var pod = node.pod();
    var process = pod.start("api");
    for (int port = 0; port < 150; port++) process.listen("0.0.0.0", 2048 + port, 5);
    var first = process.listen("0.0.0.0", 2048 - 16, 5);
    node.spec(enforce(pod));

    process.close(first);
    var second = process.listen("0.0.0.0", 2048 - 16, 5);
    node.born(process, second);
    node.pass(Duration.ofMillis(300));

    assertThat(second.backlog()).isEqualTo(64);
    assertThat(node.status().listeners())
        .extracting(each -> each.inode())
        .contains(second.inode())
        .doesNotContain(first.inode());
  }

  @Test
  void birthsOfPodsThatNobodyGovernsCostNothing() {
    var stranger = node.pod();
    var process = stranger.start("api");
    node.spec(enforce(node.server(5)));
    node.pass(Duration.ofSeconds(61));
    node.tricky.containersRead = 0;

    for (int birth = 0; birth < 1_000; birth++) {
      node.born(process, process.listen("0.0.0.0", 1024 + birth, 5));
    }

    assertThat(node.tricky.containersRead).isLessThan(3);
  }

  /** Each one's pod ends before anything of it can be proven to be gone. */
  @Test
  void podsThatAreMadeAnewAllTheTimeFillNoMoreThanTheirShareOfTheJournal() {
    begin(new RaisedShares(RAISED_OF_POD, RAISED_OF_NAMESPACE, RAISED, SURE));
    int most = 0;
    for (int generation = 0; generation < 10; generation++) {
      var pod = node.podOf("greedy");
      var process = pod.start("api");
      var sockets = listen(process, OF_POD);
      node.spec(enforce(pod));
      assertThat(raised(sockets)).isGreaterThanOrEqualTo(SURE);
      process.exit();
      node.sweep();
      most = Math.max(most, node.remembered());
    }
    assertThat(most).isBetween(RAISED_OF_NAMESPACE, RAISED_OF_NAMESPACE + 10 * SURE);
    var other = node.podOf("other");
    var sockets = listen(other, 30);
    node.spec(enforce(other));

    assertThat(raised(sockets)).isBetween((long) SURE, 30L);
    var left = sockets.stream().filter(each -> each.backlog() == 5).findFirst().orElseThrow();
    assertThat(node.hindrance(left).reason()).isEqualTo("RemedyUnavailable");
    assertThat(node.hindrance(left).message()).contains("300 listeners and sysctls on this node");

    node.restart();
    node.spec(enforce(other));
    node.pass(Duration.ofMinutes(3));
    assertThat(raised(sockets)).isEqualTo(30);
    assertThat(node.remembered()).isEqualTo(30);
    node.spec();
    assertThat(raised(sockets)).isZero();
    assertThat(node.remembered()).isZero();
  }

  @Test
  void whatIsRaisedIsKeptAndPutBackThoughItsPodIsOverItsShare() {
    var pod = node.pod();
    var sockets = listen(pod, OF_POD);
    node.spec(enforce(pod));
    assertThat(raised(sockets)).isEqualTo(OF_POD);
    begin(new RaisedShares(10, 10, 10, 2));

    node.spec(enforce(pod).minimum(128));
    assertThat(sockets).extracting(FakeSocket::backlog).containsOnly(128);
    node.spec();

    assertThat(sockets).extracting(FakeSocket::backlog).containsOnly(5);
    assertThat(node.remembered()).isZero();
  }

  @Test
  void aSysctlCountsInTheShareToo() {
    begin(new RaisedShares(10, 1, 10, 0));
    var first = node.pod();
    first.start("api");
    first.namespace().somaxconn(50);
    var second = node.pod();
    second.start("api");
    second.namespace().somaxconn(50);

    node.spec(enforce(first, second).somaxconn(1024));

    assertThat(List.of(first.namespace().somaxconn(), second.namespace().somaxconn()))
        .containsExactlyInAnyOrder(50, 1024);
    assertThat(node.remembered()).isOne();
  }
}
