package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodePath;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.policy.PolicyNames;
import io.listenbacklog.policy.resolve.PodFacts;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code kubectl backlog explain}: what holds for a pod, where it comes from, and how its listeners
 * compare.
 */
@Command(name = "explain", description = "What holds for a pod, and how its listeners stand to it.")
final class Explain implements Callable<Integer> {
  @ParentCommand BacklogCommand backlog = new BacklogCommand();
  @Mixin OutputOptions output = new OutputOptions();

  /** One or the other. */
  static final class Which {
    @Parameters(description = "The pod.", paramLabel = "POD")
    @Nullable String pod;

    @Option(
        names = {"-l", "--selector"},
        description = "All pods of the namespace with these labels, such as app=web.",
        paramLabel = "SELECTOR")
    @Nullable String selector;
  }

  @ArgGroup(multiplicity = "1")
  Which which = new Which();

  @Override
  public Integer call() {
    try (var client = backlog.client()) {
      if (which.pod != null) {
        var said = source(client).apply(PodRead.of(client, backlog.namespace(), which.pod));
        if (said.isEmpty()) return 1;
        backlog.print(output.isData() ? output.data(said.get()) : String.valueOf(said.get()));
        return 0;
      }
      var pods = withLabels(client, String.valueOf(which.selector));
      if (pods.isEmpty()) {
        backlog.note("no pod of namespace %s has these labels".formatted(backlog.namespace()));
        return 1;
      }
      var all = pods.stream().map(source(client)).flatMap(Optional::stream).toList();
      backlog.print(
          output.isData()
              ? output.data(list(all))
              : all.stream().map(String::valueOf).collect(Collectors.joining("\n")));
      return all.size() == pods.size() ? 0 : 1;
    }
  }

  /**
   * What tells of a pod: the NodeBacklogs, or for who may not read them the policies of its
   * namespace.
   */
  private Function<PodRead, Optional<Object>> source(KubernetesClient client) {
    try {
      var nodes = Nodes.read(client);
      var probes = ReadyProbes.read(client);
      var cuts = new ClampExplanation(client);
      return pod -> explained(cuts, nodes, probes, pod);
    } catch (KubernetesClientException refusal) {
      var missing = Refusal.missingRight(refusal);
      if (missing.isEmpty()) throw refusal;
      var policies = ownPolicies(client, refusal);
      backlog.note(
          "to read NodeBacklogs you need the right to %s, so this is what the policies of namespace %s tell"
              .formatted(missing.get(), policies.namespace()));
      return pod -> explained(policies, pod);
    }
  }

  private NamespacePolicies ownPolicies(
      KubernetesClient client, KubernetesClientException refusal) {
    try {
      return NamespacePolicies.read(client, backlog.namespace());
    } catch (KubernetesClientException e) {
      throw refusal;
    }
  }

  private Optional<Object> explained(NamespacePolicies policies, PodRead read) {
    return switch (read) {
      case PodRead.There(var pod) -> {
        var facts = PodFacts.of(pod);
        yield Optional.of(output.isData() ? policies.data(facts) : policies.report(facts, output));
      }
      case PodRead.Gone(var name) -> {
        noteGone(name);
        yield Optional.empty();
      }
      case PodRead.NotShown(_, var why) -> throw why;
    };
  }

  private void noteGone(String pod) {
    backlog.note(
        "there is no pod %s in namespace %s (any more)".formatted(pod, backlog.namespace()));
  }

  private List<PodRead> withLabels(KubernetesClient client, String selector) {
    return Refusal.answered(
            client.pods().inNamespace(backlog.namespace()).withLabelSelector(selector).list())
        .getItems()
        .stream()
        .<PodRead>map(PodRead.There::new)
        .sorted(Comparator.comparing(PodRead::name))
        .toList();
  }

  private static Object list(List<Object> all) {
    var list = new LinkedHashMap<String, Object>();
    list.put("apiVersion", "cli.listenbacklog.io/v1alpha1");
    list.put("kind", "PodExplanationList");
    list.put("items", all);
    return list;
  }

