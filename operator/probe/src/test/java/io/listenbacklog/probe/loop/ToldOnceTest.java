package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.policy.event.EventDraft;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A probe that is killed, whatever there was to tell: the one after it tells none of it anew. */
class ToldOnceTest {
  @TempDir private Path folder;

  /** Makes something to tell; the requirement under which it is told. */
  interface Situation extends Function<Node, Node.Need> {}

  /** A probe that starts, and what it comes to know in which order. */
  interface Start {
    void of(Node node, NodeBacklogStatus told, Node.Need need);
  }

  private static Stream<Named<Situation>> situations() {
    return Stream.of(
        Named.of("undersized by the application", ToldOnceTest::undersizedByTheApplication),
        Named.of("undersized by somaxconn", ToldOnceTest::undersizedBySomaxconn),
        Named.of("raised", ToldOnceTest::raised),
        Named.of("contested", ToldOnceTest::contested),
        Named.of("a somaxconn that is contested", ToldOnceTest::contestedSomaxconn),
        Named.of("a door that was closed", ToldOnceTest::closed),
        Named.of("refused by the kernel", ToldOnceTest::refused),
        Named.of("capped, without the remedy Sysctl", ToldOnceTest::capped),
        Named.of("held by nobody", ToldOnceTest::heldByNobody),
        Named.of("a somaxconn that cannot be written", ToldOnceTest::unwritable),
        Named.of("a somaxconn that cannot be read", ToldOnceTest::unreadable),
        Named.of("a somaxconn that is the node's", ToldOnceTest::forbidden),
        Named.of("an overflow", ToldOnceTest::overflow),
        Named.of("a stall", ToldOnceTest::stall),
        Named.of("grown", ToldOnceTest::grown));
  }

  private static Stream<Named<Start>> starts() {
    return Stream.of(
        Named.of("the API answers at once", (node, told, need) -> node.spec(told, need)),
        Named.of(
            "the API answers after the first sweep",
            (node, told, need) -> {
              node.keptSpec(need);
              node.apiAnswers(told, need);
            }),
        Named.of(
            "the API answers after minutes",
            (node, told, need) -> {
              node.keptSpec(need);
              node.pass(Duration.ofMinutes(3));
              node.apiAnswers(told, need);
            }));
  }

  static Stream<Arguments> all() {
    return situations().flatMap(situation -> starts().map(start -> Arguments.of(situation, start)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("all")
  void isNotToldAgain(Situation situation, Start start) {
    var node = new Node(folder);
    var need = situation.apply(node);
    var told = node.status();
    var before =
        node.statuses.stream().flatMap(status -> names(node.events(status)).stream()).toList();
    assertThat(before).isNotEmpty();

    node.restart();
    start.of(node, told, need);
    node.listing();

    for (var status : node.statuses) {
      assertThat(names(node.events(status))).isSubsetOf(before);
    }
    assertThat(names(node.events(node.status()))).isNotEmpty();
  }

  private static List<String> names(List<EventDraft> events) {
    return events.stream().flatMap(each -> each.eventNames().stream()).toList();
  }

  private static Node.Need undersizedByTheApplication(Node node) {
    return lasting(node, enforce(node.server(5)).mode(Mode.OBSERVE));
  }

  private static Node.Need undersizedBySomaxconn(Node node) {
    var pod = node.pod();
    pod.namespace().somaxconn(50);
    pod.start("api").listen("0.0.0.0", 9876, 1000);
    return lasting(node, enforce(pod).mode(Mode.OBSERVE));
  }

  private static Node.Need raised(Node node) {
    return lasting(node, enforce(node.server(5)));
  }

  private static Node.Need contested(Node node) {
    var server = node.server(5);
    var need = lasting(node, enforce(server));
    for (int tries = 0; tries < 6; tries++) {
      server.listen(5);
      node.sweep();
    }
    return need;
  }

  private static Node.Need contestedSomaxconn(Node node) {
    var pod = node.pod();
    pod.start("api");
    var need = lasting(node, enforce(pod).somaxconn(8192));
    for (int tries = 0; tries < 6; tries++) {
      pod.namespace().somaxconn(128);
      node.listing();
    }
    return need;
  }

  private static Node.Need closed(Node node) {
    var server = node.server(5);
    var need = lasting(node, enforce(server));
    server.listen(0);
    node.sweep();
    return need;
  }

  private static Node.Need refused(Node node) {
    node.kernel.refuseRelisten(new SyscallException("pidfd_getfd", Errno.EPERM));
    return lasting(node, enforce(node.server(5)));
  }

  private static Node.Need capped(Node node) {
    var pod = node.pod();
    pod.namespace().somaxconn(50);
    pod.start("api").listen("0.0.0.0", 9876, 1000);
    return lasting(node, enforce(pod).remedies(Remedy.RELISTEN));
  }

  private static Node.Need heldByNobody(Node node) {
    var pod = node.pod();
    pod.start("api");
    node.kernel.process(pod.namespace(), "stranger").listen("0.0.0.0", 9876, 5);
    return lasting(node, enforce(pod));
  }

  private static Node.Need unwritable(Node node) {
    var pod = node.pod();
    pod.namespace().makeSysctlsUnwritable(new SyscallException("write", Errno.EROFS));
    pod.start("api").listen("0.0.0.0", 9876, 5);
    return lasting(node, enforce(pod).somaxconn(8192));
  }

  private static Node.Need unreadable(Node node) {
    var pod = node.pod();
    pod.namespace().makeSysctlsUnreadable(new SyscallException("read", Errno.EACCES));
    pod.start("api").listen("0.0.0.0", 9876, 5);
    return lasting(node, enforce(pod).somaxconn(8192));
  }

  private static Node.Need forbidden(Node node) {
    var pod = node.hostNetworkPod();
    pod.start("api").listen("0.0.0.0", 9876, 5);
    return lasting(node, enforce(pod).somaxconn(8192));
  }

  private static Node.Need overflow(Node node) {
    var server = node.server(1);
    var need = lasting(node, enforce(server).minimum(null));
    for (int i = 0; i < 5; i++) server.socket().connect();
    node.sweep();
    return need;
  }

  private static Node.Need stall(Node node) {
    node.stallAfterMillis = 5_000;
    var server = node.server(128);
    var need = lasting(node, enforce(server));
    server.socket().connect();
    node.pass(Duration.ofSeconds(20));
    return need;
  }

  private static Node.Need grown(Node node) {
    var server = node.server(1);
    var need = lasting(node, enforce(server).minimum(null).maximum(64));
    node.pass(Duration.ofSeconds(20));
    for (int i = 0; i < 5; i++) server.socket().connect();
    node.sweep();
    return need;
  }

  /** Under a requirement for some minutes: what began then is not what a restart begins. */
  private static Node.Need lasting(Node node, Node.Need need) {
    node.spec(need);
    node.pass(Duration.ofMinutes(4));
    return need;
  }
}
