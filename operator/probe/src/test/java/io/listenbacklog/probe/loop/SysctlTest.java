package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Condition;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Floors of a pod's own sysctls, and of the node's. */
class SysctlTest {
  private static final String SYN = "net.ipv4.tcp_max_syn_backlog";
  private static final String SOMAXCONN = "net.core.somaxconn";

  @TempDir private Path folder;
  private Node node;

  @BeforeEach
  void start() {
    node = new Node(folder);
  }

  private Optional<NodeSysctl> told(String name) {
    return node.status().sysctls().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  private String hindrance(String name) {
    return Objects.requireNonNull(told(name).orElseThrow().hindrance()).message();
  }

  @Test
  void whatIsRaisedShowsThatItCanBe() {
    var server = node.server(5);
    node.spec(enforce(server));
    assertThat(capability().status()).isEqualTo("Unknown"); // this probe is in the node's network
    assertThat(capability().message()).contains("first one that is to be raised");

    node.spec(enforce(server).somaxconn(8192));
    assertThat(server.namespace().somaxconn()).isEqualTo(8192);
    assertThat(capability().status()).isEqualTo("True");
  }

  private Condition capability() {
    return node.status().capabilities().stream()
        .filter(each -> each.type().equals("Sysctl"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void maxSynBacklogIsRaisedBeforeAnybodyListensAndPutBack() {
    var pod = node.pod();
    pod.namespace().tcpMaxSynBacklog(128);
    node.spec(enforce(pod).tcpMaxSynBacklog(4096));
    pod.start("pause");
    node.pass(Duration.ofMillis(60));

    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(4096);
    node.sweep();
    var told = told(SYN).orElseThrow();
    assertThat(told.value()).isEqualTo(4096);
    assertThat(told.required()).isEqualTo(4096);
    assertThat(Objects.requireNonNull(told.remedy()).original()).isEqualTo(128);
    assertThat(told(SOMAXCONN)).isEmpty();

    node.spec(enforce(pod));
    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(128);
    assertThat(told(SYN)).isEmpty();
    assertThat(node.status().restorations().getFirst().what()).isEqualTo(SYN);
  }

  @Test
  void whatIsHighEnoughOrOnlyObservedIsLeftAlone() {
    var high = node.pod();
    var observed = node.pod();
    var relistenOnly = node.pod();
    for (var each : new Node.Pod[] {high, observed, relistenOnly}) {
      each.start("pause");
      each.namespace().tcpMaxSynBacklog(2048);
    }

    node.spec(
        enforce(high).tcpMaxSynBacklog(1024).policy("a"),
        enforce(observed).tcpMaxSynBacklog(4096).mode(Mode.OBSERVE).policy("b"),
        enforce(relistenOnly).tcpMaxSynBacklog(4096).remedies(Remedy.RELISTEN).policy("c"));
    node.listing();

    for (var each : new Node.Pod[] {high, observed, relistenOnly}) {
      assertThat(each.namespace().tcpMaxSynBacklog()).isEqualTo(2048);
    }
    assertThat(node.status().sysctls()).isEmpty();
  }

  @Test
  void bothAreRaisedAndEitherIsPutBackAlone() {
    var pod = node.pod();
    pod.start("pause");
    pod.namespace().tcpMaxSynBacklog(128);
    node.spec(enforce(pod).tcpMaxSynBacklog(4096).somaxconn(8192));
    assertThat(node.status().sysctls()).hasSize(2);

    node.restart();
    node.spec(enforce(pod).minimum(null).somaxconn(8192));

    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(128);
    assertThat(pod.namespace().somaxconn()).isEqualTo(8192);
    node.spec();
    assertThat(pod.namespace().somaxconn()).isEqualTo(4096);
  }

  @Test
  void oneThatCannotBeWrittenIsToldWithItsErrno() {
    var pod = node.pod();
    pod.start("pause");
    pod.namespace().makeSysctlsUnwritable(new SyscallException("open(it)", Errno.EROFS));

    node.spec(enforce(pod).tcpMaxSynBacklog(4096));

    assertThat(hindrance(SYN)).contains("EROFS").contains(SYN + " is 2048");
  }

  @Test
  void oneThatCannotBeReadIsNotRaised_forNobodyCouldPutItBack() {
    var pod = node.pod();
    pod.start("pause");
    pod.namespace().makeSysctlsUnreadable(new SyscallException("open(it)", Errno.EMFILE));
    node.spec(enforce(pod).tcpMaxSynBacklog(4096));
    node.listing();
    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(2048);
    assertThat(hindrance(SYN)).contains("EMFILE").contains(SYN + " cannot be read");

    pod.namespace().makeSysctlsUnreadable(null);
    node.listing();
    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(4096);
    node.spec();
    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(2048);
  }

  @Test
  void oneThatCannotBeReadIsNotPutBack_forItMayBeSomebodyElsesByNow() {
    var pod = node.pod();
    pod.start("pause");
    node.spec(enforce(pod).tcpMaxSynBacklog(4096));
    pod.namespace().tcpMaxSynBacklog(8192);
    pod.namespace().makeSysctlsUnreadable(new SyscallException("open(it)", Errno.EMFILE));
    node.spec();
    node.listing();
    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(8192);
    assertThat(hindrance(SYN)).contains("EMFILE");

    pod.namespace().makeSysctlsUnreadable(null);
    node.listing();
    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(8192);
    assertThat(node.status().sysctls()).isEmpty();
  }

  @Test
  void oneThatIsRaisedButNotReadBackIsPutBack() {
    var pod = node.pod();
    pod.start("pause");
    var cause = new SyscallException("open(it)", Errno.EMFILE);
    pod.namespace().makeSysctlsUnreadableOnceWritten(cause);
    node.spec(enforce(pod).tcpMaxSynBacklog(4096));
    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(4096);
    pod.namespace().makeSysctlsUnreadable(null);

    node.restart();
    node.spec(enforce(pod).tcpMaxSynBacklog(4096));
    assertThat(node.sysctlRemedy().original()).isEqualTo(2048);
    node.spec();
    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(2048);
  }

  @Test
  void oneThatIsSetToZeroIsRaisedAgainNoMoreOften() {
    var pod = node.pod();
    pod.start("pause");
    node.spec(enforce(pod).tcpMaxSynBacklog(4096));
    for (int tries = 0; tries < 3; tries++) {
      pod.namespace().tcpMaxSynBacklog(0);
      node.listing();
      assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(4096);
    }
    pod.namespace().tcpMaxSynBacklog(0);
    node.listing();

    assertThat(pod.namespace().tcpMaxSynBacklog()).isZero();
    assertThat(hindrance(SYN)).contains("set back to 0");
  }

  @Test
  void oneThatIsLeftAloneStaysSoThoughTheProbeRestartsAndTheJournalIsLost() throws IOException {
    var pod = node.pod();
    pod.start("pause");
    node.spec(enforce(pod).tcpMaxSynBacklog(4096));
    for (int tries = 0; tries < 3; tries++) {
      pod.namespace().tcpMaxSynBacklog(100);
      node.listing();
    }
    pod.namespace().tcpMaxSynBacklog(100);
    while (told(SYN).map(NodeSysctl::hindrance).isEmpty()) node.sweep();
    var before = told(SYN);
    assertThat(hindrance(SYN)).contains("set back to 100");

    for (var lost : List.of(false, true)) {
      var status = node.status();
      if (lost) Files.delete(folder.resolve("journal"));
      node.restart();
      node.pass(Duration.ofSeconds(10));
      node.spec(status, enforce(pod).tcpMaxSynBacklog(4096));
      assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(100);
      assertThat(told(SYN)).isEqualTo(before);
    }
    node.spec();
    node.spec(enforce(pod).tcpMaxSynBacklog(4096));
    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(4096);
  }

  @Test
  void oneThatIsLoweredIsRaisedAgainThreeTimes() {
    var pod = node.pod();
    pod.start("pause");
    node.spec(enforce(pod).tcpMaxSynBacklog(4096));
    for (int tries = 0; tries < 3; tries++) {
      pod.namespace().tcpMaxSynBacklog(100);
      node.listing();
      assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(4096);
    }
    pod.namespace().tcpMaxSynBacklog(100);
    node.listing();

    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(100);
    assertThat(hindrance(SYN)).contains("set back to 100");
  }

  @Test
  void oneThatIsLoweredIsRaisedAgainNoMoreOftenByAProbeThatRestarts() {
    var pod = node.pod();
    pod.start("pause");
    node.spec(enforce(pod).tcpMaxSynBacklog(4096));
    for (int tries = 0; tries < 3; tries++) {
      pod.namespace().tcpMaxSynBacklog(100);
      node.restart();
      node.spec(enforce(pod).tcpMaxSynBacklog(4096));
      assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(4096);
    }
    pod.namespace().tcpMaxSynBacklog(100);
    node.restart();
    node.spec(enforce(pod).tcpMaxSynBacklog(4096));

    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(100);
    assertThat(hindrance(SYN)).contains("set back to 100");
    node.spec();
    node.spec(enforce(pod).tcpMaxSynBacklog(4096));
    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(4096);
  }

  private Node.Need onNode(Node.Pod... pods) {
    return enforce(pods).minimum(null).withNodeSysctls();
  }

  @Test
  void theNodesAreRaisedOnlyWhereThatIsAllowed() {
    var pod = node.hostNetworkPod();
    pod.start("proxy");
    node.spec(enforce(pod).somaxconn(8192).tcpMaxSynBacklog(4096));
    assertThat(node.own.somaxconn()).isEqualTo(4096);
    assertThat(hindrance(SOMAXCONN)).contains("allowNodeSysctls");
    assertThat(hindrance(SYN)).contains("allowNodeSysctls").contains("the node");

    node.spec(onNode(pod).somaxconn(8192).tcpMaxSynBacklog(4096));
    assertThat(node.own.somaxconn()).isEqualTo(8192);
    assertThat(node.own.tcpMaxSynBacklog()).isEqualTo(4096);
    assertThat(node.status().sysctls()).hasSize(2).allMatch(each -> each.hindrance() == null);
    assertThat(told(SOMAXCONN).orElseThrow().required()).isEqualTo(8192);
    assertThat(node.tally.sysctlsRaised).hasValue(2);
  }

  @Test
  void ofSeveralPodsTheLargestAskHoldsUntilNobodyAsks() {
    var small = node.hostNetworkPod();
    var large = node.hostNetworkPod();
    small.start("proxy");
    var process = large.start("proxy");
    node.spec(
        onNode(small).somaxconn(6000).policy("small"),
        onNode(large).somaxconn(9000).policy("large"));
    assertThat(node.own.somaxconn()).isEqualTo(9000);
    assertThat(told(SOMAXCONN).orElseThrow().pod()).isEqualTo(large.pod().reference());

    process.exit();
    node.spec(onNode(small).somaxconn(6000).policy("small"));
    node.listing();
    assertThat(node.own.somaxconn()).isEqualTo(9000);
    assertThat(told(SOMAXCONN).orElseThrow().pod()).isEqualTo(small.pod().reference());
    assertThat(told(SOMAXCONN).orElseThrow().required()).isEqualTo(6000);

    node.spec(enforce(small).somaxconn(6000));
    assertThat(node.own.somaxconn()).isEqualTo(4096);
  }

  @Test
  void theNodesIsPutBackThoughNoGovernedPodIsLeftOnIt() {
    var pod = node.hostNetworkPod();
    var process = pod.start("proxy");
    node.spec(onNode(pod).somaxconn(8192));
    process.exit();
    node.listing();
    assertThat(node.own.somaxconn()).isEqualTo(8192); // the pod may be restarting

    node.spec();
    assertThat(node.own.somaxconn()).isEqualTo(4096);
    assertThat(node.status().sysctls()).isEmpty();
    assertThat(node.status().restorations()).hasSize(1);
  }

  @Test
  void theNodesIsPutBackByAnotherProbeFromTheJournalOrTheStatus() throws IOException {
    var pod = node.hostNetworkPod();
    pod.start("proxy");
    node.spec(onNode(pod).somaxconn(8192));
    node.restart();
    node.spec();
    assertThat(node.own.somaxconn()).isEqualTo(4096);

    node.spec(onNode(pod).somaxconn(8192));
    var status = node.status();
    Files.delete(folder.resolve("journal"));
    node.restart();
    node.spec(status);
    assertThat(node.own.somaxconn()).isEqualTo(4096);
  }

  @Test
  void theNodesIsKeptWhereThePolicySaysKeep() {
    var pod = node.hostNetworkPod();
    pod.start("proxy");
    node.spec(onNode(pod).somaxconn(8192).onDelete(OnDelete.KEEP));
    node.spec();
    node.listing();

    assertThat(node.own.somaxconn()).isEqualTo(8192);
    assertThat(node.status().sysctls()).isEmpty();
  }

  @Test
  void theNodesIsLeftAloneOnceItWasSetBackTooOftenUntilNobodyAsks() throws IOException {
    var pod = node.hostNetworkPod();
    var other = node.hostNetworkPod();
    var process = pod.start("proxy");
    node.spec(onNode(pod).somaxconn(8192));
    for (int tries = 0; tries < 4; tries++) {
      node.own.somaxconn(100);
      node.restart();
      node.spec(onNode(pod).somaxconn(8192));
    }
    assertThat(node.own.somaxconn()).isEqualTo(100);
    assertThat(hindrance(SOMAXCONN)).contains("set back to 100");
    assertThat(told(SOMAXCONN).orElseThrow().remedy()).isNull();

    // Another pod asks, for more, and the first is gone: it is still the node's that is contested.
    other.start("proxy");
    process.exit();
    node.spec(onNode(other).somaxconn(9000));
    node.pass(Duration.ofSeconds(25));
    assertThat(node.own.somaxconn()).isEqualTo(100);

    node.spec();
    assertThat(node.own.somaxconn()).isEqualTo(100);
    assertThat(node.status().sysctls()).isEmpty();
    assertThat(node.status().restorations()).isEmpty();
    node.restart();
    assertThat(Files.readAllLines(folder.resolve("journal"))).hasSize(1);
    node.spec(onNode(other).somaxconn(9000));
    assertThat(node.own.somaxconn()).isEqualTo(9000);
  }

  @Test
  void aListenerOnTheNodeIsRaisedThroughItsSomaxconn() {
    var pod = node.hostNetworkPod();
    node.own.somaxconn(50);
    var socket = pod.start("proxy").listen("0.0.0.0", 8080, 5);
    node.spec(onNode(pod).minimum(64));

    assertThat(node.own.somaxconn()).isEqualTo(64);
    assertThat(socket.backlog()).isEqualTo(64);
    node.spec();
    assertThat(node.own.somaxconn()).isEqualTo(50);
    assertThat(socket.backlog()).isEqualTo(5);
  }

  @Test
  void aListenerThatTheNodesSomaxconnCappedIsNotBlamedOnTheApplication() {
    var pod = node.hostNetworkPod();
    node.own.somaxconn(50);
    var socket = pod.start("proxy").listen("0.0.0.0", 8080, 1000);
    node.spec(onNode(pod).minimum(64).remedies(Remedy.SYSCTL));

    assertThat(node.own.somaxconn()).isEqualTo(64);
    assertThat(node.told(socket).orElseThrow().verdict())
        .isEqualTo(Verdict.UNDERSIZED_BY_SOMAXCONN);
  }

  @Test
  void aNamespaceOfSeveralPodsThatIsNotTheNodesIsLeftAlone() {
    var pod = node.pod();
    var other = node.pod(pod.namespace(), false);
    pod.start("api");
    other.start("debugger");

    node.spec(enforce(pod).tcpMaxSynBacklog(4096).withNodeSysctls());

    assertThat(pod.namespace().tcpMaxSynBacklog()).isEqualTo(2048);
    assertThat(hindrance(SYN)).contains("shares with others").doesNotContain("allowNode");
  }
}
