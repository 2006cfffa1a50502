package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which pods' listeners are requested.
 *
 * @param namespace null: all
 * @param selector of pods, as kubectl has it; null: all
 * @param operatorNamespace where the operator is; null: it is looked for
 */
record Scope(
    @Nullable String namespace, @Nullable String selector, @Nullable String operatorNamespace) {

  /** Whether a pod is one of them, by its namespace and name: as of now. */
  BiPredicate<String, String> wanted(KubernetesClient client) {
    if (selector == null) return (in, _) -> namespace == null || namespace.equals(in);
    Set<String> pods = new HashSet<>();
    var all = client.pods();
    var within = namespace == null ? all.inAnyNamespace() : all.inNamespace(namespace);
    for (var pod : Refusal.answered(within.withLabelSelector(selector).list()).getItems()) {
      pods.add(pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName());
    }
    return (in, pod) -> pods.contains(in + "/" + pod);
  }
}
