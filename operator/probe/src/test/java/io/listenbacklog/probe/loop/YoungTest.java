package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lives for a second only, and serves one client on purpose, is nobody's fault. */
class YoungTest {
  private Node node;
  private Node.Pod pod;
  private FakeProcess ftp;
  private FakeSocket control;
  private int nextPort = 30_000;

  @BeforeEach
  void anFtpServer(@TempDir Path folder) {
    node = new Node(folder);
    pod = node.pod();
    ftp = pod.start("ftp");
    control = ftp.listen("0.0.0.0", 21, 128);
  }

  private Node.Need observe() {
    return enforce(pod).mode(Mode.OBSERVE);
  }

  private ListenerCounts counts() {
    return node.status().policies().getFirst().listeners();
  }

  /** A client wants a file: a listener of its own, for a second. */
  private FakeSocket transfer() {
    var passive = ftp.listen("0.0.0.0", nextPort++, 1);
    node.born(ftp, passive);
    return passive;
  }

  private void transfers(int count, boolean told) {
    var open = new ArrayDeque<FakeSocket>();
    for (int i = 0; i < count; i++) {
      var passive = ftp.listen("0.0.0.0", nextPort++, 1);
      if (told) node.born(ftp, passive);
      open.add(passive);
      if (open.size() > 10) ftp.close(open.remove());
      node.pass(Duration.ofMillis(100));
    }
    while (!open.isEmpty()) ftp.close(open.remove());
    node.sweep();
  }

  @Test
  void hundredsOfShortLivedListenersAreNeverToldInObserve() {
    node.spec(observe());

    transfers(300, true);

    assertThat(node.statuses)
        .allSatisfy(
            status -> {
              assertThat(status.listeners()).isEmpty();
              assertThat(status.policies().getFirst().listeners().undersized()).isZero();
            });
    assertThat(node.statuses).hasSizeLessThan(5);
    assertThat(counts().total()).isEqualTo(1);
  }

  @Test
  void withoutBirthsTheyAreNeverToldEither() {
    node.birthsFail();
    node.spec(observe());

    transfers(300, false);

    assertThat(node.statuses)
        .allSatisfy(
            status -> assertThat(status.policies().getFirst().listeners().undersized()).isZero());
    assertThat(node.statuses).hasSizeLessThan(5);
  }

  @Test
  void shortLivedListenersOnExemptPortsDoNotMakeTheStatusChange() {
    node.spec(observe().port(new NodePort(30_000, 32_767, null, null, true)));

    transfers(100, true);

    assertThat(node.statuses).hasSizeLessThan(5);
  }

  @Test
  void oneThatStaysIsToldWhenItIsTenSecondsOld() {
    node.spec(observe());
    var passive = transfer();
    node.pass(Duration.ofMillis(9_900));
    assertThat(node.told(passive)).isEmpty();
    assertThat(counts().undersized()).isZero();
    assertThat(counts().total()).isEqualTo(1);

    node.sweep();

    assertThat(node.told(passive).orElseThrow().verdict())
        .isEqualTo(Verdict.UNDERSIZED_BY_APPLICATION);
    assertThat(counts().undersized()).isEqualTo(1);
    assertThat(counts().total()).isEqualTo(2);
  }

  @Test
  void whatWasThereBeforeThePolicyIsToldAtOnce() {
    var old = ftp.listen("0.0.0.0", 2121, 5);

    node.spec(observe());

    assertThat(node.told(old)).isPresent();
    assertThat(counts().undersized()).isEqualTo(1);
  }

  @Test
  void whatIsThereWhenAPolicyComesLaterIsToldAtOnceToo() {
    node.spec();
    node.sweep();
    var old = ftp.listen("0.0.0.0", 2121, 5);
    node.sweep();

    node.spec(observe());

    assertThat(node.told(old)).isPresent();
  }

  @Test
  void aProbeThatStartsAgainTellsThemNoEarlierAndTheOthersAtOnce() {
    var old = ftp.listen("0.0.0.0", 2121, 5);
    node.spec(observe());
    var passive = transfer();
    node.sweep();
    var status = node.status();
    assertThat(node.told(passive)).isEmpty();

    node.restart();
    node.spec(status, observe());

    assertThat(node.told(old)).isPresent();
    assertThat(node.told(passive)).isEmpty();
    assertThat(counts().undersized()).isEqualTo(1);
    node.pass(Duration.ofSeconds(12));
    assertThat(node.told(passive)).isPresent();
  }

  @Test
  void aSymptomOfAYoungOneIsToldAndItsSizeIsNot() {
    node.spec(observe());
    var passive = transfer();
    node.sweep();
    while (passive.connect()) {}
    node.sweep();

    var told = node.told(passive).orElseThrow();
    assertThat(told.overflow()).isNotNull();
    assertThat(told.verdict()).isEqualTo(Verdict.SUFFICIENT);
    assertThat(told.required()).isZero();
    assertThat(counts().undersized()).isZero();

    node.pass(Duration.ofSeconds(12));
    assertThat(node.told(passive).orElseThrow().verdict())
        .isEqualTo(Verdict.UNDERSIZED_BY_APPLICATION);
  }

  @Test
  void inEnforceItIsRaisedAndToldAtBirth() {
    node.spec(enforce(pod));

    var passive = transfer();

    assertThat(passive.backlog()).isEqualTo(64);
    node.pass(Duration.ofMillis(200));
    assertThat(node.remedy(passive).applied()).isEqualTo(64);
    ftp.close(passive);
    node.listing();
    assertThat(node.remembered()).isZero();
    assertThat(control.backlog()).isEqualTo(128);
  }

  @Test
  void whatMayNotBeRaisedIsToldInEnforceWhenItIsTenSecondsOld() {
    node.spec(enforce(pod).remedies(Remedy.SYSCTL));
    var passive = transfer();
    node.sweep();
    assertThat(counts().undersized()).isZero();

    node.pass(Duration.ofSeconds(12));

    assertThat(counts().undersized()).isEqualTo(1);
    assertThat(node.told(passive)).isPresent();
  }
}
