package io.listenbacklog.policy.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarityKeyTest {

  @ParameterizedTest
  @CsvSource({
    "web-5d4f8c7b9d-x7k2p, web", // a Deployment
    "octavia-api-7c9b4d6f8-zt5qw, octavia-api",
    "node-exporter-x7k2p, node-exporter", // a DaemonSet
    "kafka-0, kafka", // a StatefulSet
    "kafka-broker-12, kafka-broker",
    "octavia-api, octavia-api", // a pod by itself
    "kube-apiserver-node, kube-apiserver-node",
    "api, api",
  })
  void theNameOfAPodShowsWhatMadeIt(String pod, String workload) {
    assertThat(SimilarityKey.workload(pod)).isEqualTo(workload);
  }
}
