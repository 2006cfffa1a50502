package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Condition;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.process.Container;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods whose listeners cannot be seen, and those that only look alike. */
class SandboxDetectorTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;

  @BeforeEach
  void aNodeWithAPod() {
    node = new Node(folder);
    pod = node.pod();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runsc",
        "qemu-system-x86_64",
        "cloud-hypervisor",
        "firecracker",
        "containerd-shim-kata-v2",
      })
  void aPodOfWhichOnlyASandboxRunsHereIsUnobservableAndItIsSaidWhy(String program) {
    runs(program);
    runs(program);

    node.spec(enforce(pod));

    assertThat(unobservable()).isEqualTo(1);
    assertThat(visibility().status()).isEqualTo("False");
    assertThat(visibility().message())
        .startsWith("Governed, but their listeners cannot be seen: shop/pod-1: ")
        .contains("sandbox (" + (program.startsWith("qemu") ? "qemu" : program) + ")");
  }

  @Test
  void itIsSaidOnce() {
    runs("runsc");
    node.spec(enforce(pod));
    int statuses = node.statuses.size();

    node.pass(Duration.ofMinutes(5));

    assertThat(node.statuses).hasSize(statuses);
  }

  @Test
  void aPodThatRunsAMachineBesideItsOwnProcessesCanBeSeen() {
    runs("virt-launcher");
    runs("qemu-system-x86_64");

    node.spec(enforce(pod));

    assertThat(unobservable()).isZero();
    assertThat(visibility().status()).isEqualTo("True");
  }

  /** One that starts hundreds of such processes must not make each look as long. */
  @Test
  void ofManyProcessesAFewAreLookedAt() {
    for (int i = 0; i < 200; i++) runs("runsc");

    node.spec(enforce(pod));

    assertThat(unobservable()).isEqualTo(1);
    assertThat(node.kernel.factReads()).isLessThan(50);
  }

  @Test
  void aPodThatDoesNotListenCanBeSeen() {
    pod.start("worker");

    node.spec(enforce(pod));

    assertThat(unobservable()).isZero();
    assertThat(visibility().status()).isEqualTo("True");
  }

  @Test
  void aSandboxThatListensOnTheNodesKernelIsJudgedAsAnyOther() {
    var socket = runs("runsc").listen("0.0.0.0", 9876, 5); // runsc --network=host

    node.spec(enforce(pod));

    assertThat(unobservable()).isZero();
    assertThat(socket.backlog()).isEqualTo(64);
  }

  @Test
  void aSandboxThatGaveWayToAnOrdinaryContainerIsForgotten() {
    var sandbox = runs("runsc");
    node.spec(enforce(pod));
    sandbox.exit();
    pod.start("api");

    node.listing();

    assertThat(unobservable()).isZero();
    assertThat(visibility().status()).isEqualTo("True");
  }

  @Test
  void aPodWhoseNamespaceCannotBeEnteredIsNamedWithTheCallThatIsRefused() {
    pod.start("api");
    pod.namespace().breakWith(new SyscallException("setns(pid 7)", Errno.EPERM));

    node.spec(enforce(pod));

    assertThat(visibility().message()).endsWith("shop/pod-1: setns(pid 7): EPERM (1)");
    pod.namespace().breakWith(null);
    node.sweep();
    assertThat(visibility().status()).isEqualTo("True");
  }

  private FakeProcess runs(String program) {
    var container = new Container(pod.pod().uid(), "d".repeat(64));
    return node.kernel.process(pod.namespace(), container, "", program);
  }

  private int unobservable() {
    return node.status().policies().getFirst().listeners().unobservable();
  }

  private Condition visibility() {
    return node.status().capabilities().stream()
        .filter(each -> each.type().equals("Visibility"))
        .findFirst()
        .orElseThrow();
  }
}
