package io.listenbacklog.controller.event;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Reopened;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.controller.cluster.json.SlimPod;
import io.listenbacklog.policy.resolve.SomePod;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What probes report when much goes wrong at once. */
final class Storm {
  static final Instant SINCE = Instant.parse("2026-11-22T11:59:00Z");
  static final PolicyReference POLICY =
      new PolicyReference("BacklogPolicy", "shop", "all", "uid-policy", 1);

  static SlimPod pod(String name, String node) {
    return pod("shop", name, node);
  }

  static SlimPod pod(String namespace, String name, String node) {
    var facts = new SomePod("uid-" + name, namespace, name, node).facts();
    return new SlimPod(facts, "1", true);
  }

  static NodeListener tooSmall(String pod, String address, String process, Instant since) {
    return tooSmall("shop", pod, address, process, since, null);
  }

  static NodeListener tooSmallIn(String namespace, String pod, Instant since) {
    return tooSmall(namespace, pod, "0.0.0.0:80", "python3", since, null);
  }

  /** Too small, at an address at which others were before it. */
  static NodeListener reopened(String pod, Instant since, @Nullable Reopened reopened) {
    return tooSmall("shop", pod, "0.0.0.0:9876", "python3", since, reopened);
  }

  private static NodeListener tooSmall(
      String namespace,
      String pod,
      String address,
      String process,
      Instant since,
      @Nullable Reopened reopened) {
    return new NodeListener(
        new PodReference("uid-" + pod, namespace, pod),
        null,
        "api",
        process,
        71,
        null,
        address,
        4026532000L,
        1001,
        "0000000000000001",
        5,
        5,
        64,
        4096,
        4096,
        Verdict.UNDERSIZED_BY_APPLICATION,
        since,
        null,
        null,
        null,
        null,
        null,
        null,
        reopened,
        null,
        null);
  }

  static NodeBacklog node(String name, List<NodeListener> listeners) {
    var backlog = new NodeBacklog();
    backlog.setMetadata(
        new ObjectMetaBuilder().withName(name).withUid("uid-" + name).withGeneration(1L).build());
    backlog.setSpec(new NodeBacklogSpec(List.of()));
    backlog.setStatus(status(listeners));
    return backlog;
  }

  static NodeBacklogStatus status(List<NodeListener> listeners) {
    return new NodeBacklogStatus(1L, "boot", List.of(), List.of(), listeners, List.of(), List.of());
  }

  static NodeListener tooSmall(String pod, String address, String process, int somaxconn) {
    Verdict verdict =
        somaxconn == 5 ? Verdict.UNDERSIZED_BY_SOMAXCONN : Verdict.UNDERSIZED_BY_APPLICATION;
    return listener(pod, POLICY, address, process, somaxconn, verdict, null);
  }

  /**
   * @param policy that asks for more, as the probe says
   */
  static NodeListener tooSmall(String pod, PolicyReference policy, String address) {
    return listener(pod, policy, address, "python3", 4096, Verdict.UNDERSIZED_BY_APPLICATION, null);
  }

  /**
   * @param times in how many looks it was seen
   */
  static NodeListener stalled(String pod, int times, @Nullable Instant until) {
    var stall =
        new Stall(
            6,
            5_000,
            0,
            5,
            1,
            1,
            List.of(),
            times,
            SINCE,
            SINCE,
            SINCE.plusSeconds(times),
            until,
            null,
            null,
            null,
            null,
            null,
            false);
    return listener(pod, POLICY, "0.0.0.0:9876", "python3", 4096, Verdict.SUFFICIENT, stall);
  }

  private static NodeListener listener(
      String pod,
      PolicyReference policy,
      String address,
      String process,
      int somaxconn,
      Verdict verdict,
      @Nullable Stall stall) {
    return new NodeListener(
        new PodReference("uid-" + pod, "shop", pod),
        policy,
        "api",
        process,
        71,
        null,
        address,
        4026532000L,
        1001,
        "0000000000000001",
        5,
        5,
        64,
        somaxconn,
        verdict,
        SINCE,
        null,
        null,
        null,
        null,
        stall,
        null);
  }

  private Storm() {}
}
