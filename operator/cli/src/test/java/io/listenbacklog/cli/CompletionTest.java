package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shells themselves complete {@code kubectl-backlog}, which is on their PATH. */
class CompletionTest {
  @TempDir Path home;

  @BeforeEach
  void putOnPath() throws IOException {
    Path command = home.resolve("kubectl-backlog");
    Files.writeString(
        command,
        "#!/bin/sh\nexec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s \"$@\" 2>/dev/null\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                BacklogCommand.class.getName()));
    assertThat(command.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void bashCompletes() throws Exception {
    String said =
        said(
            "bash",
            "--norc",
            "-c",
            """
            source <(kubectl-backlog completion bash)
            complete -p kubectl-backlog
            COMP_WORDS=(kubectl-backlog to) COMP_CWORD=1; _complete_kubectl-backlog; echo "${COMPREPLY[@]}"
            COMP_WORDS=(kubectl-backlog top -o y) COMP_CWORD=3; _complete_kubectl-backlog; echo "${COMPREPLY[@]}"
            """);

    assertThat(said.lines()).contains("top", "yaml");
    assertThat(said).contains("-F _complete_kubectl-backlog kubectl-backlog");
  }

  /** In a terminal of its own, as somebody types it: completion is of zsh's line editor alone. */
  @Test
  void zshCompletes() throws Exception {
    String said =
        said(
            "zsh",
            "-f",
            "-c",
            """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            said=
            await() {
              local more
              while [[ $said != *$1* ]]; do zpty -r shell more || { print -r -- "it ended: $said"; exit 1 }; said+=$more; done
            }
            # Not as it stands here: what is typed is seen, too.
            zpty -w shell 'source <(kubectl-backlog completion zsh); print -r -- REA""DY'
            await READY
            # The line that tab has completed becomes the argument of a print.
            for line in 'kubectl-backlog to' 'kubectl-backlog top --wat' 'kubectl-backlog top -o y' 'kubectl-backlog -n shop expl'; do
              said=
              zpty -w -n shell $line$'\\t\\x01'"print -r -- SA''ID '"$'\\x05'"'"$'\\n'
              await SAID; await $'\\n'
              print -r -- $said
            done
            zpty -d shell
            """);

    assertThat(said.lines().map(String::strip))
        .contains(
            "SAID kubectl-backlog top",
            "SAID kubectl-backlog top --watch",
            "SAID kubectl-backlog top -o yaml",
            "SAID kubectl-backlog -n shop explain");
  }

  /** As a file of a folder of $fpath, which zsh reads when it is needed first. */
  @Test
  void zshCompletesByAFileOfItsFunctions() throws Exception {
    String said =
        said(
            "zsh",
            "-f",
            "-c",
            """
            kubectl-backlog completion zsh >$HOME/_kubectl-backlog
            fpath=($HOME $fpath)
            autoload -Uz compinit && compinit -u -D
            print -r -- "by $_comps[kubectl-backlog]"
            """);

    assertThat(said).isEqualTo("by _kubectl-backlog\n");
  }

  @Test
  void fishCompletes() throws Exception {
    String said =
        said(
            "fish",
            "--no-config",
            "-c",
            """
            kubectl-backlog completion fish | source
            complete -C "kubectl-backlog to"
            complete -C "kubectl-backlog top -o y"
            """);

    assertThat(said).isEqualTo("top\nyaml\n");
  }

  private String said(String... command) throws IOException, InterruptedException {
    String path = System.getenv("PATH");
    boolean installed =
        Arrays.stream(path.split(File.pathSeparator, -1))
            .anyMatch(each -> Files.isExecutable(Path.of(each, command[0])));
    String why = "no " + command[0] + ": apt-get install " + command[0];
    if (Boolean.getBoolean("require.everything")) assertThat(installed).as(why).isTrue();
    assumeTrue(installed, why);
    var shell =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .directory(home.toFile());
    shell.environment().put("PATH", home + File.pathSeparator + path);
    shell.environment().put("HOME", home.toString());
    shell.environment().put("TERM", "dumb");
    var process = shell.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return said;
  }
}
