package io.listenbacklog.host;

import io.listenbacklog.kernel.LinuxKernel;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.policy.event.kind.EventType;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.loop.Engine;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code backlog watch}. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    versionProvider = HostCommand.Version.class,
    description = {
      "Watches the listeners that the policies of a file select, and says what is wrong with them, a"
          + " line each. With --enforce it also raises what policies in mode Enforce ask for. Ends by"
          + " SIGTERM or SIGINT; what is raised stays so, and the next start takes it over. SIGHUP has"
          + " it read the file again. Needs root."
    },
    exitCodeOnExecutionException = Watch.FAILED,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:It was ended (143 by SIGTERM, 130 by SIGINT); with --undo: nothing is raised any more.",
      "1:With --undo: something could not be put back.",
      "2:Wrong usage, a policy that makes no sense or cannot be read, or too few rights: it would be"
          + " the same at the next start.",
      "70:Anything else has failed, or another watch runs: the next start may be better."
    })
final class Watch implements Callable<Integer> {
  private static final int STOPPED = 0;
  private static final int LEFT = 1;

  /** EX_SOFTWARE of sysexits(3): systemd starts it again, as it does not after a status of 2. */
  static final int FAILED = 70;

  /**
   * As long as it may take to prove that what is not found is gone: all processes are read anew
   * within 70 seconds.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Option(
      names = {"-f", "--file"},
      description = "The policies, in YAML: documents of the kind HostBacklogPolicy.",
      paramLabel = "FILE")
  @Nullable Path file;

  @Option(
      names = "--enforce",
      description =
          "Raises what policies in mode Enforce ask for. Without it nothing is changed, whatever"
              + " they say.")
  boolean enforce;

  @Option(
      names = "--undo",
      description = "Puts back all that was raised, and ends; no watch may run meanwhile.")
  boolean undo;

  @Option(
      names = "--journal",
      description =
          "The folder in which it is written down what is raised, before it is: ${DEFAULT-VALUE}.",
      paramLabel = "FOLDER")
  Path journal = Path.of("/var/lib/listen-backlog");

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    var policies = policies();
    var linux = new LibC();
    long pid = ProcessHandle.current().pid();
    var notice = UnitNotice.of(linux, System.getenv(), pid, System.nanoTime());
    var paths = new LinuxKernel.Paths(Path.of("/proc"), null);
    try (var kernel = new LinuxKernel(linux, paths)) {
      if (!kernel.processes().mayTrace()) {
        throw new FinalException(
            "too few rights: without CAP_SYS_PTRACE (and CAP_SYS_ADMIN, to enter network namespaces)"
                + " the listeners of other users cannot be told: run it as root, outside of containers");
      }
      return run(
          HostSite.here(kernel, journal),
          policies,
          HostWatch.INTERVALS,
          new Clocks(Clock.systemUTC(), System::nanoTime),
          JournalStream.isStandardOutput(System.getenv()),
          notice,
          Watch::listenToSignals);
    }
  }

  /** What is asked; all that is wrong with it is said before anything is touched. */
  List<HostPolicy> policies() throws IOException {
    if (undo) {
      if (file != null || enforce) throw wrong("--undo goes with neither --file nor --enforce");
      return List.of();
    }
    if (file == null) throw wrong("Missing required option: '--file=FILE' (or --undo)");
    return PolicyFile.read(file);
  }

  private ParameterException wrong(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  /**
   * Watches, or undoes, and says what the exit status is.
   *
   * @param toSystemd whether standard output is its journal
   * @param notice what systemd is told
   * @param control is given what may be done with the watch
   */
  int run(
      HostSite site,
      List<HostPolicy> policies,
      Engine.Intervals intervals,
      Clocks clocks,
      boolean toSystemd,
      UnitNotice notice,
      Consumer<Control> control)
      throws IOException, InterruptedException {
    var lines = new WatchLines(spec.commandLine().getOut(), toSystemd);
    var governance = new Governance(policies, enforce || undo);
    try (var watch = HostWatch.start(site, governance, intervals, clocks, lines)) {
      return undo ? undo(watch, clocks, lines) : watch(watch, clocks, lines, notice, control);
    }
  }

  private int watch(
      HostWatch watch,
      Clocks clocks,
      WatchLines lines,
      UnitNotice notice,
      Consumer<Control> control)
      throws IOException, InterruptedException {
    var ended = new CountDownLatch(1);
    control.accept(
        new Control() {
          @Override
          public void stop() throws InterruptedException {
            watch.stop();
            ended.await();
          }

          @Override
          public void readAgain() {
            watch.readAgain();
          }
        });
    try {
      watch.introduce();
      watch.watch(this::policies, notice);
      int left = watch.end().size();
      lines.say(
          EventType.NORMAL,
          clocks.now(),
          left == 0
              ? "stopped; nothing is raised"
              : "stopped; stays as raised: %d (--undo puts it back)".formatted(left));
      return STOPPED;
    } finally {
      ended.countDown();
    }
  }

  private static int undo(HostWatch watch, Clocks clocks, WatchLines lines)
      throws IOException, InterruptedException {
    watch.awaitNothingInForce(PATIENCE);
    var left = watch.end();
    for (var each : left) {
      lines.say(EventType.WARNING, clocks.now(), "not put back: " + what(each));
    }
    if (left.isEmpty()) lines.say(EventType.NORMAL, clocks.now(), "nothing is raised any more");
    return left.isEmpty() ? STOPPED : LEFT;
  }

  private static String what(JournalEntry entry) {
    return switch (entry) {
      case JournalEntry.Backlog it -> "%s of %s".formatted(it.address(), it.pod().name());
      case JournalEntry.Sysctl it ->
          "%s of network namespace %d".formatted(it.name(), it.networkNamespace());
    };
  }

  /** What may be done with a watch, by any thread. */
  interface Control {
    /** Stops it, and waits until it has ended. */
    void stop() throws InterruptedException;

    /** Has it read its policies again. */
    void readAgain();
  }

  private static void listenToSignals(Control watch) {
    HangUp.does(watch::readAgain);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    watch.stop();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "stop"));
  }
}
