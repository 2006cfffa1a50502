package io.listenbacklog.controller.appconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.Memory.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NamespaceHoldsTest {
  private static final Duration PASS = Duration.ofSeconds(10);

  private final SmallCluster world = new SmallCluster();
  private final NamespaceHolds holds = new NamespaceHolds();
  private Instant now = Instant.parse("2026-11-30T06:00:00Z");

  /** Passes that see changes under way in these namespaces. */
  private void pass(Duration time, String... busy) {
    for (var end = now.plus(time); now.isBefore(end); now = now.plus(PASS)) {
      holds.seen(List.of(busy), now);
    }
  }

  @Test
  void whatIsUnderWayForAnHourCountsForOthersNoLonger() {
    pass(NamespaceHolds.LONGEST.minus(PASS), "shop");
    assertThat(holds.counts("shop", now)).isTrue();
    pass(PASS.multipliedBy(2), "shop");
    assertThat(holds.counts("shop", now)).isFalse();
    assertThat(holds.counts("bank", now)).isTrue();
  }

  /** Each change is soon over: it is the next one that others wait for. */
  @Test
  void shortPausesBeginNoHourAnew() {
    for (int change = 0; change < 6; change++) {
      pass(Duration.ofMinutes(5), "shop");
      pass(Duration.ofMinutes(5));
    }
    assertThat(holds.counts("shop", now)).isFalse();
  }

  @Test
  void anHourOfRestBeginsOneAnew() {
    pass(Duration.ofHours(3), "shop");
    pass(NamespaceHolds.LONGEST.plus(PASS));
    assertThat(holds.last("shop")).isNull();
    pass(PASS, "shop");
    assertThat(holds.counts("shop", now)).isTrue();
  }

  @Test
  void theLimitOfTheClusterIsAsFullAsWhatCounts() {
    var slow = deployment("shop", "slow");
    var waiting = deployment("bank", "api");
    var neighbour = deployment("shop", "api");
    pass(PASS, "shop");
    assertThat(underWay(slow, waiting)).isOne();

    pass(Duration.ofHours(2), "shop");
    assertThat(underWay(slow, waiting)).isZero();
    assertThat(underWay(slow, neighbour)).isOne();
  }

  @Test
  void thoseComeLastWhoseNamespaceHadItsTurnLast() {
    world.deployment("api", 1);
    var settings = new AppConfigSettings(true, List.of(), 1);
    var tracked = new TrackedWorkloads(world, settings, world.clock, holds);
    var requested =
        Stream.of("bank", "mail", "shop").map(each -> id(each, "api")).collect(Collectors.toSet());
    now = world.clock.instant();
    holds.seen(List.of("bank"), now.minus(PASS));
    holds.seen(List.of("mail"), now.minus(PASS.multipliedBy(2)));

    assertThat(tracked.read(requested))
        .extracting(each -> each.id().namespace())
        .containsExactly("shop", "mail", "bank");
  }

  private int underWay(LiveWorkload slow, LiveWorkload waiting) {
    var turns = new Turns(List.of(), holds, now);
    turns.now(slow, memory());
    return turns
        .of(waiting, new PolicyReference("BacklogPolicy", "bank", "a", "u", 1L), 1)
        .inCluster();
  }

  private LiveWorkload deployment(String namespace, String name) {
    world.deployment(name, 1);
    return world.get(id(namespace, name)).orElseThrow();
  }

  private static WorkloadId id(String namespace, String name) {
    return new WorkloadId(WorkloadKind.DEPLOYMENT, namespace, name);
  }

  private Memory memory() {
    return new Memory(
        new Memory.PolicyId("BacklogPolicy", "shop", "p", "uid-p", 1),
        Stage.APPLYING,
        now,
        now,
        null,
        "",
        List.of(),
        64,
        "t1",
        0,
        0,
        0,
        true);
  }
}
