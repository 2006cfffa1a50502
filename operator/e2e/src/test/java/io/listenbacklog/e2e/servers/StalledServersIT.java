package io.listenbacklog.e2e.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestImage;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers that stall, each in its own way, and the Events that people read. */
@OnTestCluster
class StalledServersIT {
  private static final TestImage SUPERVISOR =
      new TestImage(
          "localhost/listen-backlog-supervisor:1", List.of("dash", "coreutils", "supervisor"));

  private static final int CLIENT_SECONDS = 240;

  /**
   * A server, and how it is made to stall.
   *
   * @param image of its container
   * @param command of a shell in /conf
   * @param capability that it needs; empty: none
   * @param clients words for client.py
   * @param says what the Event must say
   * @param never says what it must not say
   */
  private record Case(
      String name,
      String image,
      String command,
      String capability,
      List<String> clients,
      List<String> says,
      List<String> never) {

    Case(String name, String command, List<String> clients, List<String> says, List<String> never) {
      this(name, Server.IMAGE.name(), command, "", clients, says, never);
    }

    String manifest() {
      return """
      apiVersion: v1
      kind: Pod
      metadata: {name: %s, labels: {app: %s}}
      spec:
        terminationGracePeriodSeconds: 0
        volumes: [{name: conf, configMap: {name: servers}}]
        containers:
        - name: web
          image: %s
          command: [sh, -c, '%s']
          workingDir: /conf
          securityContext: {runAsUser: 0, capabilities: {add: [%s]}}
          volumeMounts: [{name: conf, mountPath: /conf}]
        - name: client
          image: %s
          command: [sleep, infinity]
          volumeMounts: [{name: conf, mountPath: /conf}]
      ---
      """
          .formatted(name, name, image, command.replace("'", "''"), capability, TestCluster.PYTHON);
    }
  }

  private static final String UNIX = "/tmp/php.sock";

  private static List<String> crowd(int count) {
    return List.of("crowd", "127.0.0.1", "8080", "" + count, "" + CLIENT_SECONDS);
  }

  private static final List<Case> CASES =
      List.of(
          new Case(
              "php-fpm",
              "exec php-fpm8.2 -F -R -n -y php-fpm.conf",
              List.of("hold", "slow", "127.0.0.1", "9000", "5", "" + CLIENT_SECONDS),
              List.of(
                  "Container web (php-fpm8.2, pid ",
                  " stopped accepting on 0.0.0.0:9000 ",
                  "3 connections wait",
                  "2 threads of 3 in 3 processes do the same",
                  "sleeps (clock_nanosleep)"),
              List.of("maxConnections", "epoll_wait", "starting")),
          new Case(
              "php-fpm-unix",
              "exec php-fpm8.2 -F -R -n -y php-fpm-unix.conf",
              List.of("hold", "slow", "of this host", UNIX, "5", "" + CLIENT_SECONDS),
              List.of(
                  "Container web (php-fpm8.2, pid ",
                  " stopped accepting on unix:" + UNIX,
                  "3 connections wait",
                  "2 threads of 3 in 3 processes do the same",
                  "sleeps (clock_nanosleep)"),
              List.of("sent nothing")),
          new Case(
              "tomcat",
              "mkdir -p /tmp/t/conf /tmp/t/webapps; cp stalled-tomcat.xml /tmp/t/conf/server.xml;"
                  + Server.TOMCAT,
              crowd(8),
              List.of(
                  "Container web (java, pid ",
                  " stopped accepting on [::]:8080 ",
                  "No thread waits for this listener",
                  " on other listeners",
                  "maxConnections",
                  "open connections, 2 of which came by this listener"),
              List.of("starting", "a dump of its threads shows who holds the lock")),
          new Case(
              "gunicorn",
              "exec gunicorn -b 0.0.0.0:8080 -w 2 --timeout 600 app:app",
              crowd(6),
              List.of(
                  "Container web (gunicorn", // whose title changes as it starts
                  "4 connections wait",
                  "2 threads of 3 in 3 processes do the same",
                  "which has sent nothing for "),
              List.of("maxConnections", "starting")),
          new Case(
              "starting",
              "exec gunicorn -b 0.0.0.0:8080 -w 2 --timeout 600 loading:app",
              crowd(3),
              List.of(
                  "Container web (gunicorn", // whose title changes as it starts
                  "has not accepted anything on 0.0.0.0:8080 since it began to listen ",
                  "(starting?)",
                  "3 connections wait",
                  "--preload"),
              List.of("stopped accepting", "do not sleep")),
          new Case(
              "at-limit",
              "ulimit -n 32; exec python3 stalled.py at_limit",
              crowd(40),
              List.of(
                  "Container web (python3, pid ",
                  " has 32 of its 32 descriptors open: accept() fails",
                  "ulimit -n"),
              List.of("more CPU", "maxConnections", "starting")),
          new Case(
              "leak",
              "python3 stalled.py leaks; exec tail -f /dev/null",
              crowd(3),
              List.of(
                  "has a holder that is no server",
                  "sleep (pid ",
                  "inherited from python3 (pid ",
                  "FD_CLOEXEC"),
              List.of("do not sleep")),
          new Case(
              "supervisord",
              SUPERVISOR.name(),
              "exec supervisord -c supervisord.conf",
              "",
              crowd(4),
              List.of(
                  "Container web (supervisord, pid ",
                  "3 connections wait",
                  " of python3 (one of 2 in 2 processes) waits in recvfrom for ",
                  "which has sent nothing for "),
              List.of("maxConnections", "starting")),
          new Case(
              "tproxy",
              TestCluster.PYTHON,
              "exec python3 stalled.py behind_tproxy",
              "NET_ADMIN",
              crowd(3),
              List.of(
                  "Container web (python3, pid ",
                  " on 0.0.0.0:15006 ",
                  "has not accepted anything",
                  "3 connections wait, which came for other ports or addresses (TPROXY, sk_lookup)",
                  "its only thread waits for clients of another listener"),
              List.of("starting", "maxConnections")));

