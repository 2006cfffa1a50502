package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.policy.report.CleanText;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.util.stream.Collectors;
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

  private static final int LONGEST_LINE = 64 * 1024;

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
      print(Doctor.report(Nodes.read(client)));
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
      var nodes = Nodes.read(client);
      print(
          Holding.find(in, pod, nodes.all())
              .map(holding -> Explain.report(holding, cuts.of(holding), nodes.unreadable()))
              .orElseGet(
                  () -> Explain.nothingHolds(in, pod, cuts.ofAll(in, pod), nodes.unreadable())));
    }
  }

  private KubernetesClient client() {
    return new KubernetesClientBuilder().withConfig(config()).build();
  }

  private Config config() {
    var config = new ConfigBuilder(Config.autoConfigure(context)).build();
    if (config.getNamespace() == null) config.setNamespace("default");
    return config;
  }

  /** As it may be shown on a terminal, line by line: parts of it were written by strangers. */
  static String shown(String report) {
    return report
        .lines()
        .map(line -> CleanText.of(line, LONGEST_LINE) + "\n")
        .collect(Collectors.joining());
  }

  private void print(String report) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(shown(report));
    out.flush();
  }
}
