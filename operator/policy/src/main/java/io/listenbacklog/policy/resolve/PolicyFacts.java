package io.listenbacklog.policy.resolve;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.PortRule;
import io.listenbacklog.policy.resolve.port.PortRange;
import io.listenbacklog.policy.resolve.selector.LabelMatch;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A policy of either kind, as far as resolution looks at it.
 *
 * @param created its creationTimestamp; of two policies of one priority the older governs
 * @param namespaceSelector null: every namespace; not looked at in a BacklogPolicy
 * @param spec what a ClusterBacklogPolicy has in common with a BacklogPolicy
 * @param allowNodeSysctls whether the node's own sysctls may be raised; never for a BacklogPolicy
 */
public record PolicyFacts(
    PolicyReference reference,
    Instant created,
    @Nullable LabelSelector namespaceSelector,
    BacklogPolicySpec spec,
    boolean allowNodeSysctls) {

  /** Which of several policies that select a pod governs it: the first. */
  public static final Comparator<PolicyFacts> PRECEDENCE =
      Comparator.comparing(PolicyFacts::isClusterWide)
          .thenComparingInt(policy -> -policy.spec().priority())
          .thenComparing(PolicyFacts::created)
          .thenComparing(policy -> policy.reference().name());

  /**
   * BacklogPolicies of one namespace that are in force, the oldest: each is compared with each pod.
   */
  public static final int MOST_OF_A_NAMESPACE = 500;

  private static final Comparator<PolicyFacts> BY_AGE =
      Comparator.comparing(PolicyFacts::created).thenComparing(policy -> policy.reference().name());

  /** The uids of those that do not hold, for their namespace has too many. */
  public static Set<String> beyond(Collection<PolicyFacts> all) {
    Map<String, List<PolicyFacts>> byNamespace =
        all.stream()
            .filter(policy -> !policy.isClusterWide())
            .collect(Collectors.groupingBy(policy -> policy.reference().namespace()));
    return byNamespace.values().stream()
        .filter(of -> of.size() > MOST_OF_A_NAMESPACE)
        .flatMap(of -> of.stream().sorted(BY_AGE).skip(MOST_OF_A_NAMESPACE))
        .map(policy -> policy.reference().uid())
        .collect(Collectors.toUnmodifiableSet());
  }

  public static PolicyFacts of(BacklogPolicy policy) {
    return new PolicyFacts(
        reference(BacklogPolicy.class, policy.getMetadata()),
        Instant.parse(policy.getMetadata().getCreationTimestamp()),
        null,
        policy.getSpec(),
        false);
  }

  public static PolicyFacts of(ClusterBacklogPolicy policy) {
    return new PolicyFacts(
        reference(ClusterBacklogPolicy.class, policy.getMetadata()),
        Instant.parse(policy.getMetadata().getCreationTimestamp()),
        policy.getSpec().namespaceSelector(),
        policy.getSpec().namespaced(),
        policy.getSpec().allowNodeSysctls());
  }

  private static PolicyReference reference(Class<?> kind, ObjectMeta meta) {
    return new PolicyReference(
        kind.getSimpleName(),
        meta.getNamespace(),
        meta.getName(),
        meta.getUid(),
        meta.getGeneration());
  }

  /** Whether it is a ClusterBacklogPolicy. */
  public boolean isClusterWide() {
    return reference.namespace() == null;
  }

  /** The names, not the numbers, in its {@code ports}, as listed. */
  public List<String> portNames() {
    return spec.ports().stream()
        .map(PortRule::port)
        .filter(port -> port != null && PortRange.of(port) == null)
        .map(IntOrString::getStrVal)
        .toList();
  }

  /**
   * What is wrong with its selectors, such as {@code selector.matchExpressions[0].operator: "Near"
   * is not In, NotIn, Exists or DoesNotExist}. With any such problem it selects no pod at all.
   */
  public List<String> selectorProblems() {
    return Stream.concat(
            problem("namespaceSelector", namespaceSelector), problem("selector", spec.selector()))
        .toList();
  }

  private static Stream<String> problem(String field, @Nullable LabelSelector selector) {
    return LabelMatch.of(selector) instanceof LabelMatch.Invalid(String problem)
        ? Stream.of("spec." + field + "." + problem)
        : Stream.empty();
  }
}
