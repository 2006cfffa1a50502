package io.listenbacklog.probe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.StalledThread;
import io.listenbacklog.api.ThreadActivity;
import io.listenbacklog.api.WaitingSeen;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.testing.Inhabitant;
import io.listenbacklog.kernel.testing.Need;
import io.listenbacklog.kernel.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real servers that stop accepting, and what the probe says of them. */
@Needs({Need.ROOT, Need.PYTHON, Need.UNSHARE})
class StallIT {
  private static final int PORT = 9876;

  @TempDir private Path journal;
  private final String uid = UUID.randomUUID().toString();
  private HandMadeNode node;
  private Inhabitant pod;
  private @Nullable Probe probe;

  @BeforeAll
  static void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // emulated and busy machines
    Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
  }

  @BeforeEach
  void aPodUnderObservation() throws IOException {
    node = new HandMadeNode(new LibC(), journal);
    pod = node.settle(uid);
    probe = node.start(node.kernel(), Duration.ofMillis(200));
    node.api().spec(new NodeBacklogSpec(List.of(observed())));
    await().until(node.api()::observed);
  }

  private NodeRequirement observed() {
    return NodeRequirement.in(Mode.OBSERVE, OnDelete.RESTORE)
        .stallAfterMillis(1_000)
        .of(List.of(new NodePod(uid, "shop", "api-0", false, null)));
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    if (probe != null) probe.close();
    pod.close();
    node.close();
  }

  private int serve(String how) {
    int pid = pod.forkDoing(how);
    await().until(() -> pod.connect("127.0.0.1", PORT)); // who says nothing
    return pid;
  }

  private void sixMoreCome() {
    for (int client = 0; client < 6; client++) {
      assertThat(pod.connect("127.0.0.1", PORT)).isTrue();
      pod.tell("send 384");
    }
  }

  private Optional<Stall> stall() {
    return node.api().status().stream()
        .flatMap(status -> status.listeners().stream())
        .map(NodeListener::stall)
        .filter(Objects::nonNull)
        .findFirst();
  }

  @Test
  void aSilentClientThatHoldsTheOnlyThreadIsNamed() {
    int server = serve("serve");
    sixMoreCome();

    await().until(() -> stall().isPresent());

    var stall = stall().orElseThrow();
    assertThat(stall.waiting()).isEqualTo(6);
    assertThat(stall.unreadBytes()).isEqualTo(384);
    assertThat(stall.backlog()).isEqualTo(64);
    assertThat(stall.oldestMillis()).isGreaterThanOrEqualTo(990);
    assertThat(stall.processes()).isEqualTo(1);
    assertThat(stall.workers()).isEqualTo(1);
    assertThat(stall.until()).isNull();
    assertThat(stall.threads()).hasSize(1);
    var thread = stall.threads().getFirst();
    assertThat(thread.pid()).isEqualTo(server);
    assertThat(thread.thread()).isEqualTo(server);
    assertThat(thread.name()).startsWith("python3");
    assertThat(thread.activity()).isEqualTo(ThreadActivity.BLOCKED);
    assertThat(thread.call()).isEqualTo("recvfrom");
    assertThat(thread.fd()).isPositive();
    assertThat(thread.target()).isEqualTo("socket");
    assertThat(thread.peer()).startsWith("127.0.0.1:");
    assertThat(requireNonNull(thread.silentMillis())).isGreaterThanOrEqualTo(990);

    // The silent one is the client that got in, the last one before the six.
    int silent = Integer.parseInt(pod.tell("connections")) - 7;
    pod.tell("leave " + silent);

    await().until(() -> stall().orElseThrow().until() != null);
  }

  @Test
  void workersThatShareAListenerAreToldAsOne() {
    serve("serve_by_three");
    assertThat(pod.connect("127.0.0.1", PORT)).isTrue();
    assertThat(pod.connect("127.0.0.1", PORT)).isTrue();
    sixMoreCome();

    await().until(() -> stall().isPresent());

    var stall = stall().orElseThrow();
    assertThat(stall.processes()).isEqualTo(3);
    assertThat(stall.workers()).isEqualTo(3);
    assertThat(stall.threads()).extracting(StalledThread::call).containsExactly("recvfrom");
    assertThat(stall.threads()).extracting(StalledThread::alike).containsExactly(3);
  }

  @Test
  void aServerThatWasStoppedIsStopped() throws Exception {
    int server = serve("serve");
    new ProcessBuilder("kill", "-STOP", Integer.toString(server)).start().waitFor();
    sixMoreCome();

    await().until(() -> stall().isPresent());

    assertThat(stall().orElseThrow().threads())
        .extracting(StalledThread::activity)
        .containsExactly(ThreadActivity.STOPPED);
  }

  @Test
  void aServerInABusyLoopRuns() {
    serve("serve_in_a_loop");
    sixMoreCome();

    await().until(() -> stall().isPresent());

    assertThat(stall().orElseThrow().threads())
        .extracting(StalledThread::activity)
        .containsExactly(ThreadActivity.RUNNING);
  }

  private void stalledAtTheLimitOfFiles(String how) {
    pod.forkDoing(how);
    await().until(() -> pod.connect("127.0.0.1", PORT));
    for (int client = 0; client < 40; client++) pod.connect("127.0.0.1", PORT);

    await().until(() -> stall().isPresent());

    var descriptors = requireNonNull(stall().orElseThrow().descriptors());
    assertThat(descriptors.open()).isEqualTo(32);
    assertThat(descriptors.limit()).isEqualTo(32);
  }

  @Test
  void aServerThatSpinsAtItsLimitOfFilesIsToldAsThat() {
    stalledAtTheLimitOfFiles("spin_at_limit_of_files");
  }

  @Test
  void aServerThatSleepsAtItsLimitOfFilesIsToldAsThat() {
    stalledAtTheLimitOfFiles("sleep_at_limit_of_files");
  }

  @Test
  void anEventLoopAtItsLimitOfFilesIsToldAsThat() {
    stalledAtTheLimitOfFiles("wait_at_limit_of_files");
  }

  @Test
  void workersThatHaveTheListenerUnderAnotherNumberAreLookedAt() {
    serve("serve_by_two_under_another_number");
    assertThat(pod.connect("127.0.0.1", PORT)).isTrue();
    sixMoreCome();

    await().until(() -> stall().isPresent());

    var stall = stall().orElseThrow();
    assertThat(stall.processes()).isEqualTo(3);
    assertThat(stall.threads()).extracting(StalledThread::call).containsExactly("recvfrom");
    assertThat(stall.threads()).extracting(StalledThread::alike).containsExactly(2);
  }

  @Test
  void aProgramThatGotTheListenerFromItsManagerIsLookedAt() {
    serve("serve_by_another_program");
    sixMoreCome();

    await().until(() -> stall().isPresent());

    var stall = stall().orElseThrow();
    assertThat(stall.processes()).isEqualTo(2);
    assertThat(stall.threads().getFirst().call()).isEqualTo("recvfrom");
    assertThat(stall.inheritedFrom()).isNull();
  }

  @Test
  void threadsThatAcceptFromOtherListenersAreIdle() {
    serve("stop_asking_beside_other_listeners");
    sixMoreCome();

    await().until(() -> stall().isPresent());

    var threads = stall().orElseThrow().threads();
    assertThat(threads).extracting(StalledThread::target).contains(StalledThread.OTHER_LISTENER);
    assertThat(threads)
        .extracting(StalledThread::call)
        .allMatch(call -> requireNonNull(call).startsWith("accept") || call.startsWith("futex"));
    assertThat(stall().orElseThrow().neverAccepted()).isFalse();
  }

  @Test
  void aChildThatInheritedTheListenerOfAServerThatIsGoneIsNoServer() {
    serve("leave_listener_to_a_child");
    sixMoreCome();

    await().until(() -> stall().map(Stall::inheritedFrom).filter(it -> it.pid() != 0).isPresent());

    var stall = stall().orElseThrow();
    int sleeper = stall.threads().getFirst().pid();
    ProcessHandle.of(sleeper).ifPresent(ProcessHandle::destroyForcibly);
    assertThat(stall.processes()).isEqualTo(1);
    assertThat(stall.threads().getFirst().name()).isEqualTo("sleep");
    assertThat(requireNonNull(stall.inheritedFrom()).process()).startsWith("python3");
    await().until(() -> ProcessHandle.of(sleeper).isEmpty());
  }

  @Test
  void aServerThatLoadsAfterItListensHasNeverAcceptedAnything() {
    serve("listen_and_load");
    sixMoreCome();

    await().until(() -> stall().isPresent());

    var stall = stall().orElseThrow();
    assertThat(stall.waiting()).isEqualTo(7);
    assertThat(stall.neverAccepted()).isTrue();
    assertThat(requireNonNull(stall.listeningSince())).isBefore(stall.at());
  }

  @Test
  @Needs(Need.NFT)
  void whoCameByTproxyIsFoundThoughHeWaitsUnderAnotherPort() {
    pod.forkDoing("serve_nobody_behind_tproxy");
    await().until(() -> pod.connect("127.0.0.1", 8080));
    assertThat(pod.connect("127.0.0.1", 8080)).isTrue();

    await().until(() -> stall().isPresent());

    var stalled =
        node.api().status().stream()
            .flatMap(status -> status.listeners().stream())
            .filter(each -> each.stall() != null)
            .toList();
    assertThat(stalled).extracting(NodeListener::address).containsExactly("0.0.0.0:9876");
    assertThat(stall().orElseThrow().waitingSeen()).isEqualTo(WaitingSeen.ELSEWHERE);
  }

  @Test
  void aServerThatWaitsForConnectionsIsNotStalled() {
    serve("serve");
    pod.tell("leave " + (Integer.parseInt(pod.tell("connections")) - 1));
    sixMoreCome();
    long sweeps = requireNonNull(probe).tally().sweeps.get();

    await().until(() -> requireNonNull(probe).tally().sweeps.get() > sweeps + 15);

    assertThat(stall()).isEmpty();
  }
}
