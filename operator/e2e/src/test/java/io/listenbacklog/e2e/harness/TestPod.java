package io.listenbacklog.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A pod of a test, with a look at its sockets by {@code ss} in its network namespace: from its
 * node, or, on a cluster of the user's, by {@code kubectl exec} in its first container.
 *
 * @param node the name of its node
 */
public record TestPod(TestNamespace namespace, String name, String uid, String node) {
  private static final Pattern PID = Pattern.compile("pid=(\\d+)");

  static TestPod of(TestNamespace namespace, Pod pod) {
    return new TestPod(
        namespace,
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        pod.getSpec().getNodeName());
  }

  /**
   * A listening TCP socket as {@code ss} shows it.
   *
   * @param local such as {@code 0.0.0.0:9876}, {@code *:80} or {@code [::]:80}
   * @param pids of the processes that hold it, on the node or, by exec, in the container
   */
  public record Socket(String local, int queue, int backlog, long inode, List<Integer> pids) {}

  /** All listeners of its network namespace: of the whole node if it is a hostNetwork pod. */
  public List<Socket> listeners() {
    return inItsNetwork("ss", "-Hltnpe").lines().map(TestPod::parse).toList();
  }

  private String inItsNetwork(String... words) {
    return TestCluster.hasTestNodes()
        ? Command.of("nsenter", "--net=/proc/" + processes().getFirst() + "/ns/net")
            .and(List.of(words))
            .succeed()
        : namespace.kubectlCommand("exec", name, "--").and(List.of(words)).succeed();
  }

  /** The listeners on one port. */
  public List<Socket> listeners(int port) {
    return listeners().stream().filter(s -> s.local().endsWith(":" + port)).toList();
  }

  /** The one listener on a port. */
  public Socket listener(int port) {
    var found = listeners(port);
    if (found.size() != 1) {
      throw new AssertionError("not one listener on " + port + " of pod " + name + ": " + found);
    }
    return found.getFirst();
  }

  /** The backlogs of all listeners on one port. */
  public List<Integer> backlogs(int port) {
    return listeners(port).stream().map(Socket::backlog).toList();
  }

  /**
   * Ends the process that owns the only listener on a port, as the kernel does when memory is
   * short.
   */
  public void kill(int port) {
    TestCluster.needNodes("kills a process of a pod");
    var owner = listener(port).pids().getFirst();
    Command.of("kill", "-KILL", owner.toString()).succeed();
  }

  /** A number from {@code /proc/sys} as its network namespace has it. */
  public int sysctl(String name) {
    return Integer.parseInt(inItsNetwork("cat", "/proc/sys/" + name.replace('.', '/')).strip());
  }

  /**
   * The ids, on this machine, of the processes in its cgroups, the oldest first: the pause process,
   * which lives as long as the pod. Their numbers say nothing of that, for they begin anew at
   * {@code kernel.pid_max}.
   */
  public List<Integer> processes() {
    TestCluster.needNodes("looks for the processes of a pod");
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      var starts = new HashMap<Integer, Long>();
      all.filter(p -> Character.isDigit(p.getFileName().toString().charAt(0)))
          .filter(p -> file(p, "cgroup").contains("/pod" + uid))
          .forEach(p -> starts.put(Integer.valueOf(p.getFileName().toString()), start(p)));
      var found = starts.keySet().stream().sorted(Comparator.comparing(starts::get)).toList();
      if (found.isEmpty()) {
        throw new AssertionError("no process of pod " + name);
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In clock ticks since the machine started; see proc_pid_stat(5), field 22. */
  private static long start(Path process) {
    var stat = file(process, "stat");
    if (stat.isEmpty()) return Long.MAX_VALUE;
    var fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split("\\s+"));
    return Long.parseLong(fields.get(19)); // the first of them is field 3
  }

  private static String file(Path process, String name) {
    try {
      return Files.readString(process.resolve(name));
    } catch (IOException e) {
      return ""; // it has ended since
    }
  }

  // LISTEN 0 5 0.0.0.0:9876 0.0.0.0:* users:(("python3",pid=7,fd=3)) ino:1 sk:2 <->
  private static Socket parse(String line) {
    var words = List.of(line.strip().split("\\s+"));
    var pids = PID.matcher(line).results().map(r -> Integer.valueOf(r.group(1))).toList();
    var inode =
        words.stream()
            .filter(w -> w.startsWith("ino:"))
            .map(w -> Long.valueOf(w.substring(4)))
            .findFirst();
    return new Socket(
        words.get(3),
        Integer.parseInt(words.get(1)),
        Integer.parseInt(words.get(2)),
        inode.orElse(0L),
        pids);
  }
}
