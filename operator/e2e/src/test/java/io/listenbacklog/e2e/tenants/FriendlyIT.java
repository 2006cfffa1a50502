package io.listenbacklog.e2e.tenants;

import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import org.junit.jupiter.api.Test;

/** No tenant does anything bad: the baseline for the others. */
@OnTestCluster
class FriendlyIT {
  @Test
  void withoutAnyWorstOthersAreToldAndCured(TestCluster cluster) {
    try (var ordeal = Ordeal.of("nothing", cluster)) {
      ordeal.othersNoticeNothing(Ordeal.node(cluster));
    }
  }
}
