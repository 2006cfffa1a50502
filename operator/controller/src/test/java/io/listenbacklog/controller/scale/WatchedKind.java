package io.listenbacklog.controller.scale;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntFunction;

/** The objects of one kind: listed in pages and watched, as an API server does it. */
final class WatchedKind {
  private final CopyOnWriteArrayList<BlockingQueue<String>> watchers = new CopyOnWriteArrayList<>();
  private final int generated;
  private final IntFunction<String> generator;

  /** Those that were put, by key; they come after the generated. */
  private final Map<String, String> objects = new TreeMap<>();

  /**
   * @param generated how many objects there are from the start
   * @param generator makes one of them, as JSON in one line, each time it is asked for
   */
  WatchedKind(int generated, IntFunction<String> generator) {
    this.generated = generated;
    this.generator = generator;
  }

  /** Puts an object, and tells those who watch. */
  synchronized void put(String key, String json) {
    String type = objects.put(key, json) == null ? "ADDED" : "MODIFIED";
    for (var each : watchers) {
      each.add("{\"type\":\"%s\",\"object\":%s}\n".formatted(type, json));
    }
  }

  synchronized int size() {
    return generated + objects.size();
  }

  /** Answers a list or a watch. */
  void answer(HttpExchange exchange, Map<String, String> query) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
      exchange.sendResponseHeaders(200, -1); // The client then watches by plain HTTP.
    } else {
      exchange.sendResponseHeaders(200, 0);
      try (var body = exchange.getResponseBody()) {
        if ("true".equals(query.get("watch"))) {
          watch(body);
        } else {
          list(body, query);
        }
      }
    }
  }

  private void watch(OutputStream body) throws IOException {
    var events = new LinkedBlockingQueue<String>();
    watchers.add(events);
    try {
      body.flush();
      while (true) {
        body.write(events.take().getBytes(StandardCharsets.UTF_8));
        body.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watchers.remove(events);
    }
  }

  private void list(OutputStream body, Map<String, String> query) throws IOException {
    int from = Integer.parseInt(query.getOrDefault("continue", "0"));
    int to = Math.min(generated, from + Integer.parseInt(query.getOrDefault("limit", "1000000")));
    String next = to < generated ? String.valueOf(to) : "";
    var page =
        new StringBuilder(
                "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"")
            .append(next)
            .append("\"},\"items\":[");
    String separator = "";
    for (int i = from; i < to; i++) {
      page.append(separator).append(generator.apply(i));
      separator = ",";
    }
    if (next.isEmpty()) {
      synchronized (this) {
        for (String each : objects.values()) {
          page.append(separator).append(each);
          separator = ",";
        }
      }
    }
    body.write(page.append("]}").toString().getBytes(StandardCharsets.UTF_8));
  }
}
