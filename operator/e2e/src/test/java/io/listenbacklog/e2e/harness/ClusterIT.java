package io.listenbacklog.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Runs the test that {@code examples/cluster} has of its own failure cases. */
@OnTestCluster(operator = false)
@NeedsTestNodes("tests examples/cluster itself")
class ClusterIT {
  @Test
  void everyErrorHasItsMessageAndNothingIsLeftBehind() {
    var result =
        Command.of(TestCluster.sources().resolve("examples/cluster/test").toString())
            .within(Duration.ofMinutes(10))
            .run();

    assertThat(result.exit()).as(result.text()).isZero();
    assertThat(result.output()).contains("ok ").doesNotContain("NOT OK");
  }
}