  /** Redirects port 8080 of the pod to its port 15006. */
  private static final String TPROXY =
      """
      ip rule add fwmark 1 lookup 100
      ip route add local 0.0.0.0/0 dev lo table 100
      nft -f - <<X
      table ip m {
       chain p {
        type filter hook prerouting priority -150
        tcp dport 8080 tproxy to :15006 meta mark set 1 accept
       }
      }
      X
      """;

  @Test
  void eachIsToldAsWhatItIs(TestCluster cluster, TestNamespace namespace) {
    cluster.load(Server.IMAGE);
    cluster.load(SUPERVISOR);
    namespace.kubectl(
        "create",
        "configmap",
        "servers",
        "--from-file=" + TestCluster.sources().resolve("operator/e2e/src/test/resources/servers"));
    namespace.policy("web", "{mode: Observe, minimum: 1}");
    var manifests = new StringBuilder();
    for (var each : CASES) {
      manifests.append(each.manifest());
    }
    namespace.apply(manifests.toString());

    var pods = new ArrayList<TestPod>();
    for (var each : CASES) {
      var pod = namespace.pod(each.name());
      pods.add(pod);
      if (each.name().equals("tproxy")) {
        Command.of(
                "nsenter",
                "--net=/proc/" + pod.processes().getFirst() + "/ns/net",
                "sh",
                "-ec",
                TPROXY)
            .succeed();
      }
    }
    for (var each : CASES) {
      var pod = pods.get(CASES.indexOf(each));
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> each.name().equals("leak") ? isLeaked(pod) : listens(each, namespace, pod));
      comes(each, each.clients().contains(UNIX) ? "web" : "client", namespace);
    }

    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () ->
                assertThat(pods)
                    .allSatisfy(
                        pod -> assertThat(stalls(namespace, pod)).as(pod.name()).isNotEmpty()));
    for (var each : CASES) {
      var pod = pods.get(CASES.indexOf(each));
      assertThat(stalls(namespace, pod))
          .as(each.name())
          .singleElement()
          .asString()
          .contains(each.says())
          .satisfies(note -> assertThat(each.never()).noneMatch(note::contains));
    }
  }

  private static boolean listens(Case of, TestNamespace namespace, TestPod pod) {
    if (!of.clients().contains(UNIX)) {
      return !pod.listeners(of.name().equals("php-fpm") ? 9000 : 8080).isEmpty();
    }
    return namespace
        .kubectlCommand("exec", of.name(), "-c", "web", "--", "test", "-S", UNIX)
        .run()
        .succeeded();
  }

  /** Whether the server has exited, and only its children are left. */
  private static boolean isLeaked(TestPod pod) {
    return pod.listeners(8080).stream()
        .flatMap(socket -> socket.pids().stream())
        .map(StalledServersIT::program)
        .toList()
        .equals(List.of("sleep"));
  }

  private static String program(int pid) {
    try {
      return Files.readString(Path.of("/proc/%d/comm".formatted(pid))).strip();
    } catch (IOException e) {
      return ""; // it has exited since
    }
  }

  /** Its clients come, and stay as long as the pod. */
  private static void comes(Case to, String container, TestNamespace namespace) {
    namespace
        .kubectlCommand("exec", to.name(), "-c", container, "--", "sh", "-c")
        .and(
            List.of(
                "exec python3 /conf/client.py '%s' >/dev/null 2>&1 &"
                    .formatted(String.join("' '", to.clients()))))
        .succeed();
  }

  private static List<String> stalls(TestNamespace namespace, TestPod pod) {
    return namespace.events(pod).stream()
        .filter(event -> event.getReason().equals(EventReasons.ACCEPT_STALLED))
        .map(Event::getNote)
        .toList();
  }
}
