package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/**
 * Several commands in one process, one a line of standard input: what Java sees of them it prepares
 * for later starts, if it is told to by {@code -XX:AOTCacheOutput} (JEP 514). Run by the build and
 * by the launcher, not by people.
 */
final class Rehearsal {
  private static final Terminal TERMINAL = new Terminal(100, true);

  private Rehearsal() {}

  /** Whatever they answer: one that fails shows the classes that it takes to say why. */
  public static void main(String[] args) throws IOException {
    try (var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String line; (line = lines.readLine()) != null; ) {
        var _ = BacklogCommand.execute(TERMINAL, line.split(" ", -1));
      }
    }
  }
}
