package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodePath;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.StalledThread;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.threads.BlockedCall;
import io.listenbacklog.kernel.threads.ThreadFacts.Condition;
import io.listenbacklog.probe.report.ListenerSample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A web server and its PHP in one pod. */
class UnixTest {
  private Node node;
  private Node.Pod pod;
  private FakeProcess php;
  private FakeSocket socket;
  private FakeSocket web;

  @BeforeEach
  void phpBehindNginx(@TempDir Path folder) {
    node = new Node(folder);
    node.stallAfterMillis = 5_000;
    pod = node.pod();
    php = pod.start("php");
    socket = php.listenUnix("/run/php.sock", 5);
    web = pod.start("nginx").listen("0.0.0.0", 80, 511);
  }

  private Node.Need observe() {
    return enforce(pod).mode(Mode.OBSERVE);
  }

  private Node.Need govern() {
    return enforce(pod).unix(UnixListeners.GOVERN);
  }

  private ListenerCounts counts() {
    return node.status().policies().getFirst().listeners();
  }

  private void fill() {
    while (socket.connect()) {}
  }

  @Test
  void itIsCountedAndItsSizeAloneIsNotTold() {
    node.spec(observe());

    assertThat(counts().total()).isEqualTo(2);
    assertThat(counts().undersized()).isZero();
    assertThat(node.told(socket)).isEmpty();
    assertThat(node.current().samples(10).listed())
        .extracting(ListenerSample::address)
        .contains("unix:/run/php.sock");
  }

