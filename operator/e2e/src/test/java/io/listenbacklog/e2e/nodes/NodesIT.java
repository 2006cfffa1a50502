package io.listenbacklog.e2e.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.TestCluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The operator on an ordinary node, emulated: with {@code -Dnodes} alone, or {@code -Dnodes=SUITE}
 * for another Debian than trixie.
 */
@Tag("nodes")
class NodesIT {

  @Test
  void theStoryAProbeThatSeesLessAndTheUninstallationOnAnOrdinaryNode() {
    assumeThat(System.getProperty("os.arch")).as("the machine is an x86_64 one").isEqualTo("amd64");
    assumeThat(Command.of("id", "-u").succeed().strip()).as("it needs root").isEqualTo("0");
    String suite = System.getProperty("nodes", "");

    var result =
        Command.of(TestCluster.sources().resolve("operator/e2e/nodes/run").toString())
            .and(suite.isEmpty() || suite.equals("true") ? List.of() : List.of(suite))
            .within(Duration.ofHours(3))
            .showing()
            .run();

    assertThat(result.exit()).as(result.text()).isZero();
    assertThat(result.errors()).contains("every step was checked");
  }
}
