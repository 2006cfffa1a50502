package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.listenbacklog.api.Condition;
import io.listenbacklog.api.NodeBacklog;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code kubectl backlog doctor}: whether each node's probe is ready, its capabilities, and what
 * prevents the missing ones.
 */
@Command(name = "doctor", description = "What the probe of each node can do, and why not.")
final class Doctor implements Callable<Integer> {
  @ParentCommand BacklogCommand backlog = new BacklogCommand();
  @Mixin OutputOptions output = new OutputOptions();

  @Option(
      names = {"-l", "--selector"},
      description = "Only nodes with these labels, such as kubernetes.io/arch=arm64.",
      paramLabel = "SELECTOR")
  @Nullable String selector;

  @Override
  public Integer call() {
    try (var client = backlog.client()) {
      var nodes = Nodes.read(client);
      if (nodes.all().isEmpty()) {
        backlog.note("there is no NodeBacklog: is the controller running?");
        return 1;
      }
      if (selector != null) nodes = nodes.of(named(client, selector));
      if (nodes.all().isEmpty()) {
        backlog.note("of no node with these labels is there a NodeBacklog");
        return 1;
      }
      var table = table(nodes, ReadyProbes.read(client));
      if (output.isData()) backlog.print(output.data(table.data()));
      else backlog.print(table, output);
      return 0;
    }
  }

  /** A NodeBacklog has its node's name, and none of its labels. */
  private static Set<String> named(KubernetesClient client, String selector) {
    return Refusal.answered(client.nodes().withLabelSelector(selector).list()).getItems().stream()
        .map(each -> each.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  static Table table(Nodes nodes, ReadyProbes probes) {
    var table = new Table("NODE", "CAPABILITY", "STATUS", "REASON", "MESSAGE").expendable("REASON");
    for (NodeBacklog node : sorted(nodes.all())) {
      String name = node.getMetadata().getName();
      String unreadable = nodes.unreadable().get(name);
      var probe = probe(node, unreadable, probes);
      table.row(probe.tone(), name, "Probe", probe.status(), probe.reason(), probe.message());
      var status = node.getStatus();
      if (status == null || unreadable != null) continue;
      for (Condition each : status.capabilities()) {
        table.row(
            "True".equals(each.status()) ? Table.Tone.PLAIN : Table.Tone.WARNING,
            name,
            each.type(),
            each.status(),
            each.reason(),
            each.message());
      }
    }
    return table;
  }

  /** What is said of a node's probe itself, as a condition would say it. */
  private record ProbeState(String status, String reason, String message) {
    Table.Tone tone() {
      return status.equals("True") ? Table.Tone.PLAIN : Table.Tone.WARNING;
    }
  }

  /**
   * Whether it is ready comes first: what a dead one reported last may be as up to date as can be.
   *
   * @param unreadable what of the NodeBacklog cannot be read; null: nothing
   */
  private static ProbeState probe(
      NodeBacklog node, @Nullable String unreadable, ReadyProbes probes) {
    String name = node.getMetadata().getName();
    var reported = reported(node, unreadable);
    return switch (probes) {
      case ReadyProbes.Known known when !known.isReadyOn(name) ->
          new ProbeState("False", "NotReady", known.instead(name) + "; " + reported.message());
      case ReadyProbes.NotKnown(var why) when reported.status().equals("True") ->
          new ProbeState(
              "Unknown",
              "ReadinessNotKnown",
              "%s; not known whether it is ready: %s".formatted(reported.message(), why));
      default -> reported;
    };
  }

  private static ProbeState reported(NodeBacklog node, @Nullable String unreadable) {
    if (unreadable != null) return new ProbeState("Unknown", "Unreadable", unreadable);
    var status = node.getStatus();
    if (status == null) {
      return new ProbeState("Unknown", "NeverReported", "no probe has reported on this node");
    }
    var seen = status.observedGeneration();
    Long now = node.getMetadata().getGeneration();
    boolean isCurrent = Objects.equals(seen, now);
    return new ProbeState(
        isCurrent ? "True" : "Unknown",
        isCurrent ? "UpToDate" : "Behind",
        "has seen generation %s of %s".formatted(Objects.requireNonNullElse(seen, "none"), now));
  }

  private static List<NodeBacklog> sorted(List<NodeBacklog> nodes) {
    return nodes.stream()
        .sorted(Comparator.comparing(each -> each.getMetadata().getName()))
        .toList();
  }
}