  @Test
  void withoutGovernItIsNeverRaised() {
    node.spec(enforce(pod));
    fill();
    node.listing();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.remembered()).isZero();
  }

  @Test
  void aQueueThatIsFullAtTwoLooksInARowIsToldAndHealsByItself() {
    node.spec(observe());
    fill();
    node.sweep();
    assertThat(node.overflows(socket)).isFalse();
    node.sweep();

    var overflow = node.overflow(socket);
    assertThat(overflow.queue()).isEqualTo(6);
    assertThat(overflow.backlog()).isEqualTo(5);
    assertThat(overflow.attempts()).isZero();
    assertThat(node.told(socket).orElseThrow().address()).isEqualTo("unix:/run/php.sock");
    assertThat(node.told(socket).orElseThrow().process()).isEqualTo("server");
    assertThat(counts().overflowing()).isEqualTo(1);
    assertThat(counts().undersized()).isZero();

    while (socket.queued() > 0) socket.acceptUnix();
    node.pass(Duration.ofMinutes(6));
    assertThat(node.told(socket)).isEmpty();
    assertThat(counts().overflowing()).isZero();
  }

  @Test
  void aBurstThatIsOverAtTheNextLookIsNotTold() {
    node.spec(observe());
    for (int i = 0; i < 5; i++) {
      fill();
      node.sweep();
      while (socket.queued() > 0) socket.acceptUnix();
      node.sweep();
    }
    assertThat(node.told(socket)).isEmpty();
  }

  private Optional<Stall> stall() {
    return node.told(socket).map(NodeListener::stall);
  }

  @Test
  void aServerThatStopsAcceptingIsToldWithWhatItsProcessesDo() {
    node.spec(observe());
    php.does(Condition.SLEEPING, new BlockedCall("clock_nanosleep", -1, null));
    for (int client = 0; client < 3; client++) socket.connect();
    node.pass(Duration.ofSeconds(4));
    assertThat(stall()).isEmpty();
    socket.connect();
    node.pass(Duration.ofSeconds(6));

    var stall = stall().orElseThrow();
    assertThat(stall.waiting()).isEqualTo(4);
    assertThat(stall.backlog()).isEqualTo(5);
    assertThat(stall.until()).isNull();
    assertThat(stall.neverAccepted()).isFalse();
    assertThat(stall.threads()).extracting(StalledThread::call).containsExactly("clock_nanosleep");
    assertThat(stall.oldestMillis()).isGreaterThanOrEqualTo(5000);

    socket.acceptUnix();
    node.pass(Duration.ofSeconds(3));
    assertThat(stall().map(Stall::until)).isPresent();
    while (socket.queued() > 0) socket.acceptUnix();
    node.pass(Duration.ofMinutes(6));
    assertThat(node.told(socket)).isEmpty();
  }

  @Test
  void aQueueThatIsNeverEmptyButMovesIsNoStall() {
    node.spec(observe());
    for (int client = 0; client < 4; client++) socket.connect();
    for (int second = 0; second < 30; second++) {
      socket.acceptUnix();
      socket.connect();
      node.pass(Duration.ofSeconds(1));
      assertThat(stall()).isEmpty();
    }
  }

  @Test
  void clientsThatGiveUpDoNotEndAStall() {
    node.spec(observe());
    for (int client = 0; client < 3; client++) socket.connect();
    node.pass(Duration.ofSeconds(9));
    var begun = stall().orElseThrow();
    for (int client = 0; client < 3; client++) socket.leaveUnix(client);
    node.pass(Duration.ofSeconds(60));
    assertThat(stall().map(Stall::until)).isEmpty();
    assertThat(stall().orElseThrow().episode()).isEqualTo(begun.episode());

    socket.acceptUnix();
    node.pass(Duration.ofSeconds(3));
    assertThat(stall().map(Stall::until)).isPresent();
  }

  @Test
  void ofAnIgnoredOneNoStallIsTold() {
    node.spec(enforce(pod).mode(Mode.OBSERVE).unix(UnixListeners.IGNORE));
    for (int client = 0; client < 3; client++) socket.connect();
    node.pass(Duration.ofSeconds(20));

    assertThat(stall()).isEmpty();
  }

  @Test
  void aProbeThatBeginsAgainRepeatsNoStall() {
    node.spec(observe());
    for (int client = 0; client < 3; client++) socket.connect();
    node.pass(Duration.ofSeconds(9));
    var before = stall().orElseThrow();
    var status = node.status();

    node.restart();
    node.spec(status, observe());
    node.pass(Duration.ofSeconds(20));

    assertThat(stall().orElseThrow().episode()).isEqualTo(before.episode());
    assertThat(stall().map(Stall::until)).isEmpty();
  }

  @Test
  void underGovernItIsTooSmallInObserveAndRaisedInEnforceAndPutBack() {
    node.spec(govern().mode(Mode.OBSERVE));
    var told = node.told(socket).orElseThrow();
    assertThat(told.verdict()).isEqualTo(Verdict.UNDERSIZED_BY_APPLICATION);
    assertThat(told.required()).isEqualTo(64);
    assertThat(counts().undersized()).isEqualTo(1);
    assertThat(socket.backlog()).isEqualTo(5);

    node.spec(govern());
    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(node.remedy(socket).original()).isEqualTo(5);
    assertThat(counts().remedied()).isEqualTo(1);

    node.spec(enforce(pod));
    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.status().restorations()).hasSize(1);
    assertThat(node.remembered()).isZero();
  }

  @Test
  void whatWasRaisedIsPutBackWhenThePolicyGoesOrIgnoresThem() {
    node.spec(govern());
    node.spec(enforce(pod).unix(UnixListeners.IGNORE));
    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.remembered()).isZero();

    node.spec(govern());
    assertThat(socket.backlog()).isEqualTo(64);
    node.spec();
    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.remembered()).isZero();

    node.spec(govern().onDelete(OnDelete.KEEP));
    node.spec();
    assertThat(socket.backlog()).isEqualTo(64);
  }

  @Test
  void aProbeThatStartsAgainKnowsWhatItRaised() {
    node.spec(govern());
    var status = node.status();

    node.restart();
    node.spec(status, govern());
    assertThat(node.remedy(socket).original()).isEqualTo(5);
    assertThat(node.remembered()).isEqualTo(1);

    node.restart();
    node.spec(status, enforce(pod));
    assertThat(socket.backlog()).isEqualTo(5);
  }

  @Test
  void oneThatIsClosedIsForgotten() {
    node.spec(govern());
    php.close(socket);
    node.listing();
    assertThat(node.told(socket)).isEmpty();
    assertThat(node.remembered()).isZero();
    assertThat(counts().total()).isEqualTo(1);
  }

  @Test
  void somaxconnIsRaisedForItAndCapsItOtherwise() {
    pod.namespace().somaxconn(128);
    node.spec(govern().minimum(null).path(new NodePath("/run/*", 1000, false)));
    assertThat(socket.backlog()).isEqualTo(1000);
    assertThat(pod.namespace().somaxconn()).isEqualTo(1000);

    node.spec();
    assertThat(socket.backlog()).isEqualTo(5);
    node.spec(govern().minimum(1000).remedies(Remedy.RELISTEN));
    assertThat(socket.backlog()).isEqualTo(128);
  }

  @Test
  void aPathMayBeExemptOrHaveANumberOfItsOwn() {
    var admin = php.listenUnix("/run/admin.sock", 1);
    var inMemory = php.listenUnix("@mux-7", 2);
    node.spec(
        govern()
            .path(new NodePath("/run/admin.sock", null, true), new NodePath("@mux*", 300, false)));

    assertThat(admin.backlog()).isEqualTo(1);
    assertThat(inMemory.backlog()).isEqualTo(300);
    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(counts().exempt()).isEqualTo(1);
  }

  @Test
  void aNewOneIsRaisedAtTheNextSweepUnderGovernAndFoundAtTheNextListingOtherwise() {
    node.spec(govern());
    var late = php.listenUnix("/run/late.sock", 5);
    node.sweep();
    assertThat(late.backlog()).isEqualTo(64);

    node.spec(observe());
    php.listenUnix("/run/later.sock", 5);
    node.listing();
    assertThat(counts().total()).isEqualTo(4);
  }

  @Test
  void ignoredOnesAreNeitherLookedAtNorCounted() {
    node.spec(observe().unix(UnixListeners.IGNORE));
    fill();
    node.listing();
    node.listing();

    assertThat(counts().total()).isEqualTo(1);
    assertThat(node.told(socket)).isEmpty();
    assertThat(pod.namespace().unixDumps()).isZero();
  }

  @Test
  void aPodWithoutAnyCostsADumpAListing() {
    php.close(socket);
    node.spec(observe());
    int before = pod.namespace().unixDumps();
    node.pass(Duration.ofMinutes(2));
    assertThat(pod.namespace().unixDumps() - before).isLessThanOrEqualTo(5);
  }

  @Test
  void aKernelWithoutUnixDiagKeepsNothingElseFromBeingDone() {
    pod.namespace().hideUnix(new SyscallException("sock_diag(dump)", Errno.ENOENT));
    web.listen(php, 5);
    node.spec(govern());
    node.listing();

    assertThat(web.backlog()).isEqualTo(64);
    assertThat(counts().total()).isEqualTo(1);
    assertThat(socket.backlog()).isEqualTo(5);
  }

  @Test
  void ofAHostNetworkPodOnlyWhatItsProcessesHoldIsItsOwn() {
    var host = node.hostNetworkPod();
    var mine = host.start("agent").listenUnix("/run/agent.sock", 5);
    var others = node.kernel.process(node.own, "containerd").listenUnix("/run/containerd.sock", 5);

    node.spec(enforce(host).unix(UnixListeners.GOVERN));
    node.listing();

    assertThat(mine.backlog()).isEqualTo(64);
    assertThat(others.backlog()).isEqualTo(5);
    assertThat(counts().total()).isEqualTo(1);
  }
}
