import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.kernel.LinuxKernel;
import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.WrappedKernel;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.relisten.Relisten;
import io.listenbacklog.kernel.relisten.RelistenResult;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.SocketId;
import io.listenbacklog.probe.HandMadeNode;
import io.listenbacklog.probe.discover.ApplicationRecognizer;
import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.json.Json;
import io.listenbacklog.probe.loop.Engine;
import io.listenbacklog.probe.loop.Inbox;
import io.listenbacklog.probe.loop.KernelEventPump;
import io.listenbacklog.probe.loop.Message;
import io.listenbacklog.probe.loop.NodeAccess;
import io.listenbacklog.probe.loop.ProbeLoop;
import io.listenbacklog.probe.loop.Rehearsal;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The probe's real loop on the real kernel, with pods made by hand: everything but the API server.
 *
 * <p>{@code births PROGRAM COUNT WORK CGROUPS}: each listener of births.c is raised from 5 to 64;
 * prints how long that took from right before its listen(). With {@code bench.unrehearsed=true}
 * without what a probe rehearses at its start. {@code sweep PODS SWEEPS WORK CGROUPS}: sweeps over
 * the "pid inode" lines of a file, none of whose listeners is too small; prints the median CPU time
 * of a sweep of the loop's thread, discovery of processes included, in microseconds.
 */
