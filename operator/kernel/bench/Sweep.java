import io.listenbacklog.kernel.LinuxKernel;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sweep FILE SWEEPS: what sweep.c does, as the probe does it; prints the median of the second half
 * of the sweeps in microseconds of CPU time, then that of sweeps which read the namespace's
 * counters and somaxconn too, then the first sweep of all.
 */
final class Sweep {
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  record Namespace(int pid, long inode, List<ListenerId> known) {}

  interface Look {
    void into(Namespace namespace, NamespaceView there) throws IOException;
  }

  public static void main(String[] arguments) throws IOException {
    int sweeps = Integer.parseInt(arguments[1]);
    try (var kernel = new LinuxKernel(new LibC(), new LinuxKernel.Paths(Path.of("/proc"), null))) {
      var namespaces = new ArrayList<Namespace>();
      for (var line : Files.readAllLines(Path.of(arguments[0]))) {
        var numbers = line.split(" ", -1);
        int pid = Integer.parseInt(numbers[0]);
        long inode = Long.parseLong(numbers[1]);
        var all = kernel.namespaces().visit(pid, inode, there -> there.listeners().all());
        namespaces.add(new Namespace(pid, inode, all.stream().map(Listener::id).toList()));
      }
      var lookUps = sweep(kernel, namespaces, sweeps, Sweep::lookUp);
      var everything =
          sweep(
              kernel,
              namespaces,
              sweeps,
              (namespace, there) -> {
                lookUp(namespace, there);
                there.counters();
                there.somaxconn();
              });
      System.out.printf("%d %d %d%n", median(lookUps), median(everything), lookUps[0] / 1000);
    }
  }

  private static void lookUp(Namespace namespace, NamespaceView there) throws IOException {
    if (there.listeners().known(namespace.known()).size() != namespace.known().size()) {
      throw new IOException("a listener is gone");
    }
  }

  private static long[] sweep(LinuxKernel kernel, List<Namespace> namespaces, int sweeps, Look look)
      throws IOException {
    var nanos = new long[sweeps];
    for (int sweep = 0; sweep < sweeps; sweep++) {
      long from = CPU.getCurrentThreadCpuTime();
      for (var namespace : namespaces) {
        kernel
            .namespaces()
            .visit(
                namespace.pid(),
                namespace.inode(),
                there -> {
                  look.into(namespace, there);
                  return true;
                });
      }
      nanos[sweep] = CPU.getCurrentThreadCpuTime() - from;
    }
    return nanos;
  }

  private static long median(long[] nanos) {
    var warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(warm);
    return warm[warm.length / 2] / 1000;
  }
}
