package io.listenbacklog.cli;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code kubectl backlog completion}: for who calls {@code kubectl-backlog} by that name. Where
 * kubectl's own completion is set up it asks {@code kubectl_complete-backlog}, which asks {@link
 * Candidates}.
 */
@Command(
    name = "completion",
    description =
        "A script for your shell. After \"kubectl\" its own completion serves: put kubectl_complete-backlog beside kubectl-backlog.")
final class Completion implements Runnable {
  /** Shells for which there is a script. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  private static final String FISH =
      """
      # kubectl backlog completion fish | source
      complete --command kubectl-backlog --no-files \\
        --arguments '(kubectl-backlog __complete (commandline --tokens-expanded --cut-at-cursor)[2..] (commandline --current-token --cut-at-cursor) | string match --invert ":*")'
      """;

  @ParentCommand @Nullable BacklogCommand backlog;

  @Parameters(description = "${COMPLETION-CANDIDATES}.", paramLabel = "SHELL")
  Shell shell = Shell.bash;

  @Override
  public void run() {
    var command = Objects.requireNonNull(backlog);
    command.print(
        switch (shell) {
          // zsh also accepts picocli's script for bash.
          case bash, zsh -> AutoComplete.bash("kubectl-backlog", command.spec.commandLine());
          case fish -> FISH;
        });
  }

  /**
   * What may come next, one a line, and then what the shell is to make of it: 4 means that these
   * are no files. As kubectl's completion expects it of a plugin (cobra's {@code __complete}).
   */
  @Command(name = "__complete", hidden = true)
  static final class Candidates implements Runnable {
    @ParentCommand @Nullable BacklogCommand backlog;

    @Parameters(arity = "0..*")
    List<String> words = List.of();

    @Override
    public void run() {
      var command = Objects.requireNonNull(backlog);
      String begun = words.isEmpty() ? "" : words.getLast();
      CommandLine at = command.spec.commandLine();
      for (String word : words.subList(0, Math.max(0, words.size() - 1))) {
        at = at.getSubcommands().getOrDefault(word, at);
      }
      var spec = at.getCommandSpec();
      var candidates =
          begun.startsWith("-")
              ? spec.options().stream()
                  .filter(each -> !each.hidden())
                  .flatMap(each -> Stream.of(each.names()))
              : spec.subcommands().values().stream()
                  .filter(each -> !each.getCommandSpec().usageMessage().hidden())
                  .map(each -> each.getCommandName());
      candidates.filter(each -> each.startsWith(begun)).distinct().sorted().forEach(command::print);
      command.print(":4");
    }
  }
}
