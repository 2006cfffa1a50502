package io.listenbacklog.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsersClusterTest {
  @Test
  void anImageIsSplitAsTheChartTakesIt() {
    assertThat(UsersCluster.values("registry.example.com:5000/team/operator:0.2"))
        .isEqualTo("image.repository=registry.example.com:5000/team/operator,image.tag=0.2");
    assertThat(UsersCluster.values("registry.example.com:5000/operator"))
        .isEqualTo("image.repository=registry.example.com:5000/operator");
    assertThat(UsersCluster.values("registry.example.com/operator@sha256:abc"))
        .isEqualTo("image.repository=registry.example.com/operator,image.digest=sha256:abc");
  }
}
