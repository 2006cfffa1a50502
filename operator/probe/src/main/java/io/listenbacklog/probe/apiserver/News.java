package io.listenbacklog.probe.apiserver;

import io.listenbacklog.api.Condition;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.Restoration;
import io.listenbacklog.api.Verdict;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Of whom a status tells something that the one before it did not: another verdict, symptom, remedy
 * or hindrance. Numbers that grow, such as a queue, are none.
 */
final class News {
  /** In place of a pod's uid: the spec that was taken up, or what the probe can do. */
  static final String OF_NODE = "";

  private News() {}

  /**
   * The uids of the pods with news, and {@link #OF_NODE}.
   *
   * @param told null: nothing yet
   */
  static Set<String> of(@Nullable NodeBacklogStatus told, NodeBacklogStatus now) {
    var news = new HashSet<String>();
    if (told == null || !ofNode(told).equals(ofNode(now))) news.add(OF_NODE);
    Map<String, Set<Object>> before = told == null ? Map.of() : byPod(told);
    Map<String, Set<Object>> after = byPod(now);
    for (var each : after.entrySet()) {
      if (!each.getValue().equals(before.get(each.getKey()))) news.add(each.getKey());
    }
    for (String each : before.keySet()) {
      if (!after.containsKey(each)) news.add(each);
    }
    return news;
  }

  private record OfNode(
      @Nullable Long generation, @Nullable String bootId, Map<String, String> capabilities) {}

  private static OfNode ofNode(NodeBacklogStatus status) {
    var capabilities = new HashMap<String, String>();
    for (Condition each : status.capabilities()) capabilities.put(each.type(), each.status());
    return new OfNode(status.observedGeneration(), status.bootId(), capabilities);
  }

  private record OfListener(
      String address,
      String cookie,
      Verdict verdict,
      @Nullable Instant raised,
      @Nullable String hindrance,
      boolean overflowed,
      boolean flooded,
      @Nullable Instant stalled,
      boolean stallOver) {}

  private record OfSysctl(
      String name, long namespace, @Nullable Instant raised, @Nullable String hindrance) {}

  private record OfRestoration(String what, String container, Instant at) {}

  private static Map<String, Set<Object>> byPod(NodeBacklogStatus status) {
    var byPod = new HashMap<String, Set<Object>>();
    for (NodeListener each : status.listeners()) add(byPod, each.pod().uid(), of(each));
    for (NodeSysctl each : status.sysctls()) {
      add(
          byPod,
          each.pod().uid(),
          new OfSysctl(
              each.name(),
              each.networkNamespace(),
              each.remedy() == null ? null : each.remedy().at(),
              each.hindrance() == null ? null : each.hindrance().reason()));
    }
    for (Restoration each : status.restorations()) {
      add(byPod, each.pod().uid(), new OfRestoration(each.what(), each.container(), each.at()));
    }
    return byPod;
  }

  private static void add(Map<String, Set<Object>> byPod, String uid, Object told) {
    byPod.computeIfAbsent(uid, _ -> new HashSet<>()).add(told);
  }

  private static OfListener of(NodeListener listener) {
    var stall = listener.stall();
    return new OfListener(
        listener.address(),
        listener.cookie(),
        Objects.requireNonNull(listener.verdict()),
        listener.remedy() == null ? null : listener.remedy().at(),
        listener.hindrance() == null ? null : listener.hindrance().reason(),
        listener.overflow() != null,
        listener.synFlood() != null,
        stall == null ? null : stall.episode(),
        stall != null && stall.until() != null);
  }
}
