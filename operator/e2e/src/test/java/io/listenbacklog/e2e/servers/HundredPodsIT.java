package io.listenbacklog.e2e.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestImage;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** As many pods as a node usually has, under one policy. */
@OnTestCluster
class HundredPodsIT {
  private static final int PODS = 100;

  /** Its web server, with a backlog of 9, takes a page or two of memory. */
  private static final TestImage BUSYBOX =
      new TestImage("localhost/listen-backlog-busybox:1", List.of("busybox-static"));

  @Test
  void whenThePolicyIsCompliantAllPodsOfTheNodeAreRaised(
      TestCluster cluster, TestNamespace namespace) {
    cluster.load(BUSYBOX);
    namespace.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: hundred}
        spec:
          replicas: %d
          selector: {matchLabels: {app: hundred}}
          template:
            metadata: {labels: {app: hundred}}
            spec:
              nodeSelector: {kubernetes.io/hostname: node-1}
              terminationGracePeriodSeconds: 0
              containers:
              - name: web
                image: %s
                command: [/bin/busybox, httpd, -f, -p, "8080"]
        """
            .formatted(PODS, BUSYBOX.name()));
    namespace
        .kubectlCommand("rollout", "status", "deployment", "hundred", "--timeout=8m")
        .within(Duration.ofMinutes(9))
        .succeed();
    var pods = namespace.pods("app=hundred", PODS);
    assertThat(pods).allMatch(pod -> pod.node().equals("node-1"));

    var applied = Instant.now();
    namespace.policy("hundred", "{mode: Enforce, minimum: 64}");
    namespace.kubectl(
        "wait", "--for=condition=Compliant", "--timeout=60s", "backlogpolicy/hundred");
    var returned = Instant.now();

    assertThat(pods).allSatisfy(pod -> assertThat(pod.backlogs(8080)).containsExactly(64));
    var raises =
        new ServerPods(cluster, namespace)
            .reported("node-1").stream()
                .flatMap(each -> Optional.ofNullable(each.remedy()).stream())
                .map(AppliedRemedy::at)
                .toList();
    assertThat(raises).hasSize(PODS);
    var last = raises.stream().max(Comparator.naturalOrder()).orElseThrow();
    System.out.printf(
        "%d pods: %d ms from kubectl apply to the last raise, %d ms from there to the return of kubectl wait%n",
        PODS,
        Duration.between(applied, last).toMillis(),
        Duration.between(last, returned).toMillis());
  }
}
