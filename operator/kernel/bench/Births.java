import io.listenbacklog.kernel.LinuxKernel;
import io.listenbacklog.kernel.events.KernelEvent.ListenerBorn;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.relisten.RelistenResult.Changed;
import io.listenbacklog.kernel.relisten.RelistenResult.Gone;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Births PROGRAM COUNT TRACEFS_FOLDER: raises each listener of births.c from 5 to 64 when its birth
 * is told; prints how long that took from right before listen(): the first, which finds the JVM
 * cold, then the second half, sorted.
 */
final class Births {
  private static final int FIRST_PORT = 1024;
  private static final int PAUSE_MICROS = 10_000;

  private final LinuxKernel kernel;
  private final int pid;
  private final Map<Integer, Long> raised = new HashMap<>();
  private int gone;

  Births(LinuxKernel kernel, int pid) {
    this.kernel = kernel;
    this.pid = pid;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int count = Integer.parseInt(arguments[1]);
    var paths = new LinuxKernel.Paths(Path.of("/proc"), Path.of(arguments[2]));
    try (var kernel = new LinuxKernel(new LibC(), paths);
        var events = kernel.openEvents()) {
      var born = new HashMap<Integer, Long>();
      var process =
          new ProcessBuilder(arguments[0], arguments[1], Integer.toString(PAUSE_MICROS))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        var births = new Births(kernel, (int) process.pid());
        while (births.raised.size() + births.gone < count) {
          for (var event : events.read()) {
            if (event instanceof ListenerBorn(int thread, int port)) births.raise(thread, port);
          }
        }
        process
            .inputReader()
            .lines()
            .takeWhile(line -> !line.equals("end"))
            .map(line -> line.split(" ", -1))
            .forEach(told -> born.put(Integer.valueOf(told[0]), Long.valueOf(told[1])));
        var first = births.raised.get(FIRST_PORT);
        print(
            births.raised.entrySet().stream()
                .filter(raised -> raised.getKey() >= FIRST_PORT + count / 2)
                .mapToLong(raised -> raised.getValue() - born.get(raised.getKey()))
                .sorted()
                .toArray(),
            first == null ? 0 : first - born.get(FIRST_PORT),
            births.gone);
      } finally {
        process.destroy();
        process.waitFor();
      }
    }
  }

  private void raise(int thread, int port) throws IOException {
    var group = kernel.processes().threadGroup(thread);
    if (group.isEmpty() || group.getAsInt() != pid) return; // another's on this machine
    long namespace = kernel.processes().networkNamespace(pid).orElseThrow();
    var sockets = kernel.processes().sockets(pid);
    var seen = kernel.namespaces().visit(pid, namespace, there -> there.listeners().onPort(port));
    if (seen.size() == 1 && sockets.containsKey(seen.getFirst().inode())) {
      var listener = seen.getFirst();
      int fd = sockets.get(listener.inode());
      var result =
          kernel
              .namespaces()
              .visit(
                  pid,
                  namespace,
                  there ->
                      kernel.relisten().raise(there, pid, fd, listener.inode(), listener.id(), 64));
      if (result.equals(new Changed(5, 64))) {
        raised.put(port, System.nanoTime());
        return;
      }
      if (!(result instanceof Gone)) throw new IOException("raise: " + result);
    }
    gone++; // births.c keeps a hundred open: we are late by a second
  }

  private static void print(long[] sorted, long first, int gone) {
    System.out.printf(
        "birth -> raised, %d births: p50 %d us, p90 %d us, p99 %d us, max %d us (the first, JVM cold: %d us; too late for %d)%n",
        sorted.length,
        sorted[sorted.length / 2] / 1000,
        sorted[sorted.length * 90 / 100] / 1000,
        sorted[sorted.length * 99 / 100] / 1000,
        sorted[sorted.length - 1] / 1000,
        first / 1000,
        gone);
  }
}
