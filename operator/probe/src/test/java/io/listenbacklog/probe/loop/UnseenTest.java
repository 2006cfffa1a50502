package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.listenbacklog.api.Condition;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is not seen is neither sufficient nor gone. */
class UnseenTest {
  /** As long as it takes to prove that something is gone, and then some. */
  private static final Duration LONG = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;
  private FakeProcess process;
  private FakeSocket socket;

  @BeforeEach
  void aPodThatListens() {
    node = new Node(folder);
    pod = node.pod();
    pod.namespace().somaxconn(50);
    process = pod.start("api");
    socket = process.listen("0.0.0.0", 9876, 5);
  }

  private ListenerCounts counts() {
    return node.status().policies().getFirst().listeners();
  }

  private Condition visibility() {
    return node.status().capabilities().stream()
        .filter(each -> each.type().equals("Visibility"))
        .findFirst()
        .orElseThrow();
  }

  // Not seen is not sufficient.

  @Test
  void aPodWhoseProcessesCannotBeLookedIntoIsUnobservable() {
    process.hide();
    node.spec(enforce(pod));

    assertThat(counts().unobservable()).isEqualTo(1);
    assertThat(counts().total()).isZero();
    assertThat(node.status().policies().getFirst().pods()).isEqualTo(1);
    assertThat(visibility().status()).isEqualTo("False");
    assertThat(visibility().message())
        .contains("shop/pod-1: process " + process.pid() + " cannot be looked into")
        .contains("AppArmor")
        .contains("EACCES");

    process.show();
    node.pass(Duration.ofSeconds(70));
    assertThat(counts().unobservable()).isZero();
    assertThat(visibility().status()).isEqualTo("True");
    assertThat(socket.backlog()).isEqualTo(64);
  }

  @Test
  void onePodThatCannotBeLookedIntoDoesNotHideTheOthers() {
    process.hide();
    var other = node.server(5);
    node.spec(enforce(pod, other.pod()));

    assertThat(other.backlog()).isEqualTo(64);
    assertThat(counts().unobservable()).isEqualTo(1);
    assertThat(counts().remedied()).isEqualTo(1);
  }

  @Test
  void aProcessThatCanBeLookedIntoIsEnoughToSeeAllThatListensInThePodsOwnNetwork() {
    pod.start("pause").hide();
    node.spec(enforce(pod));

    assertThat(counts().unobservable()).isZero();
    assertThat(counts().total()).isEqualTo(1);
    assertThat(socket.backlog()).isEqualTo(64);
  }

  @Test
  void whoHoldsASocketIsNotSaidToBeNobodyWhereAProcessCannotBeLookedInto() {
    var hidden = pod.start("sidecar");
    var its = hidden.listen("0.0.0.0", 9901, 5);
    hidden.hide();
    node.spec(enforce(pod));
    node.pass(Duration.ofSeconds(10));

    assertThat(its.backlog()).isEqualTo(5);
    assertThat(node.hindrance(its).message())
        .contains("process " + hidden.pid() + " cannot be looked into");
  }

  @Test
  void inTheNodesNetworkEachProcessOfAPodMustBeLookedInto() {
    var onTheNode = node.hostNetworkPod();
    onTheNode.start("api").listen("0.0.0.0", 8080, 5);
    var hidden = onTheNode.start("sidecar");
    hidden.listen("0.0.0.0", 8081, 5);
    hidden.hide();
    node.spec(enforce(onTheNode));

    assertThat(counts().total()).isEqualTo(1);
    assertThat(counts().unobservable()).isEqualTo(1);
    assertThat(visibility().message()).contains("process " + hidden.pid());
  }

  @Test
  void whereProcfsDoesNotNameAllAPodThatIsNotSeenIsUnobservable() {
    process.exit();
    node.kernel.unlisted("/host/proc does not show process 1: is it mounted with hidepid?");
    node.spec(enforce(pod));

    assertThat(counts().unobservable()).isEqualTo(1);
    assertThat(visibility().message()).contains("hidepid");
  }

  @Test
  void aPodThatHasNotStartedYetIsNotUnobservable() {
    process.exit();
    node.spec(enforce(pod));

    assertThat(counts().unobservable()).isZero();
    assertThat(visibility().status()).isEqualTo("True");
  }

  @Test
  void whatLastsIsLoggedOnce() {
    var said = new ListAppender<ILoggingEvent>();
    said.start();
    var logger = (Logger) LoggerFactory.getLogger(RecurringErrors.class);
    logger.addAppender(said);
    try {
      process.hide();
      node.tricky.unreadable = process.pid();
      node.spec(enforce(pod));
      node.pass(Duration.ofMinutes(10));
      assertThat(said.list).hasSizeLessThanOrEqualTo(1);
      node.tricky.unreadable = 0;
      node.pass(Duration.ofMinutes(2));
      assertThat(said.list).hasSizeLessThanOrEqualTo(2);
    } finally {
      logger.detachAppender(said);
    }
  }

