package io.listenbacklog.cli;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.policy.resolve.NamespaceFacts;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PodResolution;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.Resolver;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for a pod: by the policy that governs it and by its own annotations.
 *
 * @param policies the one, or none
 * @param namespaces the pod's, where its labels decide whether the policy governs the pod
 */
record PodInputs(PodFacts pod, List<PolicyFacts> policies, List<NamespaceFacts> namespaces) {

  /**
   * Reads what there is beside the pod.
   *
   * @param policy null: none governs the pod
   */
  static PodInputs read(KubernetesClient client, Pod pod, @Nullable PolicyReference policy) {
    List<PolicyFacts> policies = policy(client, policy).toList();
    boolean dependsOnNamespace =
        policies.stream().anyMatch(each -> each.namespaceSelector() != null);
    return new PodInputs(
        PodFacts.of(pod),
        policies,
        dependsOnNamespace
            ? namespace(client, pod.getMetadata().getNamespace()).toList()
            : List.of());
  }

  private static Stream<PolicyFacts> policy(
      KubernetesClient client, @Nullable PolicyReference policy) {
    if (policy == null) return Stream.empty();
    if (policy.namespace() == null) {
      return Stream.ofNullable(
              client.resources(ClusterBacklogPolicy.class).withName(policy.name()).get())
          .map(PolicyFacts::of);
    }
    return Stream.ofNullable(
            client
                .resources(BacklogPolicy.class)
                .inNamespace(policy.namespace())
                .withName(policy.name())
                .get())
        .map(PolicyFacts::of);
  }

  private static Stream<NamespaceFacts> namespace(KubernetesClient client, String name) {
    return Stream.ofNullable(client.namespaces().withName(name).get())
        .map(each -> requireNonNullElse(each.getMetadata().getLabels(), Map.<String, String>of()))
        .map(labels -> new NamespaceFacts(name, labels));
  }

  /** What of it holds within limits. */
  PodResolution within(Limits limits) {
    return new Resolver(limits, policies, namespaces).resolve(pod);
  }
}
