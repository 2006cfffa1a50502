package io.listenbacklog.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.Omitted;
import io.listenbacklog.api.PolicyCounts;
import io.listenbacklog.api.PolicyReference;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObjectSizeTest {
  private static final NodeBacklogSpec SPEC = new NodeBacklogSpec(List.of());
  private static final PolicyReference POLICY =
      new PolicyReference("BacklogPolicy", "shop", "many", "uid", 1);

  private static int bytes(int undersized, int remedied, @Nullable Omitted omitted) {
    var there = new NodeBacklog();
    int total = undersized + remedied;
    there.setStatus(
        new NodeBacklogStatus(
            1L,
            "boot",
            List.of(),
            List.of(
                new PolicyCounts(
                    POLICY, 1, new ListenerCounts(total, undersized, remedied, 0, 0, 0, 0, 0))),
            List.of(),
            List.of(),
            List.of(),
            null,
            omitted));
    return ObjectSize.of(SPEC, there);
  }

  @Test
  void whatWasRaisedLongAgoIsInTheObject() {
    assertThat(bytes(0, 200, null)).isBetween(150_000, 160_000);
    assertThat(bytes(200, 0, null)).isBetween(150_000, 160_000);
  }

  /** Else the requirement of each new pod of that node waited for a minute and a half. */
  @Test
  void whatAPodHasAboveItsShareIsNot() {
    assertThat(bytes(0, 9_000, new Omitted(8_900, 0, 0))).isBetween(75_000, 85_000);
    assertThat(bytes(900, 100, new Omitted(900, 0, 0))).isBetween(75_000, 85_000);
  }

  /** Of a pod that annotations govern, which no policy counts. */
  @Test
  void whatIsLeftOutOfOthersMakesItNoSmallerThanNothing() {
    assertThat(bytes(0, 10, new Omitted(500, 0, 0))).isBetween(3_000, 5_000);
  }

  @Test
  void thereIsNoObjectYet() {
    assertThat(ObjectSize.of(SPEC, null)).isBetween(1, 5_000);
  }
}