  /**
   * What there is to say of a pod: a text, or what a program reads.
   *
   * @return empty: there is no such pod, which is noted
   */
  private Optional<Object> explained(
      ClampExplanation cuts, Nodes nodes, ReadyProbes probes, PodRead read) {
    String in = backlog.namespace();
    var holding = PodRequirement.find(in, read.name(), nodes.all());
    if (holding.isPresent()) {
      var limits = cuts.of(holding.get(), read);
      var findings = findings(holding.get(), read);
      return Optional.of(
          output.isData()
              ? data(holding.get(), limits, findings, nodes.unreadable(), probes)
              : report(holding.get(), limits, findings, nodes.unreadable(), probes, output));
    }
    if (read instanceof PodRead.Gone(var name)) {
      noteGone(name);
      return Optional.empty();
    }
    var limits = cuts.ofAll(read);
    return Optional.of(
        output.isData()
            ? data(in, read.name(), limits)
            : nothingHolds(in, read.name(), limits, nodes.unreadable()));
  }

  private static List<PodFindings.Finding> findings(PodRequirement holding, PodRead read) {
    var status = holding.node().getStatus();
    if (status == null) return List.of();
    boolean annotated =
        read instanceof PodRead.There(var pod) && PodFacts.of(pod).asksByAnnotation();
    return PodFindings.of(holding.pod(), status, annotated);
  }

  /** What a program reads of a pod for which something holds. */
  private static Map<String, Object> data(
      PodRequirement holding,
      List<String> cuts,
      List<PodFindings.Finding> findings,
      Map<String, String> unreadable,
      ReadyProbes probes) {
    var pod = holding.pod();
    String node = holding.node().getMetadata().getName();
    var status = holding.node().getStatus();
    var data = data(pod.namespace(), pod.name(), cuts);
    data.put("node", node);
    data.put("requirement", holding.requirement().withPods(List.of()));
    if (unreadable.get(node) != null) data.put("unreadable", unreadable.get(node));
    if (status != null) {
      data.put("doubts", Doubts.of(holding, status, probes));
      data.put("listeners", of(pod, status));
    }
    data.put("findings", findings);
    return data;
  }

  private static Map<String, Object> data(String namespace, String pod, List<String> cuts) {
    var data = new LinkedHashMap<String, Object>();
    data.put("apiVersion", "cli.listenbacklog.io/v1alpha1");
    data.put("kind", "PodExplanation");
    data.put("namespace", namespace);
    data.put("pod", pod);
    data.put("limits", cuts);
    return data;
  }

  private static List<NodeListener> of(NodePod pod, NodeBacklogStatus status) {
    return status.listeners().stream().filter(each -> each.pod().uid().equals(pod.uid())).toList();
  }

  /**
   * Of a pod for which nothing holds.
   *
   * @param cuts sentences about what the limits cut of what is asked for; empty: none are known
   * @param unreadable nodes of whose NodeBacklog something cannot be read
   */
  static String nothingHolds(
      String namespace, String pod, List<String> cuts, Map<String, String> unreadable) {
    String reasons =
        ("No requirement holds for pod %s/%s: no policy selects it and it has no annotation of ours that counts, it is"
                + " not on a node yet, it has ended, or there is no such pod.")
            .formatted(namespace, pod);
    var unread =
        unreadable.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(each -> "Of node %s %s.".formatted(each.getKey(), each.getValue()));
    return Stream.of(Stream.of(reasons), cuts.stream(), unread)
        .flatMap(Function.identity())
        .collect(Collectors.joining(" ", "", "\n"));
  }

