import io.listenbacklog.kernel.LinuxKernel;
import io.listenbacklog.kernel.births.KernelEvent.ListenerBorn;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.relisten.RelistenResult.Changed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Births PROGRAM COUNT TRACEFS_FOLDER: raises each listener of births.c from 5 to 64 when its birth
 * is told; prints how long that took from right before listen(): the first, which finds the JVM
 * cold, then the second half, sorted.
 */
final class Births {
  private static final int PAUSE_MICROS = 10_000;

  private final LinuxKernel kernel;
  private final int pid;
  private final Map<Integer, Long> raised = new HashMap<>();

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
        while (births.raised.size() < count) {
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
        var nanos = new long[count];
        for (int birth = 0; birth < count; birth++) {
          int port = 1024 + birth;
          nanos[birth] = births.raised.get(port) - born.get(port);
        }
        print(nanos);
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
    for (var listener :
        kernel.namespaces().visit(pid, namespace, there -> there.listeners().onPort(port))) {
      var result =
          kernel
              .relisten()
              .raise(pid, sockets.get(listener.inode()), listener.inode(), listener.id(), 64);
      if (!(result.equals(new Changed(5, 64)))) throw new IOException("raise: " + result);
    }
    raised.put(port, System.nanoTime());
  }

  private static void print(long[] nanos) {
    var warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(warm);
    System.out.printf(
        "birth -> raised, %d births: p50 %d us, p90 %d us, p99 %d us, max %d us (the first, JVM cold: %d us)%n",
        warm.length,
        warm[warm.length / 2] / 1000,
        warm[warm.length * 90 / 100] / 1000,
        warm[warm.length * 99 / 100] / 1000,
        warm[warm.length - 1] / 1000,
        nanos[0] / 1000);
  }
}
