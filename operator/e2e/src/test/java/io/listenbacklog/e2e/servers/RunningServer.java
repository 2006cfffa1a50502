package io.listenbacklog.e2e.servers;

import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A server that runs in a pod, and its clients. */
record RunningServer(Server is, TestPod pod, TestNamespace namespace) {

  /** The manifest of its pod. */
  static String manifest(Server server, String clientImage) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, labels: {app: %s}}
    spec:
      terminationGracePeriodSeconds: 0
      volumes: [{name: conf, configMap: {name: servers}}]
      containers:
      - name: %s
        image: %s
        command: %s
        securityContext: {runAsUser: %d}
        volumeMounts: [{name: conf, mountPath: /conf}]
      - name: client
        image: %s
        command: [sleep, infinity]
        volumeMounts: [{name: conf, mountPath: /conf}]
    ---
    """
        .formatted(
            server.name(),
            server.name(),
            server.name(),
            server.image(),
            quoted(server.command()),
            server.user(),
            clientImage);
  }

  private static String quoted(List<String> words) {
    return words.stream().map(word -> "'" + word.replace("'", "''") + "'").toList().toString();
  }

  /** The server's listeners, one for each of its addresses. */
  List<TestPod.Socket> listeners() {
    return pod.listeners(is.port());
  }

  /** The listeners of one of its other kinds. */
  List<TestPod.Socket> listeners(Server.Beside beside) {
    if (beside.port() != Server.ANY_PORT) return pod.listeners(beside.port());
    var named = new ArrayList<>(List.of(is.port()));
    is.beside().forEach(each -> named.add(each.port()));
    return pod.listeners().stream()
        .filter(each -> named.stream().noneMatch(port -> each.local().endsWith(":" + port)))
        .toList();
  }

  /** All of its listeners, by kind. */
  List<Door> doors() {
    var doors = new ArrayList<Door>();
    doors.add(
        new Door(
            is.title(),
            is.port(),
            is.backlog(),
            is.addresses(),
            is.process(),
            is.application(),
            listeners()));
    for (var each : is.beside()) {
      doors.add(
          new Door(
              is.title() + ": " + each.what(),
              each.port(),
              each.backlog(),
              each.addresses(),
              each.process(),
              each.application(),
              listeners(each)));
    }
    return doors;
  }

  /**
   * Listeners of one kind.
   *
   * @param port {@link Server#ANY_PORT}: the kernel's choice
   * @param addresses that there must be
   * @param sockets that there are
   */
  record Door(
      String title,
      int port,
      int backlog,
      List<String> addresses,
      String process,
      String application,
      List<TestPod.Socket> sockets) {}

  /** One request to each of its addresses. */
  void ask() {
    for (var address : is.addresses()) {
      client("ask", is.protocol(), loopback(address), String.valueOf(is.port())).succeed();
    }
  }

  /** Healthy load, until it ends by itself. */
  Command load(Duration time) {
    return client(
            "load",
            is.protocol(),
            loopback(is.addresses().getFirst()),
            String.valueOf(is.port()),
            String.valueOf(time.toSeconds()))
        .within(time.plusMinutes(2));
  }

  /** Connections that send nothing. */
  Command crowd(int count, Duration time) {
    return client(
            "crowd",
            loopback(is.addresses().getFirst()),
            String.valueOf(is.port()),
            String.valueOf(count),
            String.valueOf(time.toSeconds()))
        .within(time.plusMinutes(2));
  }

  private Command client(String... words) {
    return namespace
        .kubectlCommand("exec", pod.name(), "-c", "client", "--", "python3", "/conf/client.py")
        .and(List.of(words));
  }

  /** The version, as the server itself prints it. */
  String version() {
    var printed =
        namespace
            .kubectlCommand("exec", pod.name(), "-c", is.name(), "--")
            .and(is.version())
            .run()
            .text();
    var number = Pattern.compile("\\d+(\\.\\d+)+").matcher(printed);
    return number.find() ? number.group() : "";
  }

  /** The processes that hold its listeners. */
  List<String> pids() {
    return listeners().stream()
        .flatMap(socket -> socket.pids().stream())
        .distinct()
        .map(String::valueOf)
        .toList();
  }

  /** Sends a signal to all of them. */
  void signal(String signal) {
    Command.of("kill", "-" + signal).and(pids()).succeed();
  }

  private static String loopback(String address) {
    return address.equals("[::]") ? "::1" : "127.0.0.1"; // of a dual-stack socket too
  }
}
