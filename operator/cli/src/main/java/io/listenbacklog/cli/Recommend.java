package io.listenbacklog.cli;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code kubectl backlog recommend}. */
@Command(
    name = "recommend",
    description = {
      "The backlogs to ask for, as policies to apply, each number with its evidence.",
      "From the longest queue that was seen and the overflows that were proven; probes see the pods"
          + " that a policy governs: one with mode Observe and no minimum will do."
    })
final class Recommend implements Callable<Integer> {
  private static final int MOST = 100_000;

  @ParentCommand BacklogCommand backlog = new BacklogCommand();
  @Mixin ScopeOptions scope = new ScopeOptions();
  @Mixin OutputOptions output = new OutputOptions();

  @Override
  public Integer call() throws InterruptedException {
    try (KubernetesClient client = backlog.client()) {
      var where = scope.scope(backlog.namespace());
      var seen = new Look(client, where, MOST).look(System.nanoTime());
      seen.notes().forEach(backlog::note);
      if (seen.listeners().isEmpty()) {
        backlog.note(
            "nothing was seen%s: no pod there is governed by a policy, or none listens"
                .formatted(where.namespace() == null ? "" : " in namespace " + where.namespace()));
        return 1;
      }
      var groups = alike(client, where);
      var asked =
          Recommendation.grouped(
              seen.listeners(),
              each -> Optional.ofNullable(groups.get(each.namespace() + "/" + each.pod())));
      if (output.isData()) backlog.print(output.data(data(asked)));
      else backlog.print(text(asked));
      return 0;
    }
  }

  private static Map<String, Alike> alike(KubernetesClient client, Scope scope) {
    var pods = client.pods();
    var within =
        scope.namespace() == null ? pods.inAnyNamespace() : pods.inNamespace(scope.namespace());
    var all =
        scope.selector() == null
            ? Refusal.answered(within.list()).getItems()
            : Refusal.answered(within.withLabelSelector(scope.selector()).list()).getItems();
    var alike = new HashMap<String, Alike>();
    for (Pod each : all) {
      alike.put(
          each.getMetadata().getNamespace() + "/" + each.getMetadata().getName(), Alike.of(each));
    }
    return alike;
  }

  /** YAML to be read and applied: the reason for each number is a comment after it. */
  static String text(Map<Alike, List<ListenerFigures>> groups) {
    var text = new StringBuilder();
    for (var each : groups.entrySet()) {
      var pods = each.getKey();
      var ports = Recommendation.of(each.getValue());
      if (ports.isEmpty()) continue;
      var wanted = ports.stream().filter(port -> port.minimum() > 0).toList();
      var enough = ports.stream().filter(port -> port.minimum() == 0).toList();
      if (!text.isEmpty()) text.append("---\n");
      if (wanted.isEmpty() || pods.labels().isEmpty()) {
        text.append("# %s/%s: ".formatted(pods.namespace(), pods.name()));
        text.append(
            wanted.isEmpty()
                ? "nothing to ask for\n"
                : "its pods have no label to select them by; annotate them: listenbacklog.io/ports: \"%s\"\n"
                    .formatted(
                        wanted.stream()
                            .map(port -> port.port() + "=" + port.minimum())
                            .collect(Collectors.joining(","))));
        for (var port : ports)
          text.append("#   port %d: %s\n".formatted(port.port(), port.evidence()));
        continue;
      }
      text.append(
          """
          apiVersion: listenbacklog.io/v1alpha1
          kind: BacklogPolicy
          metadata: {name: "%s", namespace: "%s"}
          spec:
            mode: Observe   # look what it would do; then Enforce
            selector: {matchLabels: {%s}}
            ports:
          """
              .formatted(pods.name(), pods.namespace(), labels(pods.labels())));
      for (var port : wanted) {
        text.append("  # %s\n".formatted(port.evidence()));
        text.append("  - {port: %d, minimum: %d}\n".formatted(port.port(), port.minimum()));
      }
      for (var port : enough) {
        text.append("  # port %d needs nothing: %s\n".formatted(port.port(), port.evidence()));
      }
    }
    return text.toString();
  }

  private static String labels(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(each -> "%s: \"%s\"".formatted(each.getKey(), each.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** A List for kubectl apply; the reason for each number is an annotation. */
  static Object data(Map<Alike, List<ListenerFigures>> groups) {
    var policies = new ArrayList<Object>();
    for (var each : groups.entrySet()) {
      var pods = each.getKey();
      var wanted =
          Recommendation.of(each.getValue()).stream().filter(port -> port.minimum() > 0).toList();
      if (wanted.isEmpty() || pods.labels().isEmpty()) continue;
      var evidence = new LinkedHashMap<String, String>();
      for (var port : wanted) {
        evidence.put("cli.listenbacklog.io/evidence-" + port.port(), port.evidence());
      }
      policies.add(
          ordered(
              "apiVersion",
              "listenbacklog.io/v1alpha1",
              "kind",
              "BacklogPolicy",
              "metadata",
              ordered("name", pods.name(), "namespace", pods.namespace(), "annotations", evidence),
              "spec",
              ordered(
                  "mode",
                  "Observe",
                  "selector",
                  Map.of("matchLabels", pods.labels()),
                  "ports",
                  wanted.stream().map(Recommendation::rule).toList())));
    }
    return ordered("apiVersion", "v1", "kind", "List", "items", policies);
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
