package io.listenbacklog.e2e.tenants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Another tenant, in a namespace of its own on the same node. One of its pods is too small, one is
 * raised, one overflows, one stalls; each must get its Event, and the one that may be cured must be
 * cured, in the usual time.
 */
final class Victim implements AutoCloseable {
  /**
   * The most that may pass from symptom to Event: five seconds are promised on an idle machine;
   * these tests share two cores with a whole Kubernetes.
   */
  static final Duration USUAL = Duration.ofSeconds(15);

  /** The default of {@code stall.after}. */
  private static final Duration STALL_AFTER = Duration.ofSeconds(5);

  /** In Observe, younger listeners get no Event. */
  private static final Duration YOUNG = Duration.ofSeconds(10);

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final String MINIMUM_64 = "{mode: %s, selector: {matchLabels: {app: %s}}, %s}";

  /**
   * Says when it listens, and when the kernel holds 64 for it (sk_max_ack_backlog, in TCP_INFO).
   */
  private static final String RAISED =
      """
      import socket, struct, time
      server = socket.create_server(("0.0.0.0", 8080), backlog=5)
      print("begun", time.time())
      backlog = lambda: struct.unpack_from("I", server.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104), 28)[0]
      while backlog() != 64: time.sleep(0.001)
      print("cured", time.time())
      while True: time.sleep(3600)
      """;

  private static final String UNDERSIZED =
      """
      import socket, time
      server = socket.create_server(("0.0.0.0", 8080), backlog=5)
      print("begun", time.time())
      while True: time.sleep(3600)
      """;

  /** Its one thread reads from a client that sends nothing, while others wait. */
  private static final String STALLED =
      """
      import socket, time
      server = socket.create_server(("0.0.0.0", 8080), backlog=16)
      clients = [socket.create_connection(("127.0.0.1", 8080)) for _ in range(4)]
      print("begun", time.time())
      server.accept()[0].recv(4096)
      """;

  /** The queue holds two connections, and the others of twelve are dropped again and again. */
  private static final String OVERFLOWING =
      """
      import socket, time
      server = socket.create_server(("0.0.0.0", 8080), backlog=1)
      print("begun", time.time())
      clients = []
      while True:
          for _ in range(12):
              client = socket.socket()
              client.setblocking(False)
              client.connect_ex(("127.0.0.1", 8080))
              clients.append(client)
          time.sleep(0.5)
          clients = clients[:12]
      """;

  private final TestNamespace namespace;

  private Victim(TestNamespace namespace) {
    this.namespace = namespace;
  }

  /** A victim whose pods are not running yet. */
  static Victim of(TestCluster cluster) {
    var namespace = TestNamespace.create(cluster);
    namespace.policy("raised", MINIMUM_64.formatted("Enforce", "raised", "minimum: 64"));
    namespace.policy("undersized", MINIMUM_64.formatted("Observe", "undersized", "minimum: 64"));
    namespace.policy("stalled", MINIMUM_64.formatted("Observe", "stalled", "minimum: 1"));
    namespace.policy("overflowing", MINIMUM_64.formatted("Observe", "overflowing", "minimum: 1"));
    return new Victim(namespace);
  }

  /** How long each took to get its Event, or its cure, since its container started. */
  record Times(Map<String, Duration> of) {
    Duration slowest() {
      return of.values().stream().max(Duration::compareTo).orElseThrow();
    }
  }

  /**
   * Starts its four pods on a node, and waits until each has its Event and the one is cured; fails
   * if any took longer than usual.
   */
  Times isToldAndCured(String node) {
    String raised = start("raised", node, RAISED);
    String undersized = start("undersized", node, UNDERSIZED);
    String stalled = start("stalled", node, STALLED);
    String overflowing = start("overflowing", node, OVERFLOWING);
    var times = new TreeMap<String, Duration>();
    times.put("raised", Duration.between(said(raised, "begun"), said(raised, "cured")));
    times.put("BacklogRaised", told(raised, "BacklogRaised"));
    times.put("BacklogTooSmall", told(undersized, "BacklogTooSmall").minus(YOUNG));
    times.put("AcceptStalled", told(stalled, "AcceptStalled").minus(STALL_AFTER));
    times.put("ListenOverflow", told(overflowing, "ListenOverflow"));
    System.out.println("the victim: " + times);
    assertThat(times).allSatisfy((_, time) -> assertThat(time).isLessThan(USUAL));
    return new Times(times);
  }

  /** Namespace of its policies and pods; tests may add more. */
  TestNamespace namespace() {
    return namespace;
  }

  private String start(String name, String node, String program) {
    String pod = name + "-" + Long.toString(System.nanoTime(), 36);
    namespace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          labels: {app: %s}
        spec:
          nodeName: %s
          terminationGracePeriodSeconds: 0
          containers:
          - name: main
            image: %s
            command: [python3, -u, -c]
            args:
            - |
        %s
        """
            .formatted(pod, name, node, TestCluster.PYTHON, program.indent(6)));
    return pod;
  }

  /** When a pod printed a word. */
  private Instant said(String pod, String word) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () ->
                namespace
                    .kubectlCommand("logs", pod)
                    .run()
                    .output()
                    .lines()
                    .filter(line -> line.startsWith(word + " "))
                    .map(line -> instant(line.substring(word.length() + 1)))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static Instant instant(String seconds) {
    return Instant.ofEpochMilli(Math.round(Double.parseDouble(seconds.strip()) * 1000));
  }

  /** From the pod's beginning to an Event that says the reason, as the API server dates it. */
  private Duration told(String name, String reason) {
    TestPod pod = namespace.pod(name);
    Instant begun = said(name, "begun");
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(namespace.reasons(pod)).contains(reason));
    Event event =
        namespace.events(pod).stream()
            .filter(each -> each.getReason().equals(reason))
            .findFirst()
            .orElseThrow();
    // Whole seconds, rounded down: add one, so that none looks faster than it was.
    Instant created = Instant.parse(event.getMetadata().getCreationTimestamp()).plusSeconds(1);
    return Duration.between(begun, created);
  }

  @Override
  public void close() {
    namespace.close();
  }
}
