package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Remedy;
import io.listenbacklog.kernel.process.Container;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that are expected: their somaxconn is raised before their application listens. */
class NewPodsTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;

  @BeforeEach
  void anExpectedPod() {
    node = new Node(folder);
    pod = node.pod();
    node.spec(enforce(pod).somaxconn(8192));
  }

  @Test
  void anotherNetworkUnderTheSameNumberIsNotTakenForTheOneThatIsGone() {
    var first = node.pod();
    var process = first.start("pause");
    var second = node.pod(node.kernel.namespaceInPlaceOf(first.namespace()), false);
    node.spec(enforce(first, second).somaxconn(8192));
    node.pass(Duration.ofSeconds(20));
    assertThat(first.namespace().somaxconn()).isEqualTo(8192);

    process.exit();
    second.start("pause");
    node.pass(Duration.ofSeconds(3));

    assertThat(second.namespace().somaxconn()).isEqualTo(8192);
  }

  @Test
  void aPodsNewNetworkUnderTheSameNumberIsNotTakenForItsOldOne() {
    var pod = node.pod();
    var process = pod.start("pause");
    node.spec(enforce(pod).somaxconn(8192));
    node.pass(Duration.ofSeconds(20));

    process.exit();
    var again =
        new Node.Pod(pod.pod(), node.kernel.namespaceInPlaceOf(pod.namespace()), node.kernel);
    again.start("pause");
    node.pass(Duration.ofSeconds(3));

    assertThat(again.namespace().somaxconn()).isEqualTo(8192);
  }

  @Test
  void aPodIsNotSeenAsLongAsItsFirstProcessIsInTheNodesNamespace() {
    var container = new Container(pod.pod().uid(), "s".repeat(64));
    var runtime = node.kernel.process(node.own, container, "", "runc");
    node.pass(Duration.ofMillis(60));
    assertThat(node.own.somaxconn()).isEqualTo(4096);
    runtime.exit();
    pod.start("pause");

    node.pass(Duration.ofMillis(60));

    assertThat(pod.namespace().somaxconn()).isEqualTo(8192);
  }

  @Test
  void aPodThatIsSlowToStartIsStillFoundBetweenSweeps() {
    node.pass(Duration.ofSeconds(60));
    pod.start("pause");

    node.pass(Duration.ofMillis(510));

    assertThat(pod.namespace().somaxconn()).isEqualTo(8192);
  }

  /**
   * uWSGI ends at once where its {@code listen} is above somaxconn: there is never a listener to be
   * seen, so the sandbox must have the number before the next start.
   */
  @Test
  void aServerThatEndsWhereSomaxconnIsLowFindsTheMinimumAtItsNextStart() {
    for (var remedies : List.of(List.of(Remedy.SYSCTL, Remedy.RELISTEN), List.of(Remedy.SYSCTL))) {
      var crashing = node.pod();
      crashing.start("pause");
      crashing.start("uwsgi").exit();

      node.spec(enforce(crashing).minimum(8192).remedies(remedies.toArray(Remedy[]::new)));

      assertThat(crashing.namespace().somaxconn()).isEqualTo(8192);
      var started = crashing.start("uwsgi").listen("0.0.0.0", 8000, 8192);
      assertThat(started.backlog()).isEqualTo(8192);
      node.sweep();
      assertThat(node.status().policies().getFirst().listeners().undersized()).isZero();
    }
  }

  @Test
  void aCompletedPodIsNotLookedForBetweenSweeps() {
    pod.start("job").exit();
    node.pass(Duration.ofMinutes(5));
    long sweeps = node.tally.sweeps.get();

    assertThat(node.current().idleNanos()).isGreaterThan(Duration.ofMillis(50).toNanos());
    node.pass(Duration.ofSeconds(10));
    assertThat(node.tally.sweeps.get() - sweeps).isBetween(4L, 6L);
  }

  @Test
  void aCgroupInTheSystemdDriversSpellingIsRecognised() {
    node.pass(Duration.ofMinutes(10));
    String uid = pod.pod().uid().replace('-', '_');
    node.cgroupMade("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + uid);
    pod.start("pause");

    node.settle();

    assertThat(pod.namespace().somaxconn()).isEqualTo(8192);
  }

  @Test
  void aPodThatGetsAnotherSandboxHasItsNewNamespaceRaised() {
    var first = pod.start("pause");
    node.sweep();
    first.exit();
    node.sweep();
    var sandbox = node.kernel.namespace();
    node.cgroupMade("/kubepods/pod" + pod.pod().uid() + "/new");
    node.kernel.process(sandbox, new Container(pod.pod().uid(), "n".repeat(64)), "pause", "pause");

    node.pass(Duration.ofMillis(12));

    assertThat(sandbox.somaxconn()).isEqualTo(8192);
  }

  /**
   * One that cannot start, and another each minute; and somebody who makes cgroups all the time.
   */
  @Test
  void whatNeverStartsCostsATenthOfTheTimeAtMost() {
    node.tricky.atScan = () -> node.takes(Duration.ofMillis(5));
    node.tricky.scans = 0;
    var begun = node.elapsed();
    for (int second = 0; second < 300; second++) {
      if (second % 60 == 0) {
        pod = node.pod();
        node.begin(enforce(pod).somaxconn(8192));
      }
      node.cgroupMade("/kubepods/pod" + pod.pod().uid() + "/" + second);
      node.pass(Duration.ofSeconds(1));
    }
    var looked = Duration.ofMillis(5).multipliedBy(node.tricky.scans);
    var ofSweeps = Duration.ofMillis(5).multipliedBy(node.tally.sweeps.get());
    assertThat(looked.minus(ofSweeps))
        .isLessThan(node.elapsed().minus(begun).dividedBy(10).plus(Duration.ofSeconds(1)));

    pod.start("pause");
    node.pass(Duration.ofMillis(200));
    assertThat(pod.namespace().somaxconn()).isEqualTo(8192);
  }
}