  /**
   * Of a pod for which something holds.
   *
   * @param cuts sentences about what the limits cut of it
   * @param findings what is told of it
   * @param unreadable nodes of whose NodeBacklog something cannot be read
   * @param probes which nodes have one that is ready
   * @param output how its listeners are listed
   */
  static String report(
      PodRequirement holding,
      List<String> cuts,
      List<PodFindings.Finding> findings,
      Map<String, String> unreadable,
      ReadyProbes probes,
      OutputOptions output) {
    NodeBacklog node = holding.node();
    NodeRequirement requirement = holding.requirement();
    NodePod pod = holding.pod();
    var text = new StringBuilder();
    text.append(
        "Pod %s/%s on node %s\n"
            .formatted(pod.namespace(), pod.name(), node.getMetadata().getName()));
    text.append(
        "Governed by:  %s\n"
            .formatted(
                requirement.policy() == null
                    ? "its own annotations"
                    : PolicyNames.full(requirement.policy())));
    text.append("Mode:         %s\n".formatted(capitalised(requirement.mode().name())));
    text.append("Minimum:      %s\n".formatted(orNone(requirement.minimum())));
    if (requirement.maximum() != null) {
      text.append("Maximum:      %d, after overflows\n".formatted(requirement.maximum()));
    }
    if (!requirement.ports().isEmpty()) {
      text.append(
          "Ports:        %s\n"
              .formatted(
                  requirement.ports().stream()
                      .map(Explain::port)
                      .collect(Collectors.joining(", "))));
    }
    if (requirement.paths() != null) {
      text.append(
          "Paths:        %s\n"
              .formatted(
                  requirement.paths().stream()
                      .map(Explain::path)
                      .collect(Collectors.joining(", "))));
    }
    if (requirement.loopback() == Loopback.EXEMPT) {
      text.append("Loopback:     exempt\n");
    }
    if (requirement.unix() != null) {
      text.append("UNIX:         %s\n".formatted(capitalised(requirement.unix().name())));
    }
    text.append(
        "Remedies:     %s\n"
            .formatted(
                requirement.remedies().stream()
                    .map(each -> capitalised(each.name()))
                    .collect(Collectors.joining(", "))));
    if (requirement.somaxconn() != null) {
      text.append("somaxconn:    at least %d\n".formatted(requirement.somaxconn()));
    }
    if (requirement.tcpMaxSynBacklog() != null) {
      text.append("SYN backlog:  at least %d\n".formatted(requirement.tcpMaxSynBacklog()));
    }
    if (requirement.allowNodeSysctls() && pod.hostNetwork()) {
      text.append("Node sysctls: may be raised\n");
    }
    text.append("Stall after:  %d ms\n".formatted(requirement.stallAfterMillis()));
    text.append("Limits:       %s\n".formatted(String.join("\n              ", cuts)));
    text.append('\n').append(listeners(holding, unreadable, probes, output));
    findings.forEach(each -> text.append("\n%s: %s\n".formatted(each.reason(), each.note())));
    return text.toString();
  }

  /** As an annotation would have it. */
  private static String port(NodePort port) {
    String ports = port.last() == null ? "" + port.port() : port.port() + "-" + port.last();
    if (port.exempt()) return ports + "=exempt";
    String growth = port.maximum() == null ? "" : "-" + port.maximum();
    return ports + "=" + orNone(port.minimum()) + growth;
  }

  private static String path(NodePath path) {
    return path.path() + "=" + (path.exempt() ? "exempt" : orNone(path.minimum()));
  }

  private static String listeners(
      PodRequirement holding,
      Map<String, String> unreadable,
      ReadyProbes probes,
      OutputOptions output) {
    String why = unreadable.get(holding.node().getMetadata().getName());
    if (why != null) return "Of the node " + why + ".\n";
    var status = holding.node().getStatus();
    if (status == null) return "No probe has reported on this node.\n";
    var of = of(holding.pod(), status);
    var doubts = Doubts.of(holding, status, probes);
    if (of.isEmpty() && doubts.isEmpty()) {
      return "None of its listeners is undersized or remedied.\n";
    }
    String doubted = doubts.stream().map(each -> each + "\n").collect(Collectors.joining());
    return of.isEmpty()
        ? doubted + "Nothing is told of its listeners: that does not mean that all is well.\n"
        : doubted + table(of, output);
  }

  private static String table(List<NodeListener> of, OutputOptions output) {
    var table =
        new Table("LISTENER", "CONTAINER", "PROCESS", "BACKLOG", "REQUESTED", "REQUIRED", "STATE");
    for (NodeListener each : of) {
      table.row(
          each.address(),
          each.container(),
          "%s (pid %d)".formatted(each.process(), each.pid()),
          each.backlog(),
          each.requested(),
          each.required(),
          state(each));
    }
    return output.table(table, Terminal.NONE);
  }

  private static String state(NodeListener listener) {
    if (listener.hindrance() != null) {
      return listener.hindrance().reason() + ": " + listener.hindrance().message();
    }
    if (listener.verdict().undersized()) return "undersized";
    if (listener.verdict() == Verdict.NOT_OF_POD) return "no process of the pod holds it";
    return listener.remedy() == null ? "sufficient" : "raised";
  }

  private static String orNone(@Nullable Integer value) {
    return value == null ? "none" : value.toString();
  }

  private static String capitalised(String name) {
    return name.charAt(0) + name.substring(1).toLowerCase(java.util.Locale.ROOT);
  }
}
