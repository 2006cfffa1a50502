package io.listenbacklog.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What goes wrong around {@code examples/cluster}, as its own test tries it. */
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
