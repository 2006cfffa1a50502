package io.listenbacklog.controller.scale;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of an API server as the controller talks to, with nodes and pods made up when they are
 * listed. Pods have the size of real ones: 8 KB of JSON each. It says nothing about how fast a real
 * API server is; it shows what the controller itself takes.
 */
final class BigCluster implements AutoCloseable {
  static final String NAMESPACE = "operator";
  private static final String OURS = "/apis/listenbacklog.io/v1alpha1/";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILLER = filler(6_500);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final int nodes;
  private final WatchedKind clusterPolicies = new WatchedKind(0, i -> "");
  private final WatchedKind nodeBacklogs = new WatchedKind(0, i -> "");
  private final Map<String, WatchedKind> kinds;

  /** Generations of the NodeBacklogs, by name. */
  private final Map<String, Integer> generations = new ConcurrentHashMap<>();

  /** How many NodeBacklogs hold something made from the policy's generation so and so. */
  private final Map<String, Integer> policyGenerations = new ConcurrentHashMap<>();

  private final AtomicInteger writes = new AtomicInteger();
  private volatile String lease = "";

  BigCluster(int nodes, int pods) throws IOException {
    this.nodes = nodes;
    kinds =
        Map.of(
            "/api/v1/pods",
            new WatchedKind(pods, this::pod),
            "/api/v1/nodes",
            new WatchedKind(nodes, BigCluster::node),
            "/api/v1/namespaces",
            new WatchedKind(100, BigCluster::namespace),
            OURS + "backlogpolicies",
            new WatchedKind(0, i -> ""),
            OURS + "clusterbacklogpolicies",
            clusterPolicies,
            OURS + "nodebacklogs",
            nodeBacklogs);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** How many NodeBacklogs were written so far, repetitions included. */
  int writes() {
    return writes.get();
  }

  /** How many nodes have requirements of this generation of the policy. */
  long nodesAt(int policyGeneration) {
    return policyGenerations.values().stream().filter(each -> each == policyGeneration).count();
  }

  /** Creates the one policy, or changes it. */
  void putPolicy(int generation, int minimum) {
    clusterPolicies.put(
        "all",
        """
        {"apiVersion":"listenbacklog.io/v1alpha1","kind":"ClusterBacklogPolicy","metadata":{"name":"all","uid":"p-1",\
        "generation":%d,"resourceVersion":"%d","creationTimestamp":"2026-11-22T10:00:00Z"},"spec":{"minimum":%d}}"""
            .formatted(generation, 1000 + generation, minimum));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      WatchedKind kind = kinds.get(path);
      if (kind != null) {
        kind.answer(exchange, query(exchange));
      } else if (path.startsWith(OURS + "nodebacklogs/")) {
        nodeBacklog(exchange, path.substring(path.lastIndexOf('/') + 1));
      } else if (path.contains("/leases")) {
        lease(exchange);
      } else {
        // A status or an Event: it is as it was sent.
        send(
            exchange,
            200,
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  private void nodeBacklog(HttpExchange exchange, String name) throws IOException {
    var backlog = (ObjectNode) JSON.readTree(exchange.getRequestBody());
    int generation = generations.merge(name, 1, Integer::sum);
    ((ObjectNode) backlog.get("metadata"))
        .put("uid", "nb-" + name)
        .put("generation", generation)
        .put("resourceVersion", String.valueOf(10_000 + writes.incrementAndGet()));
    String json = backlog.toString();
    int policy = backlog.at("/spec/requirements/0/policy/generation").asInt();
    policyGenerations.put(name, policy);
    nodeBacklogs.put(name, json);
    send(exchange, 200, json);
  }

  private void lease(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("GET")) {
      send(
          exchange, lease.isEmpty() ? 404 : 200, lease.isEmpty() ? "{\"kind\":\"Status\"}" : lease);
    } else {
      lease = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      send(exchange, 200, lease);
    }
  }

  private static void send(HttpExchange exchange, int code, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
  }

  private static Map<String, String> query(HttpExchange exchange) {
    var query = new HashMap<String, String>();
    String raw = exchange.getRequestURI().getRawQuery();
    if (raw == null) return query;
    for (String each : raw.split("&", -1)) {
      int equals = each.indexOf('=');
      query.put(
          each.substring(0, equals),
          URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return query;
  }

  private String pod(int i) {
    String app = "app-" + i / 30;
    return """
    {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"team-%d","name":"%s-6d4cf56db6-%05d","uid":"%s",\
    "resourceVersion":"%d","creationTimestamp":"2026-11-22T10:00:00Z","labels":{"app.kubernetes.io/name":"%s",\
    "app.kubernetes.io/instance":"%s","team":"team-%d","tier":"back","pod-template-hash":"6d4cf56db6"},\
    "annotations":{"checksum/config":"4c2f"},"managedFields":[{"manager":"kubelet","fieldsV1":{"f:x":"%s"}}]},\
    "spec":{"nodeName":"node-%d","containers":[{"name":"main","image":"registry.example/%s:1.2.3",\
    "ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}]}]},\
    "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}"""
        .formatted(
            i % 100,
            app,
            i,
            UUID.nameUUIDFromBytes(("pod-" + i).getBytes(StandardCharsets.UTF_8)),
            i + 100,
            app,
            app,
            i % 100,
            FILLER,
            i % nodes,
            app);
  }

  private static String node(int i) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"node-%d\",\"uid\":\"n-%d\",\"resourceVersion\":\"5\",\"annotations\":{\"x\":\"%s\"}}}"
        .formatted(i, i, FILLER);
  }

  private static String namespace(int i) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"team-%d\",\"uid\":\"ns-%d\",\"resourceVersion\":\"5\"}}"
        .formatted(i, i);
  }

  private static String filler(int length) {
    return "f:containers ".repeat(length / 13 + 1).substring(0, length);
  }
}
