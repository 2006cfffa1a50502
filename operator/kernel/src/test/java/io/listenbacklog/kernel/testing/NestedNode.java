package io.listenbacklog.kernel.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs test classes where a container is the node, as in kind: in a PID namespace of its own, with
 * a procfs that shows no other.
 */
public final class NestedNode {
  private NestedNode() {}

  /**
   * Runs them.
   *
   * @return what they print
   */
  public static String run(String... classes) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                // Somebody has to wait for orphans, which Java does not.
                "sh",
                "-c",
                "\"$@\"; exit $?",
                "sh",
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                GuestTests.class.getName()));
    command.addAll(List.of(classes));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), UTF_8);
    } finally {
      process.destroy();
    }
  }
}