final class ProbeBench {
  private static final int PAUSE_MICROS = 10_000;

  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[2]);
    var work = Path.of(arguments[3]);
    var cgroups = Path.of(arguments[4]);
    switch (arguments[0]) {
      case "births" -> births(arguments[1], count, work, cgroups);
      case "sweep" -> sweep(Path.of(arguments[1]), count, work, cgroups);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void births(String program, int count, Path work, Path cgroups) throws Exception {
    var raised = new ConcurrentHashMap<Integer, Long>();
    var paths = new LinuxKernel.Paths(Path.of("/proc"), work.resolve("tracefs"));
    var kernel = new Timed(new LinuxKernel(new LibC(), paths), raised);
    var pod = UUID.randomUUID().toString();
    // In a pod of its own, as a probe is.
    var own =
        Files.createDirectories(
            cgroups.resolve("kubepods/pod" + UUID.randomUUID() + "/" + "a".repeat(64)));
    Files.writeString(own.resolve("cgroup.procs"), ProcessHandle.current().pid() + "\n");
    var probe = new Running(kernel, work, Duration.ofSeconds(2));
    // In a cgroup and a namespace of its own from its first moment, as a container is.
    var cgroup =
        Files.createDirectories(cgroups.resolve("kubepods/pod" + pod + "/" + "b".repeat(64)));
    probe.spec(64, List.of(pod));
    probe.awaitBirths();
    String shell = "echo $$ > '%s/cgroup.procs' && exec '%s' %d %d";
    var process =
        new ProcessBuilder("sh", "-c", shell.formatted(cgroup, program, count, PAUSE_MICROS))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var born = new HashMap<Integer, Long>();
    process
        .inputReader()
        .lines()
        .takeWhile(line -> !line.equals("end"))
        .map(line -> line.split(" ", -1))
        .forEach(told -> born.put(Integer.valueOf(told[0]), Long.valueOf(told[1])));
    process.destroy();
    process.waitFor();
    probe.stop();
    Files.writeString(
        cgroups.getParent().resolve("cgroup.procs"), ProcessHandle.current().pid() + "\n");
    for (var each : List.of(cgroup, own)) {
      Files.delete(each);
      Files.delete(each.getParent());
    }
    print(born, raised);
  }

  private static void print(Map<Integer, Long> born, Map<Integer, Long> raised) {
    var ports = born.keySet().stream().sorted().filter(raised::containsKey).toList();
    long first = raised.get(ports.getFirst()) - born.get(ports.getFirst());
    // The first tenth runs in a JVM that is still cold; it is told apart.
    var warm =
        ports.stream()
            .skip(ports.size() / 10)
            .mapToLong(port -> raised.get(port) - born.get(port))
            .sorted()
            .toArray();
    var cold =
        ports.stream()
            .limit(ports.size() / 10)
            .mapToLong(port -> raised.get(port) - born.get(port))
            .sorted()
            .toArray();
    System.out.printf(
        "birth -> raised through the loop, %d births: p50 %d us, p90 %d us, p99 %d us, max %d us"
            + " (before them %d births in a cold JVM: p50 %d us, max %d us, the first %d us;"
            + " missed: %d)%n",
        warm.length,
        micros(warm, 50),
        micros(warm, 90),
        micros(warm, 99),
        micros(warm, 100),
        cold.length,
        micros(cold, 50),
        micros(cold, 100),
        first / 1000,
        born.size() - ports.size());
  }

  private static long micros(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1000;
  }

  private static void sweep(Path file, int sweeps, Path work, Path cgroups) throws Exception {
    var pods = new ArrayList<String>();
    var made = new ArrayList<Path>();
    for (var line : Files.readAllLines(file)) {
      var pod = UUID.randomUUID().toString();
      var container = cgroups.resolve("kubepods/pod" + pod + "/" + "c".repeat(64));
      Files.createDirectories(container);
      Files.writeString(container.resolve("cgroup.procs"), line.split(" ", -1)[0] + "\n");
      pods.add(pod);
      made.add(container);
    }
    var paths = new LinuxKernel.Paths(Path.of("/proc"), work.resolve("tracefs"));
    var kernel = new LinuxKernel(new LibC(), paths);
    var probe = new Running(kernel, work, Duration.ofMillis(100));
    probe.spec(1, pods);
    probe.awaitBirths();
    // Young processes are read anew at each sweep for ten seconds: that is not the daily work.
    Thread.sleep(Duration.ofSeconds(12));
    var cpu = ManagementFactory.getThreadMXBean();
    var nanos = new long[sweeps];
    long listeners = probe.listeners();
    for (int i = 0; i < sweeps; i++) {
      long before = probe.tally.sweeps.get();
      long from = cpu.getThreadCpuTime(probe.loopThread.threadId());
      while (probe.tally.sweeps.get() < before + 1) Thread.sleep(1);
      nanos[i] = cpu.getThreadCpuTime(probe.loopThread.threadId()) - from;
    }
    Arrays.sort(nanos);
    probe.stop();
    for (var each : made) {
      // To the root, so that the folders can go.
      Files.writeString(
          cgroups.getParent().resolve("cgroup.procs"),
          Files.readString(each.resolve("cgroup.procs")));
      Files.delete(each);
      Files.delete(each.getParent());
    }
    System.out.printf("%d %d%n", nanos[sweeps / 2] / 1000, listeners);
  }

  /** The loop, as Probe starts it, without an API server. */
  private static final class Running {
    final Counters tally = new Counters();
    final Inbox inbox = new Inbox();
    final KernelEventPump pump;
    final Journal journal;
    final Thread loopThread;

    Running(NodeKernel kernel, Path work, Duration sweep) throws IOException {
      journal = Journal.open(work.resolve("journal"), kernel.bootId(), Json.mapper());
      pump = new KernelEventPump(kernel, inbox);
      int pid = (int) ProcessHandle.current().pid();
      var node =
          new NodeAccess(
              kernel, HostNamespaces.of(kernel.processes(), List.of(pid)), kernel.bootId(), pid);
      ApplicationRecognizer recogniser = _ -> (_, _) -> Optional.empty();
      var clocks = new Clocks(Clock.systemUTC(), System::nanoTime);
      var loop =
          ProbeLoop.of(
              node,
              journal,
              recogniser,
              new Engine.Intervals(sweep, Duration.ofSeconds(30)),
              clocks,
              tally,
              inbox,
              _ -> {});
      var rehearsal =
          new Rehearsal(node, recogniser, clocks, work.resolve("rehearsal"), Json.mapper());
      Thread.ofPlatform().name("births").daemon().start(pump);
      loopThread =
          Thread.ofPlatform()
              .name("loop")
              .daemon()
              .start(
                  () -> {
                    if (!Boolean.getBoolean("bench.unrehearsed")) rehearsal.run();
                    loop.run();
                  });
    }

    void spec(int minimum, List<String> uids) throws InterruptedException {
      var spec = new NodeBacklogSpec(List.of(HandMadeNode.enforce(minimum, null, uids)));
      inbox.add(new Message.SpecArrived(NodeSpec.of("bench", 1, spec), null));
    }

    void awaitBirths() throws InterruptedException {
      while (tally.sweeps.get() < 2) Thread.sleep(10);
    }

    long listeners() throws Exception {
      var answer =
          new java.util.concurrent.CompletableFuture<
              io.listenbacklog.probe.report.ListenerSamples>();
      inbox.add(new Message.Wanted(Integer.MAX_VALUE, answer));
      return answer.get().listed().size();
    }

    void stop() throws IOException, InterruptedException {
      pump.close();
      inbox.add(new Message.Stop());
      loopThread.join();
      journal.close();
    }
  }

  /** A kernel that notes when a raise had taken effect. */
  private record Timed(LinuxKernel kernel, Map<Integer, Long> raised) implements WrappedKernel {
    @Override
    public Relisten relisten() {
      var relisten = kernel.relisten();
      return new Relisten() {
        @Override
        public Optional<SyscallException> unavailable() {
          return relisten.unavailable();
        }

        @Override
        public RelistenResult raise(
            NamespaceView view, int pid, int fd, long inode, SocketId id, int backlog) {
          var result = relisten.raise(view, pid, fd, inode, id, backlog);
          if (result instanceof RelistenResult.Changed && id instanceof ListenerId tcp) {
            raised.put(tcp.port(), System.nanoTime());
          }
          return result;
        }

        @Override
        public RelistenResult raiseFromZero(
            NamespaceView view, int pid, int fd, long inode, SocketId id, int backlog) {
          return relisten.raiseFromZero(view, pid, fd, inode, id, backlog);
        }

        @Override
        public Optional<Boolean> defersAccepting(
            NamespaceView view, int pid, int fd, long inode, ListenerId id) {
          return relisten.defersAccepting(view, pid, fd, inode, id);
        }

        @Override
        public RelistenResult restore(
            NamespaceView view,
            int pid,
            int fd,
            long inode,
            SocketId id,
            int applied,
            int original) {
          return relisten.restore(view, pid, fd, inode, id, applied, original);
        }
      };
    }
  }
}
