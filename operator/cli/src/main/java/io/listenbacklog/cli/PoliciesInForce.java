package io.listenbacklog.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.policy.assess.Requirement;
import io.listenbacklog.policy.resolve.NamespaceFacts;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.Resolver;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which policies there are, as far as the user may read them, and which one governs a pod.
 *
 * @param resolver made of them, once for however many pods
 * @param labels of the BacklogPolicies, by uid
 * @param missing the rights that he lacks to know it for certain; empty: none
 */
record PoliciesInForce(
    List<PolicyFacts> all,
    Resolver resolver,
    Map<String, Map<String, String>> labels,
    List<String> missing) {

  /** A policy as it stands: no limit of the installation cuts it, no annotation overrides it. */
  private static final Limits AS_WRITTEN = new Limits(65535, Limits.Annotations.IGNORE);

  static final PoliciesInForce NONE =
      new PoliciesInForce(List.of(), List.of(), Map.of(), List.of());

  PoliciesInForce {
    all = List.copyOf(all);
    labels = Map.copyOf(labels);
    missing = List.copyOf(missing);
  }

  /** Which one governs, and what it says, depends on no limit of the installation. */
  PoliciesInForce(
      List<PolicyFacts> all,
      List<NamespaceFacts> namespaces,
      Map<String, Map<String, String>> labels,
      List<String> missing) {
    this(all, new Resolver(AS_WRITTEN, all, namespaces), labels, missing);
  }

  /**
   * Asks the API server.
   *
   * @param namespace null: all of them
   */
  static PoliciesInForce read(KubernetesClient client, @Nullable String namespace) {
    var missing = new ArrayList<String>();
    var own = client.resources(BacklogPolicy.class);
    var within = namespace == null ? own.inAnyNamespace() : own.inNamespace(namespace);
    var policies = readable(() -> Refusal.answered(within.list()).getItems(), missing);
    var clusterWide =
        readable(
            () -> Refusal.answered(client.resources(ClusterBacklogPolicy.class).list()).getItems(),
            missing);
    boolean dependOnNamespace =
        clusterWide.stream().anyMatch(each -> each.getSpec().namespaceSelector() != null);
    var namespaces =
        dependOnNamespace
            ? readable(() -> Refusal.answered(client.namespaces().list()).getItems(), missing)
            : List.<Namespace>of();
    var all = new ArrayList<PolicyFacts>();
    var labels = new HashMap<String, Map<String, String>>();
    for (var each : policies) {
      all.add(PolicyFacts.of(each));
      labels.put(each.getMetadata().getUid(), labels(each));
    }
    clusterWide.forEach(each -> all.add(PolicyFacts.of(each)));
    return new PoliciesInForce(
        all,
        namespaces.stream()
            .map(each -> new NamespaceFacts(each.getMetadata().getName(), labels(each)))
            .toList(),
        labels,
        missing);
  }

  private static <T> List<T> readable(Supplier<List<T>> asked, List<String> missing) {
    try {
      return asked.get();
    } catch (KubernetesClientException refusal) {
      missing.add(Refusal.missingRight(refusal).orElseThrow(() -> refusal));
      return List.of();
    }
  }

  private static Map<String, String> labels(HasMetadata object) {
    return Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
  }

  /** The one that governs a pod; null: none that may be read. */
  @Nullable PolicyFacts governing(PodFacts pod) {
    var selecting = resolver.resolve(pod).selectedBy();
    return selecting.isEmpty() ? null : selecting.getFirst();
  }

  /**
   * What the one that governs a pod asks of its listeners at a port.
   *
   * @param pod null: none is known, and so nothing of what governs it
   */
  Demand demand(@Nullable PodFacts pod, Place.Port port) {
    var requirement = pod == null ? null : resolver.resolve(pod).requirement();
    return requirement == null ? new Demand.Nothing() : Requirement.of(requirement).on(port);
  }

  /** The labels of a BacklogPolicy. */
  Map<String, String> labelsOf(PolicyFacts policy) {
    return labels.getOrDefault(policy.reference().uid(), Map.of());
  }

  /** Whether a BacklogPolicy is called so. */
  boolean isTaken(String namespace, String name) {
    return all.stream()
        .map(PolicyFacts::reference)
        .anyMatch(each -> namespace.equals(each.namespace()) && each.name().equals(name));
  }
}
