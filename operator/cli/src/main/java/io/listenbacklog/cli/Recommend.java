package io.listenbacklog.cli;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.PortRule;
import io.listenbacklog.policy.PolicyNames;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.policy.resolve.PodFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
      var asked = policies(client, where, seen.listeners());
      if (output.isData()) {
        asked.stream()
            .filter(each -> !each.wanted().isEmpty() && !isApplicable(each))
            .forEach(each -> backlog.note(byHand(each)));
        backlog.print(output.data(data(asked)));
      } else {
        backlog.print(text(asked));
      }
      return 0;
    }
  }

  private List<RecommendedPolicy> policies(
      KubernetesClient client, Scope where, List<ListenerFigures> listeners) {
    var inForce = PoliciesInForce.read(client, where.namespace());
    inForce
        .missing()
        .forEach(
            each ->
                backlog.note(
                    "to know what governs these pods now you need the right to %s: a policy here comes before a ClusterBacklogPolicy, whatever that asks for"
                        .formatted(each)));
    var groups = new HashMap<String, Alike>();
    var facts = new HashMap<Alike, PodFacts>();
    for (Pod each : pods(client, where)) {
      var alike = Alike.of(each);
      var meta = each.getMetadata();
      groups.put(meta.getNamespace() + "/" + meta.getName(), alike);
      var pod = PodFacts.of(each);
      if (!pod.finished()) facts.putIfAbsent(alike, pod);
    }
    var taken = new HashSet<String>();
    var asked = new ArrayList<RecommendedPolicy>();
    Recommendation.grouped(
            listeners, each -> Optional.ofNullable(groups.get(each.namespace() + "/" + each.pod())))
        .forEach(
            (alike, theirs) -> {
              var pod = facts.get(alike);
              var ports =
                  Recommendation.of(
                      theirs, port -> inForce.demand(pod, port) instanceof Demand.Exempt);
              if (ports.isEmpty()) return;
              var policy =
                  RecommendedPolicy.of(
                      alike,
                      ports,
                      pod,
                      inForce,
                      name ->
                          inForce.isTaken(alike.namespace(), name)
                              || taken.contains(alike.namespace() + "/" + name));
              if (!policy.wanted().isEmpty()) taken.add(alike.namespace() + "/" + policy.name());
              asked.add(policy);
            });
    return asked;
  }

  private static List<Pod> pods(KubernetesClient client, Scope scope) {
    var pods = client.pods();
    var within =
        scope.namespace() == null ? pods.inAnyNamespace() : pods.inNamespace(scope.namespace());
    return scope.selector() == null
        ? Refusal.answered(within.list()).getItems()
        : Refusal.answered(within.withLabelSelector(scope.selector()).list()).getItems();
  }

  /** Whether a policy that is printed can stand for it. */
  private static boolean isApplicable(RecommendedPolicy policy) {
    return !policy.wanted().isEmpty()
        && !policy.pods().labels().isEmpty()
        && !policy.isToBeEdited()
        && !policy.isTooLong();
  }

  /** YAML to be read and applied: the reason for each number is a comment before it. */
  static String text(List<RecommendedPolicy> policies) {
    var text = new StringBuilder();
    for (var each : policies) {
      if (!text.isEmpty()) text.append("---\n");
      if (isApplicable(each)) {
        policy(each, text);
        continue;
      }
      text.append("# %s\n".formatted(byHand(each)));
      for (var port : each.ports()) {
        text.append("#   port %d: %s\n".formatted(port.port(), port.evidence()));
      }
    }
    return text.toString();
  }

  private static String byHand(RecommendedPolicy policy) {
    var pods = policy.pods();
    String of = "%s/%s: ".formatted(pods.namespace(), pods.name());
    var governing = policy.governing();
    if (policy.wanted().isEmpty()) return of + "nothing to ask for";
    if (pods.labels().isEmpty()) {
      return of
          + "its pods have no label to select them by; annotate them: listenbacklog.io/ports: \"%s\""
              .formatted(
                  policy.ports().stream()
                      .filter(port -> port.minimum() > 0 || port.isExempt())
                      .map(
                          port -> port.port() + "=" + (port.isExempt() ? "exempt" : port.minimum()))
                      .collect(Collectors.joining(",")));
    }
    if (governing == null || !policy.isToBeEdited()) {
      return of
          + "with these its policy would have %d entries of ports, of at most %d; make room by ranges or by its minimum, and put into spec.ports: %s"
              .formatted(policy.spec().ports().size(), RecommendedPolicy.MOST_RULES, rules(policy));
    }
    return of
        + "%s does more for its pods than a policy beside it could go on with; put into its spec.ports: %s"
            .formatted(PolicyNames.full(governing.reference()), rules(policy));
  }

  private static String rules(RecommendedPolicy policy) {
    return policy.wanted().stream()
        .map(port -> "{port: %d, minimum: %d}".formatted(port.port(), port.minimum()))
        .collect(Collectors.joining(", "));
  }

  private static void policy(RecommendedPolicy policy, StringBuilder text) {
    var spec = policy.spec();
    text.append(origin(policy));
    text.append(
        """
        apiVersion: listenbacklog.io/v1alpha1
        kind: BacklogPolicy
        metadata: {name: "%s", namespace: "%s"%s}
        spec:
          mode: %s
        """
            .formatted(
                policy.name(),
                policy.pods().namespace(),
                policy.labels().isEmpty()
                    ? ""
                    : ", labels: {%s}".formatted(labels(policy.labels())),
                spec.mode() == Mode.OBSERVE
                    ? "Observe   # look what it would do; then Enforce"
                    : "Enforce"));
    if (spec.priority() != 0) text.append("  priority: %d\n".formatted(spec.priority()));
    text.append("  selector: {matchLabels: {%s}}\n".formatted(labels(policy.pods().labels())));
    var rest = rest(spec);
    if (!rest.isEmpty()) {
      new KubernetesSerialization()
          .asYaml(rest)
          .lines()
          .filter(line -> !line.equals("---"))
          .forEach(line -> text.append("  ").append(line).append('\n'));
    }
    text.append("  ports:\n");
    for (int i = 0; i < spec.ports().size(); i++) { // those that are wanted come first
      if (i < policy.wanted().size()) {
        text.append("  # %s\n".formatted(policy.wanted().get(i).evidence()));
      }
      text.append("  - {%s}\n".formatted(inline(spec.ports().get(i))));
    }
    for (var port : policy.others()) {
      text.append(
          port.isExempt()
              ? "  # port %d is %s\n".formatted(port.port(), port.evidence())
              : "  # port %d needs nothing more: %s\n".formatted(port.port(), port.evidence()));
    }
  }

  /** Where what it says comes from, beside the numbers. */
  private static String origin(RecommendedPolicy policy) {
    var governing = policy.governing();
    if (governing == null) return "";
    String name = PolicyNames.full(governing.reference());
    return policy.isChange()
        ? "# %s as it is, with these numbers; where it comes from Git, change it there\n"
            .formatted(name)
        : "# what %s asks for, and these numbers: for these pods it takes the place of that one\n"
            .formatted(name);
  }

  private static String labels(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(each -> "%s: \"%s\"".formatted(each.getKey(), each.getValue()))
            .collect(Collectors.joining(", "));
  }

  private static String inline(PortRule rule) {
    return fields(rule).entrySet().stream()
        .map(
            each ->
                "%s: %s"
                    .formatted(
                        each.getKey(),
                        each.getValue() instanceof String text ? quoted(text) : each.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static Map<String, Object> fields(PortRule rule) {
    var port = rule.port();
    return ordered(
        "port",
        port == null ? null : port.getIntVal() == null ? port.getStrVal() : port.getIntVal(),
        "path",
        rule.path(),
        "minimum",
        rule.minimum(),
        "maximum",
        rule.maximum(),
        "exempt",
        rule.isExempt() ? true : null);
  }

  /** What a spec says beside mode, priority, selector and ports; without what it need not say. */
  private static Map<String, Object> rest(BacklogPolicySpec spec) {
    var usual = BacklogPolicySpec.DEFAULTS;
    var sysctls = spec.sysctls();
    return ordered(
        "minimum",
        spec.minimum(),
        "maximum",
        spec.maximum(),
        "loopback",
        spec.loopback() == usual.loopback() ? null : spec.loopback(),
        "unix",
        spec.unix() == usual.unix() ? null : spec.unix(),
        "remedies",
        spec.remedies().equals(usual.remedies()) ? null : spec.remedies(),
        "sysctls",
        sysctls == null
            ? null
            : ordered(
                "somaxconn", sysctls.somaxconn(), "tcpMaxSynBacklog", sysctls.tcpMaxSynBacklog()),
        "stall",
        spec.stall() == null ? null : ordered("after", spec.stall().after()),
        "onDelete",
        spec.onDelete() == usual.onDelete() ? null : spec.onDelete());
  }

  /** A List for kubectl apply; the reason for each number is an annotation. */
  static Object data(List<RecommendedPolicy> policies) {
    return ordered(
        "apiVersion",
        "v1",
        "kind",
        "List",
        "items",
        policies.stream().filter(Recommend::isApplicable).map(Recommend::data).toList());
  }

  private static Object data(RecommendedPolicy policy) {
    var evidence = new LinkedHashMap<String, String>();
    for (var port : policy.wanted()) {
      evidence.put("cli.listenbacklog.io/evidence-" + port.port(), port.evidence());
    }
    var spec =
        ordered(
            "mode",
            policy.spec().mode(),
            "priority",
            policy.spec().priority() == 0 ? null : policy.spec().priority(),
            "selector",
            Map.of("matchLabels", policy.pods().labels()));
    spec.putAll(rest(policy.spec()));
    spec.put("ports", policy.spec().ports().stream().map(Recommend::fields).toList());
    return ordered(
        "apiVersion",
        "listenbacklog.io/v1alpha1",
        "kind",
        "BacklogPolicy",
        "metadata",
        ordered(
            "name",
            policy.name(),
            "namespace",
            policy.pods().namespace(),
            "labels",
            policy.labels().isEmpty() ? null : policy.labels(),
            "annotations",
            evidence),
        "spec",
        spec);
  }

  /** In this order; what is null is left out. */
  private static Map<String, Object> ordered(@Nullable Object... keysAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      var value = keysAndValues[i + 1];
      if (value != null) map.put(String.valueOf(keysAndValues[i]), value);
    }
    return map;
  }
}
