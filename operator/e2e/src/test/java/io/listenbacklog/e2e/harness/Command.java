package io.listenbacklog.e2e.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A program to run.
 *
 * @param words the program and its arguments
 * @param environment variables in addition to this process's
 * @param input what it reads from standard input
 * @param limit if it takes longer it is killed, and the test fails
 * @param shown whether its standard error is passed on as it is written
 */
public record Command(
    List<String> words,
    Map<String, String> environment,
    String input,
    Duration limit,
    boolean shown) {

  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  public static Command of(String... words) {
    return new Command(List.of(words), Map.of(), "", Duration.ofMinutes(2), false);
  }

  /** The same with more arguments. */
  public Command and(List<String> more) {
    var all = new ArrayList<>(words);
    all.addAll(more);
    return new Command(all, environment, input, limit, shown);
  }

  /** The same with one more variable. */
  public Command with(String variable, String value) {
    var all = new TreeMap<>(environment);
    all.put(variable, value);
    return new Command(words, all, input, limit, shown);
  }

  public Command reading(String text) {
    return new Command(words, environment, text, limit, shown);
  }

  public Command within(Duration time) {
    return new Command(words, environment, input, time, shown);
  }

  /** The same, with its standard error passed on to ours. */
  public Command showing() {
    return new Command(words, environment, input, limit, true);
  }

  /** What a program wrote, and how it ended. */
  public record Result(Command command, int exit, String output, String errors) {
    public boolean succeeded() {
      return exit == 0;
    }

    /** All that it wrote. */
    public String text() {
      return output + errors;
    }
  }

  /** Runs it to its end, whatever its exit status. */
  public Result run() {
    var builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    try {
      var process = builder.start();
      var output = new Reader(process.getInputStream(), false);
      var errors = new Reader(process.getErrorStream(), shown);
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // A program that does not read its input may have closed it; its exit status tells whether
        // that matters.
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError("not done in " + limit + ": " + words);
      }
      return new Result(this, process.exitValue(), output.text(), errors.text());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + words, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + words, e);
    }
  }

  /** Runs it and returns its output; if it fails, so does the test, showing all that it wrote. */
  public String succeed() {
    var result = run();
    if (!result.succeeded()) {
      throw new AssertionError(
          "exit " + result.exit() + ": " + String.join(" ", words) + "\n" + result.text());
    }
    return result.output();
  }

  /**
   * Reads a stream to its end on a thread of its own, since a full pipe would stop the program. Not
   * a virtual thread: a read from a pipe blocks its carrier, and there are only as many of those as
   * processors. A daemon: a process that outlives the program may hold the stream open forever.
   */
  private static final class Reader {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread thread;

    Reader(InputStream stream, boolean shown) {
      thread =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try (stream) {
                      var buffer = new byte[8192];
                      for (int n; (n = stream.read(buffer)) >= 0; ) {
                        bytes.write(buffer, 0, n);
                        if (shown) {
                          System.err.write(buffer, 0, n);
                          System.err.flush();
                        }
                      }
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
    }

    /**
     * What was read so far: everything, unless a process that outlives the program holds the stream
     * open.
     */
    String text() throws InterruptedException {
      thread.join(Duration.ofSeconds(5));
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
