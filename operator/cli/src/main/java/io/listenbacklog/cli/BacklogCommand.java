package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.policy.text.CleanText;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code kubectl backlog}. Exit status 0: answered; 1: the API server did not; 2: wrong usage. */
@Command(
    name = "kubectl backlog",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "What the Listen Backlog Operator knows.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Top.class,
      Recommend.class,
      EventList.class,
      AppConfigCommands.Patch.class,
      AppConfigCommands.Pause.class,
      AppConfigCommands.Resume.class,
      Version.class,
      Completion.class,
      Completion.Candidates.class
    })
public final class BacklogCommand implements Runnable {

  private static final int LONGEST_LINE = 64 * 1024;

  /** Milliseconds. */
  private static final int CONNECT = 5_000;

  /** Milliseconds for one answer of the API server. */
  private static final int ANSWER = 30_000;

  @Option(
      names = "--context",
      description = "The kubeconfig context to use.",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT)
  @Nullable String context;

  @Option(
      names = "--kubeconfig",
      description = "The kubeconfig file to use.",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT)
  @Nullable Path kubeconfig;

  @Option(
      names = {"-n", "--namespace"},
      description = "The namespace; the context's without it.",
      paramLabel = "NAMESPACE",
      scope = ScopeType.INHERIT)
  @Nullable String namespace;

  @Spec CommandSpec spec = CommandSpec.create();

  private Terminal terminal = Terminal.NONE;
  private int answerMillis = ANSWER;