  // Not seen is not gone.

  @Test
  void aProbeThatSeesLessForgetsNothing() {
    node.spec(enforce(pod));
    assertThat(socket.backlog()).isEqualTo(64);

    replaced(process);
    node.spec(enforce(pod));
    node.pass(LONG);
    replaced();
    node.spec(enforce(pod));
    assertThat(node.remedy(socket).original()).isEqualTo(5);
    node.spec();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(pod.namespace().somaxconn()).isEqualTo(50);
  }

  @Test
  void aProbeThatSeesLessForgetsNothingThoughTheJournalIsLost() throws IOException {
    node.spec(enforce(pod));
    var status = node.status();

    Files.delete(folder.resolve("journal"));
    replaced(process);
    node.spec(status, enforce(pod));
    node.pass(LONG);
    replaced();
    node.spec();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(pod.namespace().somaxconn()).isEqualTo(50);
  }

  @Test
  void whatIsRaisedAndOutOfSightIsToldAsThatAndKeepsAnUninstallationFromBeingDone() {
    node.spec(enforce(pod));

    replaced(process);
    node.spec();
    node.pass(LONG);

    assertThat(node.remedy(socket).original()).isEqualTo(5);
    assertThat(node.hindrance(socket).reason()).isEqualTo(EventReasons.REMEDY_UNAVAILABLE);
    assertThat(node.hindrance(socket).message()).contains("AppArmor");
    assertThat(node.sysctlRemedy().original()).isEqualTo(50);
    assertThat(node.sysctlHindrance().message()).contains("AppArmor");
    int told = node.statuses.size();
    node.pass(LONG);
    assertThat(node.statuses).hasSize(told);

    var before = node.status();
    node.restart();
    node.spec(before);
    assertThat(node.hindrance(socket)).isEqualTo(before.listeners().getFirst().hindrance());
  }

  @Test
  void aPodBetweenTwoProcessesInANetworkThatTheRuntimeKeepsIsNotGone() {
    node.kernel.mount(pod.namespace(), true);
    node.spec(enforce(pod).somaxconn(1024));
    process.exit();
    node.pass(Duration.ofMinutes(6)); // CrashLoopBackOff waits five

    pod.start("api").listen("0.0.0.0", 9876, 5);
    node.sweep();
    node.spec();

    assertThat(pod.namespace().somaxconn()).isEqualTo(50);
  }

  @Test
  void aSocketThatIsHeldFromAnotherNetworkIsNotGone() {
    node.spec(enforce(pod));
    var elsewhere =
        node.pod(node.kernel.namespace(), false); // a process of the same pod, unshare -n
    var holder = new Node.Pod(pod.pod(), elsewhere.namespace(), node.kernel).start("api");
    holder.receive(socket);
    process.exit();
    node.pass(LONG);
    assertThat(node.remembered()).isEqualTo(1);

    holder.close(socket);
    node.pass(LONG);
    assertThat(node.remembered()).isZero();
  }

  /** A process with very many descriptors, while it is searched for who holds it elsewhere. */
  @Test
  void toProveThatTakesManyShortSteps() {
    node.spec(enforce(pod));
    var elsewhere = node.pod(node.kernel.namespace(), false);
    var holder = new Node.Pod(pod.pod(), elsewhere.namespace(), node.kernel).start("api");
    var another = holder.listen("0.0.0.0", 1024, 64);
    for (int each = 0; each < 3_000; each++) holder.receive(another);
    process.exit();
    node.pass(Duration.ofSeconds(10)); // its own listener is found
    node.tricky.atDescriptor = () -> node.takes(Duration.ofNanos(50_000));
    node.longestStepNanos = 0;
    node.pass(LONG);

    assertThat(node.remembered()).isZero();
    assertThat(node.longestStepNanos).isLessThan(Duration.ofMillis(60).toNanos());
  }

  @Test
  void whatIsProvenToBeGoneIsForgotten() {
    node.spec(enforce(pod));
    assertThat(node.remembered()).isEqualTo(2);
    process.exit();
    node.sweep();
    node.sweep();
    assertThat(node.remembered()).isEqualTo(2);
    node.pass(LONG);

    assertThat(node.remembered()).isZero();
  }

  @Test
  void whereNotAllProcessesAreReadNothingIsProven() {
    node.spec(enforce(pod));
    process.exit();
    node.kernel.unlisted("hidepid");
    node.pass(LONG);
    assertThat(node.remembered()).isEqualTo(2);

    node.kernel.unlisted(null);
    node.pass(LONG);
    assertThat(node.remembered()).isZero();
  }

  /** Another probe takes over, which may not look into these processes. */
  private void replaced(FakeProcess... hidden) {
    process.show();
    for (var each : hidden) each.hide();
    node.restart();
  }
}
