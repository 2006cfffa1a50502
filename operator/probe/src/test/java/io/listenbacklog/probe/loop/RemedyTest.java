package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemedyTest {
  private final Node node;

  RemedyTest(@TempDir Path folder) {
    node = new Node(folder);
  }

  @Test
  void aListenerThatIsThereIsRaisedWhenTheSpecComes() {
    var pod = node.pod();
    var process = pod.start("api");
    var socket = process.listen("0.0.0.0", 9876, 5);

    node.spec(enforce(pod));

    assertThat(socket.backlog()).isEqualTo(64);
    var told = node.told(socket).orElseThrow();
    assertThat(told.verdict()).isEqualTo(Verdict.SUFFICIENT);
    assertThat(told.requested()).isEqualTo(5);
    assertThat(told.required()).isEqualTo(64);
    assertThat(told.container()).isEqualTo("api");
    assertThat(told.process()).isEqualTo("server");
    assertThat(told.pid()).isEqualTo(process.pid());
    assertThat(told.application()).isEqualTo("some-server");
    assertThat(node.remedy(socket).original()).isEqualTo(5);
    assertThat(node.remedy(socket).applied()).isEqualTo(64);
  }

  @Test
  void aBornListenerIsRaisedWithoutASweep() {
    var pod = node.pod();
    var process = pod.start("api");
    node.spec(enforce(pod));
    int visits = pod.namespace().visits();
    var socket = process.listen("::", 9876, 5);

    node.born(process, socket);

    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(pod.namespace().visits()).isEqualTo(visits + 1);
  }

  @Test
  void aBirthThatCannotBeSeenYetIsLookedAtAgain() {
    var pod = node.pod();
    var process = pod.start("api");
    node.spec(enforce(pod));
    var socket = process.bind("0.0.0.0", 9876);
    node.born(process, socket);
    socket.listen(process, 5);

    node.pass(Duration.ofMillis(1));

    assertThat(socket.backlog()).isEqualTo(64);
  }

  @Test
  void whatBirthsMissIsFoundByTheNextListing() {
    var pod = node.pod();
    var process = pod.start("api");
    node.spec(enforce(pod));
    var socket = process.listen("0.0.0.0", 9876, 5);

    node.sweep();
    assertThat(socket.backlog()).isEqualTo(5);
    node.listing();
    assertThat(socket.backlog()).isEqualTo(64);
  }

  @Test
  void withoutBirthsEachSweepFindsNewListeners() {
    var pod = node.pod();
    var process = pod.start("api");
    node.spec(enforce(pod));
    node.birthsFail();
    var socket = process.listen("0.0.0.0", 9876, 5);

    node.sweep();

    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(node.status().capabilities().getFirst().status()).isEqualTo("False");
    assertThat(node.status().capabilities().getFirst().message()).contains("no tracefs");
  }

  @Test
  void inModeObserveNothingIsChanged() {
    var pod = node.pod();
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);
    pod.namespace().somaxconn(50);

    node.spec(enforce(pod).mode(Mode.OBSERVE));
    node.listing();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(pod.namespace().somaxconn()).isEqualTo(50);
    var told = node.told(socket).orElseThrow();
    assertThat(told.verdict()).isEqualTo(Verdict.UNDERSIZED_BY_APPLICATION);
    assertThat(told.remedy()).isNull();
    assertThat(told.hindrance()).isNull();
    assertThat(node.status().policies().getFirst().listeners().undersized()).isEqualTo(1);
  }

  @Test
  void anExemptPortIsLeftAlone() {
    var pod = node.pod();
    var process = pod.start("api");
    var exempt = process.listen("0.0.0.0", 9090, 5);
    var other = process.listen("0.0.0.0", 9876, 5);

    node.spec(enforce(pod).port(new NodePort(9090, null, null, true)));

    assertThat(exempt.backlog()).isEqualTo(5);
    assertThat(other.backlog()).isEqualTo(64);
    assertThat(node.told(exempt)).isEmpty();
    var counts = node.status().policies().getFirst().listeners();
    assertThat(counts.total()).isEqualTo(2);
    assertThat(counts.exempt()).isEqualTo(1);
    assertThat(counts.remedied()).isEqualTo(1);
  }

  @Test
  void aRangeOfPortsIsLeftAloneButForThePortInItThatIsNamed() {
    var pod = node.pod();
    var process = pod.start("ftp");
    var passive = process.listen("0.0.0.0", 30007, 1);
    var named = process.listen("0.0.0.0", 30100, 5);
    var control = process.listen("0.0.0.0", 21, 32);

    node.spec(
        enforce(pod)
            .port(
                new NodePort(30000, 32767, null, null, true),
                new NodePort(30100, 200, null, false)));

    assertThat(passive.backlog()).isEqualTo(1);
    assertThat(named.backlog()).isEqualTo(200);
    assertThat(control.backlog()).isEqualTo(64);
    var counts = node.status().policies().getFirst().listeners();
    assertThat(counts.exempt()).isEqualTo(1);
    assertThat(counts.undersized()).isZero();
  }

  @Test
  void whatOnlyThePodItselfCanReachIsLeftAloneWhereThePolicySaysSo() {
    var pod = node.pod();
    var process = pod.start("java");
    var shutdown = process.listen("127.0.0.1", 8005, 1);
    var jmx = process.listen("::ffff:127.0.0.1", 41234, 50);
    var other = process.listen("0.0.0.0", 8080, 10);

    node.spec(enforce(pod).loopback(Loopback.EXEMPT));

    assertThat(shutdown.backlog()).isEqualTo(1);
    assertThat(jmx.backlog()).isEqualTo(50);
    assertThat(other.backlog()).isEqualTo(64);
    assertThat(node.status().policies().getFirst().listeners().exempt()).isEqualTo(2);

    node.spec(enforce(pod));
    assertThat(shutdown.backlog()).isEqualTo(64);
    assertThat(jmx.backlog()).isEqualTo(64);

    node.spec(enforce(pod).loopback(Loopback.EXEMPT));
    assertThat(shutdown.backlog()).isEqualTo(1);
  }

  @Test
  void aPortHasAMinimumOfItsOwn() {
    var pod = node.pod();
    var process = pod.start("api");
    var own = process.listen("0.0.0.0", 9876, 5);
    var other = process.listen("0.0.0.0", 80, 5);

    node.spec(enforce(pod).port(new NodePort(9876, 300, null, false)));

    assertThat(own.backlog()).isEqualTo(300);
    assertThat(other.backlog()).isEqualTo(64);
  }

  @Test
  void everyMemberOfAReusePortGroupIsRaised() {
    var pod = node.pod();
    var process = pod.start("api");
    var first = process.listen("0.0.0.0", 9876, 5);
    var second = process.listen("0.0.0.0", 9876, 6);
    var third = process.fork().listen("0.0.0.0", 9876, 7);

    node.spec(enforce(pod));

    assertThat(first.backlog()).isEqualTo(64);
    assertThat(second.backlog()).isEqualTo(64);
    assertThat(third.backlog()).isEqualTo(64);
    assertThat(node.status().listeners()).hasSize(3);
  }

  @Test
  void anInheritedSocketIsOneListenerOfTheLowestPid() {
    var pod = node.pod();
    var master = pod.start("api");
    var socket = master.listen("0.0.0.0", 9876, 5);
    master.fork();
    master.fork();

    node.spec(enforce(pod));

    assertThat(node.status().listeners()).hasSize(1);
    assertThat(node.told(socket).orElseThrow().pid()).isEqualTo(master.pid());
    assertThat(node.kernel.relistens()).isEqualTo(1);
  }

  @Test
  void listenersAreToldByTheirContainer() {
    var pod = node.pod();
    var api = pod.start("api").listen("0.0.0.0", 9876, 5);
    var sidecar = pod.start("sidecar").listen("127.0.0.1", 15000, 5);

    node.spec(enforce(pod));

    assertThat(node.told(api).orElseThrow().container()).isEqualTo("api");
    assertThat(node.told(sidecar).orElseThrow().container()).isEqualTo("sidecar");
  }

  @Test
  void aCappingSomaxconnIsRaisedFirst() {
    var pod = node.pod();
    pod.namespace().somaxconn(50);
    var socket = pod.start("api").listen("0.0.0.0", 9876, 1000);

    node.spec(enforce(pod));

    assertThat(pod.namespace().somaxconn()).isEqualTo(64);
    assertThat(socket.backlog()).isEqualTo(64);
    var sysctl = node.status().sysctls().getFirst();
    assertThat(node.sysctlRemedy().original()).isEqualTo(50);
    assertThat(sysctl.value()).isEqualTo(64);
  }

  @Test
  void theCauseStaysTheCapWhenSomaxconnIsRaisedButRelistenNotAllowed() {
    var pod = node.pod();
    pod.namespace().somaxconn(50);
    var socket = pod.start("api").listen("0.0.0.0", 9876, 1000);

    node.spec(enforce(pod).remedies(Remedy.SYSCTL));
    node.listing();

    assertThat(pod.namespace().somaxconn()).isEqualTo(64);
    assertThat(socket.backlog()).isEqualTo(50);
    var told = node.told(socket).orElseThrow();
    assertThat(told.verdict()).isEqualTo(Verdict.UNDERSIZED_BY_SOMAXCONN);
    assertThat(told.somaxconnAtListen()).isEqualTo(50);
    assertThat(told.somaxconn()).isEqualTo(64);
  }

  @Test
  void somaxconnIsRaisedBeforeTheApplicationListens() {
    var pod = node.pod();
    node.spec(enforce(pod).somaxconn(8192));
    pod.start("pause");

    node.pass(Duration.ofMillis(60));

    assertThat(pod.namespace().somaxconn()).isEqualTo(8192);
  }

  /** A runtime starts and ends processes in a namespace before the one that stays. */
  @Test
  void aNamespaceWhoseFirstProcessEndedBeforeItCouldBeEnteredIsLookedIntoSoon() {
    var pod = node.pod();
    node.spec(enforce(pod).somaxconn(8192));
    node.pass(Duration.ofSeconds(1));
    var passing = pod.start("pause");
    node.tricky.beforeVisit =
        () -> {
          node.tricky.beforeVisit = () -> {};
          pod.start("pause");
          passing.exit();
        };

    node.pass(Duration.ofMillis(120));

    assertThat(pod.namespace().somaxconn()).isEqualTo(8192);
  }

  @Test
  void aCgroupOfAnExpectedPodIsLookedAtSoon() {
    var pod = node.pod();
    node.spec(enforce(pod).somaxconn(8192));
    node.pass(Duration.ofMinutes(10));
    node.cgroupMade("/kubepods/besteffort/pod" + pod.pod().uid() + "/abc");
    node.settle();
    pod.start("pause");

    node.pass(Duration.ofMillis(12));

    assertThat(pod.namespace().somaxconn()).isEqualTo(8192);
  }

  @Test
  void withoutTheRemedySysctlAListenerIsRaisedAsFarAsSomaxconnAllows() {
    var pod = node.pod();
    pod.namespace().somaxconn(50);
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);

    node.spec(enforce(pod).remedies(Remedy.RELISTEN));

    assertThat(pod.namespace().somaxconn()).isEqualTo(50);
    assertThat(socket.backlog()).isEqualTo(50);
    assertThat(node.remedy(socket).applied()).isEqualTo(50);
    assertThat(node.hindrance(socket).reason()).isEqualTo(EventReasons.REMEDY_UNAVAILABLE);
    assertThat(node.hindrance(socket).message()).contains("is 50").contains("Sysctl");
  }

  @Test
  void aBacklogThatWentToZeroIsSaidAndNeverRaised() {
    var pod = node.pod();
    var process = pod.start("cache");
    var socket = process.listen("0.0.0.0", 11211, 1024);
    node.spec(enforce(pod));
    socket.listen(process, 0);
    node.listing();

    assertThat(socket.backlog()).isZero();
    assertThat(node.kernel.relistens()).isZero();
    assertThat(node.hindrance(socket).message()).contains("backlog is 0");
  }

  @Test
  void aRefusalIsToldWithCallAndErrnoAndTriedAgainOnlyLater() {
    node.kernel.refuseRelisten(new SyscallException("pidfd_getfd", Errno.EPERM));
    node.restart();
    var pod = node.pod();
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);

    node.spec(enforce(pod));
    node.sweep();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.tally.refused).hasValue(1);
    var hindrance = node.hindrance(socket);
    assertThat(hindrance.reason()).isEqualTo(EventReasons.REMEDY_UNAVAILABLE);
    assertThat(hindrance.message()).contains("pidfd_getfd: EPERM (1)");
    assertThat(node.told(socket).orElseThrow().remedy()).isNull();
    assertThat(node.status().capabilities().get(1).status()).isEqualTo("False");
  }

  @Test
  void anUnwritableSomaxconnIsToldWithItsErrno() {
    var pod = node.pod();
    pod.namespace().somaxconn(50);
    pod.namespace().makeSysctlsUnwritable(new SyscallException("open(somaxconn)", Errno.EROFS));
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);

    node.spec(enforce(pod));

    assertThat(socket.backlog()).isEqualTo(50);
    assertThat(node.hindrance(socket).message()).contains("EROFS");
    assertThat(node.sysctlHindrance().message()).contains("EROFS");
    assertThat(node.status().sysctls().getFirst().remedy()).isNull();
  }

  @Test
  void aListenerThatClosesBetweenLookAndActIsForgotten() {
    var pod = node.pod();
    var process = pod.start("api");
    var socket = process.listen("0.0.0.0", 9876, 5);
    node.tricky.beforeRaise = () -> process.close(socket);

    node.spec(enforce(pod));
    node.listing();

    assertThat(node.kernel.relistens()).isZero();
    assertThat(node.status().listeners()).isEmpty();
    assertThat(node.tally.errors).hasValue(0);
  }

  @Test
  void aSufficientListenerIsNotTouched() {
    var pod = node.pod();
    var socket = pod.start("api").listen("0.0.0.0", 9876, 128);

    node.spec(enforce(pod));
    node.listing();

    assertThat(socket.backlog()).isEqualTo(128);
    assertThat(node.kernel.relistens()).isZero();
    assertThat(node.status().listeners()).isEmpty();
    assertThat(node.status().policies().getFirst().listeners().total()).isEqualTo(1);
  }

  @Test
  void aRestartedApplicationIsRaisedAgain() {
    var pod = node.pod();
    pod.start("pause");
    var process = pod.start("api");
    process.listen("0.0.0.0", 9876, 5);
    node.spec(enforce(pod));
    process.exit();
    node.sweep();
    var again = pod.start("api");
    var socket = again.listen("0.0.0.0", 9876, 5);

    node.born(again, socket);
    node.sweep();

    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(node.status().listeners()).hasSize(1);
    assertThat(node.told(socket).orElseThrow().pid()).isEqualTo(again.pid());
  }

  @Test
  void aStatusThatSaysTheSameIsNotPublishedAgain() {
    var pod = node.pod();
    pod.start("api").listen("0.0.0.0", 9876, 5);
    node.spec(enforce(pod));
    int before = node.statuses.size();

    node.pass(Duration.ofMinutes(5));

    assertThat(node.statuses).hasSize(before);
  }

  @Test
  void theGenerationIsObservedOnceASweepWithItIsDone() {
    var pod = node.pod();
    pod.start("api");

    node.spec(enforce(pod));
    assertThat(node.status().observedGeneration()).isEqualTo(1);
    node.spec(enforce(pod).minimum(10));
    assertThat(node.status().observedGeneration()).isEqualTo(2);
    assertThat(node.statuses).noneMatch(each -> each.observedGeneration() == null);
  }
}