  /** A problem that the user has to fix first. */
  static final class NoCluster extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoCluster(String message) {
      super(message);
    }
  }

  /** Runs the command and ends the process with its exit status. */
  public static void main(String[] args) {
    var terminal = Terminal.of(BacklogCommand::isTerminal, System.getenv());
    System.exit(commandLine(terminal).execute(args));
  }

  /**
   * Where standard input or output is no terminal there is no console, whatever Error Prone says of
   * newer Javas: only jdk.internal.le makes one.
   */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  /** The command, which writes to a terminal or a pipe. */
  static CommandLine commandLine(Terminal terminal) {
    return commandLine(terminal, ANSWER);
  }

  /**
   * The same with another patience.
   *
   * @param answerMillis for one answer of the API server, to its last byte
   */
  static CommandLine commandLine(Terminal terminal, int answerMillis) {
    var backlog = new BacklogCommand();
    backlog.terminal = terminal;
    backlog.answerMillis = answerMillis;
    var line =
        new CommandLine(backlog)
            .setExecutionExceptionHandler(
                (failure, command, _) -> {
                  switch (failure) {
                    case KubernetesClientException refusal ->
                        complain(command, Refusal.text(refusal));
                    case NoCluster noCluster -> complain(command, noCluster.getMessage());
                    default -> throw failure;
                  }
                  return 1;
                });
    if (terminal.columns() > 0) line.setUsageHelpWidth(Math.max(55, terminal.columns()));
    if (!terminal.colour())
      line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    return line;
  }

  private static void complain(CommandLine command, @Nullable String what) {
    command.getErr().println("kubectl backlog: " + what);
    command.getErr().flush();
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
  }

  @Command(description = "What the probe of each node can do, and why not.")
  int doctor(@Mixin OutputOptions output) {
    try (KubernetesClient client = client()) {
      var nodes = Nodes.read(client);
      if (nodes.all().isEmpty()) {
        note("there is no NodeBacklog: is the controller running?");
        return 1;
      }
      if (output.isData()) {
        print(output.data(Doctor.table(nodes).data()));
      } else {
        print(Doctor.table(nodes), output);
      }
      return 0;
    }
  }

  @Command(description = "What holds for a pod, and how its listeners stand to it.")
  int explain(@Parameters(description = "The pod.", paramLabel = "POD") String pod) {
    String in = namespace();
    try (KubernetesClient client = client()) {
      var cuts = new ClampExplanation(client);
      var nodes = Nodes.read(client);
      var holding = PodRequirement.find(in, pod, nodes.all());
      if (holding.isPresent()) {
        print(Explain.report(holding.get(), cuts.of(holding.get()), nodes.unreadable()));
        return 0;
      }
      if (isGone(client, in, pod)) {
        note("there is no pod %s in namespace %s (any more)".formatted(pod, in));
        return 1;
      }
      print(Explain.nothingHolds(in, pod, cuts.ofAll(in, pod), nodes.unreadable()));
      return 0;
    }
  }

  /** Whether there is proof that there is no such pod. */
  private static boolean isGone(KubernetesClient client, String in, String pod) {
    try {
      return client.pods().inNamespace(in).withName(pod).get() == null;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  /** The namespace that is meant. */
  String namespace() {
    return namespace == null ? config().getNamespace() : namespace;
  }

  /** Where the output goes. */
  Terminal terminal() {
    return terminal;
  }

  KubernetesClient client() {
    var config = config();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor("whole-answers", new WholeAnswers(answerMillis)))
        .build();
  }

  private Config config() {
    if (kubeconfig != null) {
      if (!Files.isReadable(kubeconfig)) {
        throw new NoCluster("the kubeconfig %s cannot be read".formatted(kubeconfig));
      }
      System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, kubeconfig.toString());
    }
    var config = new ConfigBuilder(Config.autoConfigure(context)).build();
    boolean isKnown =
        context == null
            || config.getContexts().stream().anyMatch(each -> context.equals(each.getName()));
    if (!isKnown) {
      throw new NoCluster(
          "no kubeconfig has a context %s: kubectl config get-contexts".formatted(context));
    }
    if (config.getCurrentContext() == null && isGuess(config)) {
      throw new NoCluster(
          "no cluster: neither --kubeconfig nor KUBECONFIG nor ~/.kube/config names one");
    }
    if (config.getNamespace() == null) config.setNamespace("default");
    config.setConnectionTimeout(CONNECT);
    config.setRequestTimeout(answerMillis);
    // Without TLS, as behind kubectl proxy, HTTP/2 begins with an upgrade that few servers get
    // right.
    if (config.getMasterUrl().startsWith("http:")) config.setHttp2Disable(true);
    // Fail fast: somebody waits at a prompt.
    config.setRequestRetryBackoffLimit(1);
    // Threads that ask all probes at a time, and one of the user's.
    config.setMaxConcurrentRequests(2 * Probes.AT_ONCE);
    config.setMaxConcurrentRequestsPerHost(2 * Probes.AT_ONCE);
    return config;
  }

  /** What the client takes where nothing says which API server. */
  private static boolean isGuess(Config config) {
    return config.getMasterUrl().startsWith(Config.DEFAULT_MASTER_URL)
        && System.getenv("KUBERNETES_SERVICE_HOST") == null
        && System.getProperty(Config.KUBERNETES_MASTER_SYSTEM_PROPERTY) == null;
  }

  /** As it may be shown on a terminal, line by line: parts of it were written by strangers. */
  static String shown(String report) {
    return report
        .lines()
        .map(line -> CleanText.of(line, LONGEST_LINE) + "\n")
        .collect(Collectors.joining());
  }

  /** Writes a remark to standard error, out of the way of a pipe. */
  void note(String what) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("kubectl backlog: " + CleanText.of(what, LONGEST_LINE));
    err.flush();
  }

  /**
   * Whether nobody reads what is written, as after {@code | head}: Java is not ended by SIGPIPE,
   * and no writer throws.
   */
  boolean isReaderGone() {
    return spec.commandLine().getOut().checkError() || System.out.checkError();
  }

  /** Cells of a table are sanitized already; its colours are ours. */
  void print(Table table, OutputOptions output) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(output.table(table, terminal));
    out.flush();
  }

  void print(String report) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(shown(report));
    out.flush();
  }
}
