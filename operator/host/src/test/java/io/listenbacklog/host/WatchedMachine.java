package io.listenbacklog.host;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.kernel.fake.FakeKernel;
import io.listenbacklog.kernel.fake.FakeNamespace;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.loop.Engine;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** A machine in memory that is watched by the real engine, in real time. */
final class WatchedMachine implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Engine.Intervals INTERVALS =
      new Engine.Intervals(Duration.ofMillis(50), Duration.ofMillis(200));

  final FakeKernel kernel = new FakeKernel();
  final FakeNamespace own = kernel.namespace();
  private final FakeProcess watcher = kernel.process(own, "backlog");
  private final Path folder;
  private final StringWriter out = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();
  private @Nullable CompletableFuture<Integer> running;
  private Watch.@Nullable Control control;

  WatchedMachine(Path folder) {
    this.folder = folder;
  }

  /** Sets a variable of those that systemd sets. */
  void set(String variable, String value) {
    environment.put(variable, value);
  }

  /** Starts a watch by such a policy file, and goes on when its first sweep is done. */
  void watch(String policies, String... options) {
    var file = folder.resolve("policy.yaml");
    write(file, policies);
    var all = new ArrayList<>(List.of("-f", file.toString()));
    all.addAll(List.of(options));
    var stopping = new CompletableFuture<Watch.Control>();
    running = CompletableFuture.supplyAsync(() -> run(all, stopping));
    await()
        .atMost(PATIENCE)
        .until(() -> stopping.isDone() || requireNonNull(running).isCompletedExceptionally());
    if (running.isCompletedExceptionally()) running.join();
    control = stopping.join();
  }

  private int run(List<String> options, CompletableFuture<Watch.Control> stopping) {
    var watch = new Watch();
    new CommandLine(watch).setOut(new PrintWriter(out)).parseArgs(options.toArray(String[]::new));
    watch.journal = folder.resolve("journal");
    var site =
        new HostSite(
            kernel,
            new HostNamespaces(kernel.processes(), Map.of(own.inode(), watcher.pid())),
            watcher.pid(),
            watch.journal);
    try {
      return watch.run(
          site,
          watch.policies(),
          INTERVALS,
          new Clocks(Clock.systemUTC(), System::nanoTime),
          false,
          UnitNotice.of(new LibC(), environment, 1, 0),
          stopping::complete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As by SIGHUP, with such a file. */
  void readAgain(String policies) {
    write(folder.resolve("policy.yaml"), policies);
    requireNonNull(control).readAgain();
  }

  /** As by SIGTERM; the exit status. */
  int stop() {
    try {
      requireNonNull(control).stop();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    control = null;
    return requireNonNull(running).join();
  }

  /** {@code --undo}; the exit status. */
  int undo() {
    return run(List.of("--undo"), new CompletableFuture<>());
  }

  /** All lines so far. */
  List<String> lines() {
    return out.toString().lines().toList();
  }

  /** Lines with such a text in them. */
  List<String> lines(String text) {
    return lines().stream().filter(each -> each.contains(text)).toList();
  }

  /** Waits for a line, which is said soon. */
  String awaitLine(String text) {
    await().atMost(PATIENCE).until(() -> !lines(text).isEmpty());
    return lines(text).getFirst();
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(requireNonNull(file.getParent()));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (control != null) stop();
  }
}
