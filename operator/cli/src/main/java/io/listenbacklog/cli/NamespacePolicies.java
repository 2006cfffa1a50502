package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.Condition;
import io.listenbacklog.api.ConditionTypes;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.WorstListener;
import io.listenbacklog.policy.PolicyNames;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.Resolver;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the BacklogPolicies of a namespace tell, for who may read neither NodeBacklogs nor the
 * probes: each names its worst listeners, at most twenty.
 */
record NamespacePolicies(String namespace, List<BacklogPolicy> all) {

  /** Asks the API server. */
  static NamespacePolicies read(KubernetesClient client, String namespace) {
    return new NamespacePolicies(
        namespace,
        Refusal.answered(client.resources(BacklogPolicy.class).inNamespace(namespace).list())
            .getItems());
  }

  private Stream<List<WorstListener>> byPolicy() {
    return all.stream()
        .filter(each -> each.getStatus() != null)
        .map(each -> each.getStatus().worst());
  }

  /** Of all policies: the worst of each, then the second of each, and so on. */
  Stream<WorstListener> worstFirst() {
    var lists = byPolicy().toList();
    int longest = lists.stream().mapToInt(List::size).max().orElse(0);
    return IntStream.range(0, longest)
        .boxed()
        .flatMap(at -> lists.stream().filter(each -> each.size() > at).map(each -> each.get(at)));
  }

  /** Those of one pod. */
  private List<WorstListener> worstOf(String pod) {
    return byPolicy()
        .flatMap(List::stream)
        .filter(each -> each.pod().equals(namespace + "/" + pod))
        .toList();
  }

  /** Null: none of these does. Which one governs depends on no limit. */
  private @Nullable PolicyReference governing(PodFacts pod) {
    var resolver =
        new Resolver(Limits.DEFAULT, all.stream().map(PolicyFacts::of).toList(), List.of());
    return resolver.resolve(pod).policy();
  }

  /** Why not all pods of a policy are seen, in its own words; empty: they are. */
  private Optional<String> unobserved(@Nullable PolicyReference policy) {
    if (policy == null) return Optional.empty();
    return all.stream()
        .filter(each -> each.getMetadata().getName().equals(policy.name()))
        .filter(each -> each.getStatus() != null)
        .flatMap(each -> each.getStatus().conditions().stream())
        .filter(each -> each.type().equals(ConditionTypes.OBSERVED))
        .filter(each -> !each.status().equals("True"))
        .map(Condition::message)
        .findFirst();
  }

  /** For people. */
  String report(PodFacts pod, OutputOptions output) {
    var governing = governing(pod);
    var text = new StringBuilder();
    text.append("Pod %s/%s\n".formatted(namespace, pod.name()));
    text.append(
        "Governed by:  %s\n"
            .formatted(
                governing == null
                    ? "no BacklogPolicy of its namespace; perhaps a ClusterBacklogPolicy"
                    : PolicyNames.full(governing)));
    unobserved(governing).ifPresent(why -> text.append("Not all seen: %s\n".formatted(why)));
    var worst = worstOf(pod.name());
    if (worst.isEmpty()) {
      return text.append("\nNone of its listeners is among the worst of a policy.\n").toString();
    }
    var table = new Table("LISTENER", "CONTAINER", "PROCESS", "BACKLOG", "REQUIRED");
    for (var each : worst) {
      table.row(each.address(), each.container(), each.process(), each.backlog(), each.required());
    }
    text.append('\n').append(output.table(table, Terminal.NONE));
    worst.forEach(each -> text.append("\n%s: %s\n".formatted(each.address(), each.why())));
    return text.toString();
  }

  /** For programs. */
  Map<String, Object> data(PodFacts pod) {
    var data = new LinkedHashMap<String, Object>();
    data.put("apiVersion", "cli.listenbacklog.io/v1alpha1");
    data.put("kind", "PodExplanation");
    data.put("namespace", namespace);
    data.put("pod", pod.name());
    data.put("source", "policies");
    var governing = governing(pod);
    data.put("policy", governing == null ? null : PolicyNames.full(governing));
    unobserved(governing).ifPresent(why -> data.put("doubts", List.of(why)));
    data.put("listeners", worstOf(pod.name()));
    return data;
  }
}
