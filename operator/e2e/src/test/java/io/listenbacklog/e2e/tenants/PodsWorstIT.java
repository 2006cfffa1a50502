package io.listenbacklog.e2e.tenants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a tenant's pods can do to the probe of their node. With {@code -Dordeals} alone. */
@Tag("ordeals")
@OnTestCluster
class PodsWorstIT {
  private static final Duration LONG = Duration.ofMinutes(3);

  /**
   * Listens COUNT times, and prints every second for how many of these the kernel holds 64
   * (sk_max_ack_backlog, in TCP_INFO).
   */
  private static final String CROWD =
      """
      import resource, socket, struct, time
      resource.setrlimit(resource.RLIMIT_NOFILE, (20000, 20000))
      held = [socket.create_server(("127.0.0.%d" % (1 + i // 3000), 10000 + i % 3000), backlog=5) for i in range(COUNT)]
      print("begun", time.time())
      backlog = lambda server: struct.unpack_from("I", server.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104), 28)[0]
      while True:
          print("raised", sum(backlog(each) == 64 for each in held))
          time.sleep(1)
      """;

  @Test
  void nineThousandAreRaisedAndPutBackByTheProbeThatComesAfter(
      TestCluster cluster, TestNamespace tenant) {
    try (var ordeal = Ordeal.of("9,000 listeners raised", cluster)) {
      tenant.policy("many", "{mode: Enforce, minimum: 64}");
      var pod = tenant.python("many", "", CROWD.replace("COUNT", "9000"));
      awaitLast(tenant, pod, "raised 9000");
      ordeal.othersNoticeNothing(pod.node());

      var probe = Objects.requireNonNull(cluster.operator("probe").get(pod.node()));
      cluster.kubectl(
          "delete",
          "pod",
          probe.getMetadata().getName(),
          "--namespace",
          TestCluster.OPERATOR_NAMESPACE);
      cluster.awaitOperator();
      tenant.kubectl("delete", "backlogpolicy", "many");

      awaitLast(tenant, pod, "raised 0");
    }
  }

  @Test
  void fifteenHundredAreRaisedBesideTheStallOfAnother(TestCluster cluster, TestNamespace tenant) {
    try (var ordeal = Ordeal.of("1,500 listeners raised beside a stall of another", cluster)) {
      tenant.policy("many", "{mode: Enforce, minimum: 64}");
      var pod = tenant.python("many", "", CROWD.replace("COUNT", "1500"));
      awaitBegun(tenant, pod); // they are raised while the others start
      ordeal.othersNoticeNothing(pod.node());

      awaitLast(tenant, pod, "raised 1500");
    }
  }

