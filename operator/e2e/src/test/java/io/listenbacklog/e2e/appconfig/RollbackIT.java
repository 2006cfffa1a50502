package io.listenbacklog.e2e.appconfig;

import static io.listenbacklog.e2e.appconfig.Application.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.e2e.appconfig.Application.Habit;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A change that does harm, or nothing, is taken back, said once, and not tried again. */
@OnTestCluster
@Tag("ordeals")
class RollbackIT {
  private static final Map<Habit, String> REASONS =
      Map.of(
          Habit.CRASHING, "ROLLED_BACK (Crashed|Restarted)",
          Habit.NEVER_READY, "ROLLED_BACK NotAvailable",
          Habit.DEAF, "ROLLED_BACK NotNative",
          Habit.RESTARTING, "ROLLED_BACK (Crashed|Restarted)");

  @BeforeAll
  static void grant(TestCluster cluster) {
    cluster.installOperator(List.of("appConfig.enabled=true", "appConfig.maxConcurrent=20"));
  }

  @Test
  void eachIsAsItWas(TestCluster cluster, TestNamespace namespace) {
    List<Application> apps =
        REASONS.keySet().stream()
            .map(habit -> new Application(cluster, namespace, name(habit)).create(habit).policy())
            .toList();
    // Of one policy: the first, by the alphabet, is changed first.
    List<Application> team =
        Stream.of("team-a", "team-b", "team-c")
            .map(each -> new Application(cluster, namespace, each))
            .map(each -> each.create(each.manifest(Habit.CRASHING, "team", "")))
            .toList();
    team.forEach(Application::pods);
    namespace.policy("team", Application.POLICY.formatted("team"));

    patiently(
        () -> {
          for (Application each : apps) {
            assertThat(each.phase()).matches(REASONS.get(habit(each)));
          }
          assertThat(team.getFirst().phase("team")).startsWith("ROLLED_BACK");
          assertThat(team.get(1).phase("team")).isEqualTo("WAITING HaltedAfterRollback");
          assertThat(team.get(2).phase("team")).isEqualTo("WAITING HaltedAfterRollback");
        });

    await()
        .during(Duration.ofSeconds(25))
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              for (Application each : apps) assertAsItWas(each);
              assertAsItWas(team.getFirst());
              for (Application each : team.subList(1, 3)) {
                assertThat(each.revision()).isEqualTo(1);
                assertThat(each.isMarked()).isFalse();
              }
            });
    for (Application each : apps) {
      each.pods();
      assertThat(namespace.condition(each.name(), "Configured")).startsWith("False ChangesFailed");
    }
  }

  /** Written once, taken back once, told once. */
  private static void assertAsItWas(Application app) {
    assertThat(app.revision()).as(app.name()).isEqualTo(3);
    assertThat(app.environment()).as(app.name()).isEmpty();
    assertThat(app.notes(EventReasons.APP_CONFIG_PATCHED)).as(app.name()).hasSize(1);
    assertThat(app.notes(EventReasons.APP_CONFIG_ROLLED_BACK)).as(app.name()).hasSize(1);
  }

  private static String name(Habit habit) {
    return habit.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private static Habit habit(Application app) {
    return Habit.valueOf(app.name().toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
  }
}
