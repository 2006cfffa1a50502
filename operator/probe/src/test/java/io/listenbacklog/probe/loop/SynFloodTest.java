package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Condition;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.SynFlood;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.log.FloodWarning;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynFloodTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;

  @BeforeEach
  void aNodeWithAPod() {
    node = new Node(folder);
    pod = node.pod();
  }

  @Test
  void cookiesAreToldOfTheListenerWithItsLimitWithinTheTurnOfItsNamespace() {
    var socket = pod.start("api").listen("0.0.0.0", 7000, 100);
    pod.start("api").listen("0.0.0.0", 7001, 100);
    node.spec(observe());

    socket.flood(300);
    node.pass(Duration.ofSeconds(5));

    var flood = flood(socket);
    assertThat(flood.cookies()).isEqualTo(300 - 101);
    assertThat(flood.drops()).isZero();
    assertThat(flood.synReceived()).isEqualTo(101);
    assertThat(flood.limit()).isEqualTo(100);
    assertThat(flood.limitedBy()).isEqualTo("backlog");
    assertThat(flood.logged()).isTrue();
    assertThat(flood.times()).isEqualTo(1);
    assertThat(node.status().listeners()).hasSize(1);
    assertThat(node.status().policies().getFirst().listeners().flooded()).isEqualTo(1);
  }

  /** Clients that have finished and sent nothing are in its SYN queue too: no attack. */
  @Test
  void ofAListenerThatDefersAcceptingThatIsTold() {
    var socket = pod.start("api").listen("0.0.0.0", 7000, 100);
    socket.deferAccept();
    var other = pod.start("api").listen("0.0.0.0", 7001, 100);
    node.spec(observe());

    socket.flood(300);
    other.flood(300);
    node.pass(Duration.ofSeconds(12));

    assertThat(flood(socket).deferred()).isTrue();
    assertThat(flood(other).deferred()).isFalse();
    assertThat(socket.backlog()).isEqualTo(100);
  }

  @Test
  void whetherAListenerDefersAcceptingIsNotKnownWhereNobodyMayLook() {
    node.kernel.refuseRelisten(new SyscallException("pidfd_getfd", Errno.EPERM));
    var socket = pod.start("api").listen("0.0.0.0", 7000, 100);
    node.spec(observe());

    socket.flood(300);
    node.pass(Duration.ofSeconds(12));

    assertThat(flood(socket).deferred()).isNull();
  }

  @Test
  void withoutTheLogCountersTellItWithinTenSeconds() {
    node.kernel.refuseLog(new SyscallException("syslog(action 3)", Errno.EPERM));
    var socket = pod.start("api").listen("0.0.0.0", 7000, 100);
    pod.start("api").listen("0.0.0.0", 7001, 100);
    node.spec(observe());

    socket.flood(300);
    node.pass(Duration.ofSeconds(13));

    assertThat(flood(socket).logged()).isFalse();
    assertThat(node.status().listeners()).hasSize(1);
    assertThat(kernelLog().status()).isEqualTo("False");
    assertThat(kernelLog().message()).contains("syslog(action 3): EPERM (1)");
    var told = kernelLog();
    node.kernel.refuseLog(null);
    node.pass(Duration.ofMinutes(2));
    assertThat(kernelLog().status()).isEqualTo("True");
    assertThat(told.lastTransitionTime()).isNotEqualTo(kernelLog().lastTransitionTime());
  }

  @Test
  void aRefusalOfTheLogIsSaidOnceAndNotAskedAgainInEverySweep() {
    node.kernel.refuseLog(new SyscallException("syslog(action 3)", Errno.EPERM));
    node.spec(observe());
    int statuses = node.statuses.size();
    int reads = node.kernel.logReads();

    node.pass(Duration.ofMinutes(5));

    assertThat(node.statuses).hasSize(statuses);
    assertThat(node.kernel.logReads() - reads).isLessThanOrEqualTo(6);
  }

  @Test
  void withoutCookiesDroppedRequestsAreToldInTheNextSweep() {
    node.kernel.refuseLog(new SyscallException("syslog(action 3)", Errno.EPERM));
    pod.namespace().synCookies(0);
    var socket = pod.start("api").listen("0.0.0.0", 7000, 100);
    pod.start("api").listen("0.0.0.0", 7001, 100);
    node.spec(observe());

    socket.flood(300);
    node.sweep();

    assertThat(flood(socket).drops()).isEqualTo(300 - 101);
    assertThat(flood(socket).cookies()).isZero();
    assertThat(node.status().listeners()).hasSize(1);
  }

  @Test
  void threeQuartersOfTcpMaxSynBacklogAreToldAsThat() {
    pod.namespace().synCookies(0);
    pod.namespace().tcpMaxSynBacklog(128);
    var socket = pod.start("api").listen("0.0.0.0", 7000, 1000);
    node.spec(observe());

    socket.flood(300);
    node.sweep();

    var flood = flood(socket);
    assertThat(flood.drops()).isEqualTo(300 - 97);
    assertThat(flood.limit()).isEqualTo(96);
    assertThat(flood.limitedBy()).isEqualTo("net.ipv4.tcp_max_syn_backlog");
    assertThat(flood.logged()).isFalse();
    assertThat(node.told(socket).orElseThrow().overflow()).isNull();
  }

  @Test
  void cookiesForEverySynAreNoFlood() {
    pod.namespace().synCookies(2);
    var socket = pod.start("api").listen("0.0.0.0", 7000, 100);
    node.spec(observe());

    socket.flood(300);
    node.pass(Duration.ofSeconds(30));

    assertThat(node.told(socket)).isEmpty();
  }

  @Test
  void anOverflowOfTheAcceptQueueIsNoFlood() {
    var socket = pod.start("api").listen("0.0.0.0", 7000, 5);
    node.spec(observe());

    for (int client = 0; client < 20; client++) socket.connect();
    node.pass(Duration.ofSeconds(15));

    assertThat(node.told(socket).orElseThrow().overflow()).isNotNull();
    assertThat(node.told(socket).orElseThrow().synFlood()).isNull();
  }

  @Test
  void aFloodThatLastsIsOneEpisodeWhoseNumbersAreToldSeldom() {
    var socket = pod.start("api").listen("0.0.0.0", 7000, 100);
    node.spec(observe());
    socket.flood(300);
    node.pass(Duration.ofSeconds(5));
    var first = flood(socket);
    int statuses = node.statuses.size();

    for (int second = 0; second < 60; second++) {
      socket.flood(10);
      node.pass(Duration.ofSeconds(1));
    }

    var last = flood(socket);
    assertThat(last.since()).isEqualTo(first.since());
    assertThat(last.cookies()).isBetween(300L - 101 + 250, 300L - 101 + 600);
    assertThat(node.statuses.size() - statuses).isBetween(1, 3);
  }

  @Test
  void fiveQuietMinutesEndIt() {
    var socket = pod.start("api").listen("0.0.0.0", 7000, 100);
    node.spec(observe());
    socket.flood(300);
    node.pass(Duration.ofMinutes(4));
    assertThat(flood(socket)).isNotNull();

    node.pass(Duration.ofSeconds(90));

    assertThat(node.told(socket)).isEmpty();
    assertThat(node.status().policies().getFirst().listeners().flooded()).isZero();
  }

  @Test
  void whatHappenedBeforeTheProbeSawTheNamespaceIsNotTold() {
    var socket = pod.start("api").listen("0.0.0.0", 7000, 100);
    socket.flood(300);

    node.spec(observe());
    node.pass(Duration.ofSeconds(30));

    assertThat(node.told(socket)).isEmpty();
  }

  @Test
  void aLineAboutAnotherNamespaceBlamesNobodyHere() {
    var socket = pod.start("api").listen("0.0.0.0", 7000, 100);
    node.spec(observe());

    node.kernel.warn(new FloodWarning(7, "0.0.0.0", 7000, true));
    node.pass(Duration.ofSeconds(30));

    assertThat(node.told(socket)).isEmpty();
  }

  @Test
  void aFloodOfSomebodyElseInTheNodesNamespaceIsNoPodsFlood() {
    var onTheNode = node.hostNetworkPod();
    var socket = onTheNode.start("api").listen("0.0.0.0", 7000, 100);
    var kubelet = node.kernel.process(node.own, "kubelet").listen("0.0.0.0", 10250, 100);
    node.spec(enforce(onTheNode).mode(Mode.OBSERVE).minimum(1));

    kubelet.flood(300);
    node.pass(Duration.ofSeconds(30));
    assertThat(node.told(socket)).isEmpty();

    socket.flood(300);
    node.pass(Duration.ofSeconds(30));
    assertThat(flood(socket).logged()).isTrue();
  }

  @Test
  void anExemptPortIsExemptFromThisToo() {
    var socket = pod.start("api").listen("0.0.0.0", 7000, 100);
    node.spec(observe().port(new NodePort(7000, null, null, true)));

    socket.flood(300);
    node.pass(Duration.ofSeconds(30));

    assertThat(node.told(socket)).isEmpty();
  }

  @Test
  void aQuietNamespaceIsReadOnceInTenSeconds() {
    pod.start("api").listen("0.0.0.0", 7000, 100);
    node.spec(observe());
    node.pass(Duration.ofSeconds(20));
    int before = pod.namespace().counterReads();

    node.pass(Duration.ofSeconds(100));

    assertThat(pod.namespace().counterReads() - before).isBetween(8, 12);
  }

  private Node.Need observe() {
    return enforce(pod).mode(Mode.OBSERVE).minimum(1);
  }

  private SynFlood flood(FakeSocket socket) {
    return requireNonNull(node.told(socket).orElseThrow().synFlood(), "no flood");
  }

  private Condition kernelLog() {
    return node.status().capabilities().stream()
        .filter(each -> each.type().equals("KernelLog"))
        .findFirst()
        .orElseThrow();
  }
}
