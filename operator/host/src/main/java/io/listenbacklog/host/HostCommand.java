package io.listenbacklog.host;

import java.io.IOException;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code backlog}, for a machine without Kubernetes. */
@Command(
    name = "backlog",
    mixinStandardHelpOptions = true,
    versionProvider = HostCommand.Version.class,
    description = "The accept queues of this machine.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {Audit.class, Watch.class})
public final class HostCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  /** Runs the command and ends the process with its exit status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Writes to standard output and error unless told otherwise. */
  static CommandLine commandLine() {
    return new CommandLine(new HostCommand())
        .setExecutionExceptionHandler(
            (failure, command, _) -> {
              if (!(failure instanceof IOException)) throw failure;
              command.getErr().println("backlog: " + failure.getMessage());
              command.getErr().flush();
              return failure instanceof FinalException
                  ? Audit.CANNOT
                  : command.getCommandSpec().exitCodeOnExecutionException();
            });
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
  }

  /** Of the build. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      var properties = new Properties();
      try (var in = HostCommand.class.getResourceAsStream("version.properties")) {
        properties.load(Objects.requireNonNull(in));
      }
      return new String[] {properties.getProperty("version")};
    }
  }
}
