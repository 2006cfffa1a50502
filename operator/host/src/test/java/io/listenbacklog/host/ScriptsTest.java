package io.listenbacklog.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is run by a shell: the command that finds Java, and what the package does at its end. */
class ScriptsTest {
  private static final Path MODULE = Path.of("").toAbsolutePath();

  @TempDir Path folder;

  private void script(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(requireNonNull(file.getParent()));
    Files.writeString(file, "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private String run(String... command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().put("DPKG_ROOT", folder.toString());
    builder.environment().merge("PATH", folder.resolve("bin") + ":", (path, mine) -> mine + path);
    var process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** As with JAVA_TOOL_OPTIONS, or where Java warns of something. */
  @ParameterizedTest
  @ValueSource(strings = {"", "echo 'Picked up JAVA_TOOL_OPTIONS: \"-Dx=1\"' >&2\n"})
  void javaIsFoundWhateverItSaysFirst(String first) throws Exception {
    Files.copy(MODULE.resolve("backlog"), folder.resolve("backlog"));
    Files.createFile(folder.resolve("listen-backlog-host-1.jar"));
    script(
        "jdk/bin/java",
        first
            + "[ \"$1\" = -version ] && { echo 'openjdk version \"25.0.1\" 2025-10-21' >&2; exit; }\n"
            + "echo started \"$@\"\n");

    assertThat(run("sh", folder.resolve("backlog").toString(), "audit"))
        .contains("started ", "listen-backlog-host-1.jar audit");
  }

  @Test
  void aPackageThatIsRemovedPutsAllBackAndIsNotEnabledAnyMore() throws Exception {
    String done = " >>" + folder.resolve("done");
    script("bin/systemctl", "echo systemctl \"$@\"" + done);
    script("usr/lib/listen-backlog/backlog", "echo backlog \"$@\"" + done);
    script("var/lib/listen-backlog/journal", "");

    run("sh", MODULE.resolve("src/main/debian/prerm").toString(), "upgrade", "0.2.0");
    assertThat(folder.resolve("done")).doesNotExist();

    run("sh", MODULE.resolve("src/main/debian/prerm").toString(), "remove");
    assertThat(Files.readAllLines(folder.resolve("done")))
        .containsExactly(
            "backlog watch --undo",
            "systemctl --root=" + folder + " --quiet disable backlog-watch.service");

    run("sh", MODULE.resolve("src/main/debian/postrm").toString(), "purge");
    assertThat(folder.resolve("var/lib/listen-backlog")).doesNotExist();
  }
}
