package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.policy.text.CleanText;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code kubectl backlog}. Exit status 0: answered; 1: the API server did not; 2: wrong usage. */
@Command(
    name = "kubectl backlog",
    mixinStandardHelpOptions = true,
    versionProvider = Version.Line.class,
    description = "What the Listen Backlog Operator knows.",
    synopsisSubcommandLabel = "COMMAND")
public final class BacklogCommand implements Runnable {

  private static final int LONGEST_LINE = 64 * 1024;

  /** In the order of the help. */
  private static final Map<String, Supplier<Object>> COMMANDS = commands();

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

  private @Nullable Config config;
  private Terminal terminal = Terminal.NONE;
  private int answerMillis = ANSWER;

  /** A problem that the user has to fix first. */
  static final class NoCluster extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoCluster(String message) {
      super(message);
    }
  }

  /** Tells it. No lambda, for the reason that {@link Version.Line} is none. */
  private static final class WhatToDo implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(
        Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
      if (!(failure instanceof KubernetesClientException) && !(failure instanceof NoCluster)) {
        throw failure;
      }
      command.getErr().println("kubectl backlog: " + why((RuntimeException) failure));
      command.getErr().flush();
      return 1;
    }
  }

  /** Runs the command and ends the process with its exit status. */
  public static void main(String[] args) {
    var terminal = Terminal.of(BacklogCommand::isTerminal, System.getenv());
    System.exit(execute(terminal, args));
  }

  /** Runs the command; its exit status. */
  static int execute(Terminal terminal, String... args) {
    return commandLine(terminal, ANSWER, needed(args)).execute(args);
  }

  /**
   * The command that is named, where the first word is one: to look for the options of all others
   * takes picocli longer than Java needs to start.
   */
  private static Set<String> needed(String[] args) {
    boolean isNamed =
        args.length > 0 && COMMANDS.containsKey(args[0]) && !Completion.NAMES.contains(args[0]);
    return isNamed ? Set.of(args[0]) : COMMANDS.keySet();
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

  private static Map<String, Supplier<Object>> commands() {
    var all = new LinkedHashMap<String, Supplier<Object>>();
    all.put("top", Top::new);
    all.put("explain", Explain::new);
    all.put("doctor", Doctor::new);
    all.put("recommend", Recommend::new);
    all.put("events", EventList::new);
    all.put("patch", AppConfigCommands.Patch::new);
    all.put("pause", AppConfigCommands.Pause::new);
    all.put("resume", AppConfigCommands.Resume::new);
    all.put("version", Version::new);
    all.put("completion", Completion::new);
    all.put("__complete", Completion.Candidates::new);
    return all;
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
    return commandLine(terminal, answerMillis, COMMANDS.keySet());
  }

  private static CommandLine commandLine(
      Terminal terminal, int answerMillis, Set<String> commands) {
    var backlog = new BacklogCommand();
    backlog.terminal = terminal;
    backlog.answerMillis = answerMillis;
    var line = new CommandLine(backlog).setExecutionExceptionHandler(new WhatToDo());
    for (String each : COMMANDS.keySet()) {
      if (commands.contains(each)) line.addSubcommand(each, COMMANDS.get(each).get());
    }
    if (terminal.columns() > 0) line.setUsageHelpWidth(Math.max(55, terminal.columns()));
    if (!terminal.colour())
      line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    return line;
  }

  /** What the user can do about it. */
  static String why(RuntimeException failure) {
    return failure instanceof KubernetesClientException refusal
        ? Refusal.text(refusal)
        : String.valueOf(failure.getMessage());
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
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

  /** Read once: the client takes longer for it than the API server for its answer. */
  private Config config() {
    if (config == null) {
      Handshake.prepare();
      config = read();
    }
    return config;
  }

  private Config read() {
    if (kubeconfig != null) {
      if (!Files.isReadable(kubeconfig)) {
        throw new NoCluster("the kubeconfig %s cannot be read".formatted(kubeconfig));
      }
      System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, kubeconfig.toString());
    }
    var config = parsed(context);
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
    Credentials.complete(config);
    if (config.getNamespace() == null) config.setNamespace("default");
    if (config.getCaCertData() != null || config.getCaCertFile() != null) trustNobodyElse();
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

  private static Config parsed(@Nullable String context) {
    try {
      return Config.autoConfigure(context);
    } catch (KubernetesClientException | YamlEngineException | IllegalArgumentException e) {
      throw new NoCluster(
          "the kubeconfig is not valid (see kubectl config view): "
              + Refusal.innermost(e).lines().findFirst().orElse(""));
    }
  }

  /**
   * Than the authority that the kubeconfig names, as kubectl does. The client would add it to
   * Java's own store, of some 150 public ones, which take long to read, too; what is no file it
   * passes over.
   */
  private static void trustNobodyElse() {
    System.setProperty("javax.net.ssl.trustStore", "/dev/null");
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
