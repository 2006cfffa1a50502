package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.NodeBacklog;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl backlog}. Exit status 0: answered; 1: the API server did not; 2: wrong usage. */
@Command(
    name = "kubectl backlog",
    mixinStandardHelpOptions = true,
    description = "What the Listen Backlog Operator knows.",
    synopsisSubcommandLabel = "COMMAND")
public final class Backlog implements Runnable {

  @Option(names = "--context", description = "The kubeconfig context to use.", paramLabel = "NAME")
  @Nullable String context;

  @Spec CommandSpec spec = CommandSpec.create();

  /** Runs the command and ends the process with its exit status. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Backlog())
            .setExecutionExceptionHandler(
                (failure, command, _) -> {
                  if (!(failure instanceof KubernetesClientException refusal)) throw failure;
                  command
                      .getErr()
                      .println(
                          refusal.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                              ? "kubectl backlog: this cluster has no NodeBacklogs: is the operator installed?"
                              : "kubectl backlog: " + refusal.getMessage());
                  return 1;
                })
            .execute(args));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
  }

  @Command(description = "What the probe of each node can do, and why not.")
  void doctor() {
    try (KubernetesClient client = client()) {
      print(Doctor.report(nodeBacklogs(client)));
    }
  }

  @Command(description = "What holds for a pod, and how its listeners stand to it.")
  void explain(
      @Option(
              names = {"-n", "--namespace"},
              description = "The pod's namespace.",
              paramLabel = "NAMESPACE")
          @Nullable String namespace,
      @Parameters(description = "The pod.", paramLabel = "POD") String pod) {
    String in = namespace == null ? config().getNamespace() : namespace;
    try (KubernetesClient client = client()) {
      var cuts = new Cuts(client);
      print(
          Holding.find(in, pod, nodeBacklogs(client))
              .map(holding -> Explain.report(holding, cuts.of(holding)))
              .orElseGet(() -> Explain.nothingHolds(in, pod, cuts.ofAll(in, pod))));
    }
  }

  private KubernetesClient client() {
    return new KubernetesClientBuilder().withConfig(config()).build();
  }

  private static List<NodeBacklog> nodeBacklogs(KubernetesClient client) {
    return client.resources(NodeBacklog.class).list().getItems();
  }

  private Config config() {
    var config = new ConfigBuilder(Config.autoConfigure(context)).build();
    if (config.getNamespace() == null) config.setNamespace("default");
    return config;
  }

  private void print(String report) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(report);
    out.flush();
  }
}