  /**
   * The status of their listeners would be 900 kB, and all of it would be written again for each
   * pod that comes to the node; and the tenant's pods come all the time.
   */
  @Test
  void twelvePodsWithAHundredRaisedEachAndPodsThatComeAllTheTime(
      TestCluster cluster, TestNamespace tenant) {
    try (var ordeal =
        Ordeal.of("12 pods with 100 raised listeners, and a new pod a second", cluster)) {
      String node = Ordeal.node(cluster);
      tenant.policy("many", "{mode: Enforce, minimum: 64}");
      String program = CROWD.replace("COUNT", "100");
      for (int i = 0; i < 12; i++) tenant.apply(podOn(node, "crowd-" + i, program));
      for (int i = 0; i < 12; i++) awaitLast(tenant, tenant.pod("crowd-" + i), "raised 100");
      var coming =
          Thread.ofVirtual()
              .start(
                  () -> {
                    long begin = System.nanoTime();
                    for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                      tenant.apply(podOn(node, "new-" + i, "print('here')"));
                      pauseUntil(begin + (i + 1) * Duration.ofSeconds(1).toNanos());
                    }
                  });
      try {
        ordeal.othersNoticeNothing(node);
        ordeal.othersNoticeNothing(node); // much has been written by now
      } finally {
        coming.interrupt();
      }
    }
  }

  /** Or until its thread is interrupted. */
  private static void pauseUntil(long nanoTime) {
    try {
      Thread.sleep(Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Each of which policies look at, unless they say otherwise. */
  @Test
  void nineteenThousandUnixListeners(TestCluster cluster, TestNamespace tenant) {
    try (var ordeal = Ordeal.of("19,000 UNIX listeners of one pod", cluster)) {
      tenant.policy("many", "{mode: Enforce, minimum: 64, unix: Govern}");
      var pod =
          tenant.python(
              "many",
              "",
              """
              import resource, socket, time
              resource.setrlimit(resource.RLIMIT_NOFILE, (20000, 20000))
              held = [socket.socket(socket.AF_UNIX) for _ in range(19000)]
              for i, each in enumerate(held):
                  each.bind("\\0listener-%d" % i)
                  each.listen(5)
              print("begun", time.time())
              while True: time.sleep(3600)
              """);
      awaitBegun(tenant, pod);
      ordeal.othersNoticeNothing(pod.node());
      ordeal.othersNoticeNothing(pod.node()); // listed and attributed by now
    }
  }

  private static String podOn(String node, String name, String program) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s}
    spec:
      nodeName: %s
      restartPolicy: Never
      terminationGracePeriodSeconds: 0
      containers:
      - name: main
        image: %s
        command: [python3, -u, -c]
        args:
        - |
    %s
    """
        .formatted(name, node, TestCluster.PYTHON, program.indent(6));
  }

  @Test
  void aGroupOfTwoHundredSocketsWithChurnIsPutBack(TestCluster cluster, TestNamespace tenant) {
    try (var ordeal = Ordeal.of("200 sockets of one port, one in ten anew each second", cluster)) {
      tenant.policy("group", "{mode: Enforce, minimum: 64}");
      var pod =
          tenant.python(
              "group",
              "",
              """
              import random, socket, struct, time
              def server():
                  each = socket.socket()
                  each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                  each.bind(("0.0.0.0", 8080))
                  each.listen(5)
                  return each
              held = [server() for _ in range(200)]
              print("begun", time.time())
              backlog = lambda each: struct.unpack_from("I", each.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104), 28)[0]
              until = time.time() + 60
              while True:
                  if time.time() < until:
                      for i in random.sample(range(200), 20):
                          held[i].close()
                          held[i] = server()
                  time.sleep(1)
                  print("raised", sum(backlog(each) == 64 for each in held))
              """);
      awaitBegun(tenant, pod);
      ordeal.othersNoticeNothing(pod.node());
      awaitLast(tenant, pod, "raised 200");

      tenant.kubectl("delete", "backlogpolicy", "group");
      awaitLast(tenant, pod, "raised 0");
    }
  }

  @Test
  void asManyProcessesAsThereAreNumbersForLeaveOthersTheirs(
      TestCluster cluster, TestNamespace tenant) throws IOException {
    int processes = processesThatFit();
    try (var ordeal = Ordeal.of("as many processes as the node has room for", cluster)) {
      tenant.policy("many", "{mode: Enforce, minimum: 64}");
      var pod = tenant.python("many", "", PROCESSES.replace("COUNT", "" + processes));
      awaitBegun(tenant, pod);
      assertThat(pod.processes()).as("processes of the pod").hasSizeGreaterThan(processes);
      System.out.println(processes + " processes");
      ordeal.othersNoticeNothing(pod.node());
    } finally {
      tenant.kubectl("delete", "pod", "many", "--grace-period=0", "--force");
    }
  }

  @Test
  void fourThousandNetworkNamespacesOfOnePod(TestCluster cluster, TestNamespace tenant)
      throws IOException {
    int namespaces = Math.min(4_000, processesThatFit());
    try (var ordeal = Ordeal.of("4,000 network namespaces of one pod", cluster)) {
      tenant.policy("many", "{mode: Enforce, minimum: 64}");
      var pod =
          tenant.python(
              "many",
              "",
              PROCESSES
                  .replace("COUNT", "" + namespaces)
                  .replace("# IN THE CHILD", "libc.unshare(0x10000000 | 0x40000000)"));
      awaitBegun(tenant, pod);
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofSeconds(2))
          .untilAsserted(() -> assertThat(namespaces(pod)).hasSizeGreaterThan(namespaces));
      System.out.println(namespaces + " network namespaces");
      ordeal.othersNoticeNothing(pod.node());
    } finally {
      tenant.kubectl("delete", "pod", "many", "--grace-period=0", "--force");
    }
  }

  /** Those in which its processes are, as the kernel names them. */
  private static Set<String> namespaces(TestPod pod) {
    var namespaces = new HashSet<String>();
    for (int pid : pod.processes()) {
      try {
        namespaces.add(Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")).toString());
      } catch (IOException e) {
        // It has ended.
      }
    }
    return namespaces;
  }

  /** Each process is a sleep, which has little memory of its own; prints how many there are. */
  private static final String PROCESSES =
      """
      import ctypes, os, time
      libc = ctypes.CDLL(None)
      count = 0
      try:
          for i in range(COUNT):
              if os.fork() == 0:
                  # IN THE CHILD
                  os.execv("/bin/sleep", ["sleep", "600"])
              count += 1
      except OSError as e:
          print("no more:", e)
      print("begun", time.time(), "with", count)
      while True: time.sleep(3600)
      """;

  /** As many as pids and memory allow, with some left for the cluster. */
  private static int processesThatFit() throws IOException {
    // Files.readString reads one byte first, and a sysctl cannot be read in parts.
    long pids = Long.parseLong(Command.of("cat", "/proc/sys/kernel/pid_max").succeed().strip());
    long freeKiB =
        Files.readAllLines(Path.of("/proc/meminfo")).stream()
            .filter(line -> line.startsWith("MemAvailable:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow();
    return (int) Math.min(50_000, Math.min(pids - 12_000, freeKiB / 2 / 300));
  }

  private static void awaitBegun(TestNamespace tenant, TestPod pod) {
    await().atMost(LONG).until(() -> tenant.kubectl("logs", pod.name()).contains("begun"));
  }

  private static void awaitLast(TestNamespace tenant, TestPod pod, String line) {
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () ->
                assertThat(tenant.kubectl("logs", pod.name(), "--tail=1").strip()).isEqualTo(line));
  }
}
