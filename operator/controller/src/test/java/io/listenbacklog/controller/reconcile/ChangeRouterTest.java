package io.listenbacklog.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.listenbacklog.controller.cluster.PolicyKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangeRouterTest {
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final List<String> reported = new CopyOnWriteArrayList<>();
  private final ChangeRouter router = new ChangeRouter(timer, reported::add);

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void eachChangeTriggersWhatItConcernsAndNothingElse() {
    var nodes = triggered(router.nodes());
    var policies = triggered(router.policies());
    var clusterPolicies = triggered(router.clusterPolicies());

    router.node("node-1");
    router.policy(new PolicyKey("shop", "web"));
    router.policy(new PolicyKey(null, "all"));
    router.report("node-2");

    await().until(() -> !clusterPolicies.isEmpty() && !policies.isEmpty() && !nodes.isEmpty());
    assertThat(nodes).containsExactly(new ResourceID("node-1"));
    assertThat(policies).containsExactly(new ResourceID("web", "shop"));
    assertThat(clusterPolicies).containsExactly(new ResourceID("all"));
    assertThat(reported).containsExactly("node-2");
  }

  private static List<ResourceID> triggered(DebouncedEventSource<?> source) {
    var ids = new CopyOnWriteArrayList<ResourceID>();
    source.setEventHandler((Event event) -> ids.add(event.getRelatedCustomResourceID()));
    source.start();
    return ids;
  }
}
