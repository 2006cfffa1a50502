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
 * {@code kubectl backlog doctor}: the capabilities of each node's probe, and what prevents the
 * missing ones.
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
      if (output.isData()) backlog.print(output.data(table(nodes).data()));
      else backlog.print(table(nodes), output);
      return 0;
    }
  }

  /** A NodeBacklog has its node's name, and none of its labels. */
  private static Set<String> named(KubernetesClient client, String selector) {
    return Refusal.answered(client.nodes().withLabelSelector(selector).list()).getItems().stream()
        .map(each -> each.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  static Table table(Nodes nodes) {
    var table = new Table("NODE", "CAPABILITY", "STATUS", "REASON", "MESSAGE").expendable("REASON");
    for (NodeBacklog node : sorted(nodes.all())) {
      String name = node.getMetadata().getName();
      String unreadable = nodes.unreadable().get(name);
      if (unreadable != null) {
        table.row(Table.Tone.WARNING, name, "Probe", "Unknown", "Unreadable", unreadable);
        continue;
      }
      var status = node.getStatus();
      if (status == null) {
        table.row(
            Table.Tone.WARNING,
            name,
            "Probe",
            "Unknown",
            "NeverReported",
            "no probe has reported on this node");
        continue;
      }
      boolean current =
          Objects.equals(status.observedGeneration(), node.getMetadata().getGeneration());
      table.row(
          current ? Table.Tone.PLAIN : Table.Tone.WARNING,
          name,
          "Probe",
          current ? "True" : "Unknown",
          current ? "UpToDate" : "Behind",
          "has seen generation %s of %s"
              .formatted(
                  Objects.requireNonNullElse(status.observedGeneration(), "none"),
                  node.getMetadata().getGeneration()));
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

  private static List<NodeBacklog> sorted(List<NodeBacklog> nodes) {
    return nodes.stream()
        .sorted(Comparator.comparing(each -> each.getMetadata().getName()))
        .toList();
  }
}
