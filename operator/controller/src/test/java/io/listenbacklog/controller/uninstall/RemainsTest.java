package io.listenbacklog.controller.uninstall;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PodReference;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RemainsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void aRemedyThatIsStillThereIsWaitedFor() {
    assertThat(Remains.of(node(7L, OnDelete.RESTORE), true))
        .isEqualTo(new Remains("node-1", true, 1, true))
        .returns(false, Remains::isDone);
  }

  @Test
  void aRemedyToBeKeptIsNot() {
    assertThat(Remains.of(node(7L, OnDelete.KEEP), true).isDone()).isTrue();
  }

  @Test
  void aProbeThatHasNotSeenTheChangeYetIsWaitedFor() {
    assertThat(Remains.of(node(6L, null), true).isDone()).isFalse();
    assertThat(Remains.of(node(null, null), true).isDone()).isFalse();
  }

  @Test
  void aNodeThatNeverHadAProbeIsNot() {
    assertThat(Remains.of(node(null, null), false).isDone()).isTrue();
  }

  @Test
  void aNodeWhoseProbeIsGoneButNotItsRemediesIsNamed() {
    var remains = Remains.of(node(7L, OnDelete.RESTORE), false);

    assertThat(remains.isDone()).isFalse();
    assertThat(remains).hasToString("node-1: 1 remedies, no ready probe");
  }

  private static NodeBacklog node(@Nullable Long observed, @Nullable OnDelete onDelete) {
    var node = new NodeBacklog();
    node.setMetadata(new ObjectMetaBuilder().withName("node-1").withGeneration(7L).build());
    if (observed == null) return node;
    var remedy = onDelete == null ? null : new AppliedRemedy(128, 4096, NOW, onDelete);
    var sysctl =
        new NodeSysctl(
            new PodReference("uid", "shop", "api-1"),
            null,
            4026531840L,
            "net.core.somaxconn",
            4096,
            0,
            remedy,
            null);
    node.setStatus(
        new NodeBacklogStatus(
            observed, "boot", List.of(), List.of(), List.of(), List.of(sysctl), List.of()));
    return node;
  }
}
