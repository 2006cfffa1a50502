package io.listenbacklog.cli;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
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

  /** The two commands that tell what the others are. */
  static final Set<String> NAMES = Set.of("completion", "__complete");

  private static final String FISH =
      """
      # kubectl backlog completion fish | source
      complete --command kubectl-backlog --no-files \\
        --arguments '(kubectl-backlog __complete -- (commandline --tokenize --current-process --cut-at-cursor)[2..] (commandline --current-token --cut-at-cursor) | string match --invert ":*")'
      """;

  private static final String ZSH =
      """
      #compdef kubectl-backlog
      # source <(kubectl backlog completion zsh), or as the file _kubectl-backlog in a folder of $fpath
      _kubectl-backlog() {
        local -a candidates
        candidates=("${(@f)$(kubectl-backlog __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
        compadd -- ${candidates:#:*}
      }
      if [[ $funcstack[1] = _kubectl-backlog ]]; then
        _kubectl-backlog "$@"
      else
        (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
        compdef _kubectl-backlog kubectl-backlog
      fi
      """;

  @ParentCommand @Nullable BacklogCommand backlog;

  @Parameters(description = "${COMPLETION-CANDIDATES}.", paramLabel = "SHELL")
  Shell shell = Shell.bash;

  @Override
  public void run() {
    var command = Objects.requireNonNull(backlog);
    command.print(
        switch (shell) {
          case bash -> AutoComplete.bash("kubectl-backlog", command.spec.commandLine());
          case zsh -> ZSH;
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

    /** Behind a {@code --}: they are to be completed, not to be understood. */
    @Parameters(arity = "0..*")
    List<String> words = List.of();

    @Override
    public void run() {
      var command = Objects.requireNonNull(backlog);
      String begun = words.isEmpty() ? "" : words.getLast();
      CommandLine at = command.spec.commandLine();
      OptionSpec waiting = null; // For its value, which is the next word.
      for (String word : words.subList(0, Math.max(0, words.size() - 1))) {
        boolean isValue = waiting != null;
        waiting = isValue ? null : taking(at, word);
        if (!isValue) at = at.getSubcommands().getOrDefault(word, at);
      }
      candidates(at, waiting, begun)
          .filter(each -> each.startsWith(begun))
          .distinct()
          .sorted()
          .forEach(command::print);
      command.print(":4");
    }

    /** The option of this name that takes the next word as its value; null: none does. */
    private static @Nullable OptionSpec taking(CommandLine at, String word) {
      var option = at.getCommandSpec().findOption(word);
      return option == null || option.arity().max() == 0 ? null : option;
    }

    private static Stream<String> candidates(
        CommandLine at, @Nullable OptionSpec waiting, String begun) {
      var spec = at.getCommandSpec();
      if (waiting != null) {
        var values = waiting.completionCandidates();
        return values == null ? Stream.empty() : StreamSupport.stream(values.spliterator(), false);
      }
      return begun.startsWith("-")
          ? spec.options().stream()
              .filter(each -> !each.hidden())
              .flatMap(each -> Stream.of(each.names()))
          : spec.subcommands().values().stream()
              .filter(each -> !each.getCommandSpec().usageMessage().hidden())
              .map(CommandLine::getCommandName);
    }
  }
}
