package io.listenbacklog.controller.cluster;

import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.Contention;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.Omitted;
import io.listenbacklog.api.PodBacklogs;
import io.listenbacklog.api.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of what a node reports. A status may have 1.5 MB, and there are thousands of nodes:
 * what no longer leads to an Event or a status is dropped, such as a listener that was raised days
 * ago and is well since; the rest is bounded for each node and for all. Where there is too much,
 * the worst listener of each pod is kept before the second of any. The counts of the policies are
 * kept whole, so that what is not kept is counted.
 */
final class SlimStatus {
  /** Bytes of the heap for what one node reports: more than its probe writes. */
  static final int BYTES_OF_NODE = 3_000_000;

  /** Bytes for all nodes together; above that each still has {@link #SURE_BYTES_OF_NODE}. */
  static final long BYTES = 64_000_000;

  /** A dozen listeners. */
  static final int SURE_BYTES_OF_NODE = 20_000;

  /** What was done longer ago is in no Event any longer. */
  private static final Duration HISTORY = Duration.ofHours(1);

  private static final int LISTENER = 1_300;
  private static final int PEAK = 60;
  private static final int STALL = 500;
  private static final int THREAD = 400;
  private static final int OTHER = 700;
  private static final int POD = 400;
  private static final int CONTAINER = 150;

  private static final Comparator<NodeListener> WORST_FIRST =
      Comparator.comparing((NodeListener each) -> !each.hasSymptom())
          .thenComparing(each -> !each.verdict().undersized())
          .thenComparingInt(each -> each.backlog() - each.required())
          .thenComparing(NodeListener::address)
          .thenComparing(NodeListener::cookie);

  private SlimStatus() {}

  /**
   * What is kept of a status.
   *
   * @param most bytes of the heap, about
   */
  static NodeBacklogStatus of(NodeBacklogStatus whole, int most, Instant now) {
    var since = now.minus(HISTORY);
    var sysctls = whole.sysctls().stream().filter(each -> !isOver(each, since)).toList();
    var listeners = whole.listeners().stream().filter(each -> !isOver(each, since)).toList();
    int forOthers = most / 4;
    var pods =
        whole.pods() == null
            ? null
            : shared(whole.pods(), each -> each.pod().uid(), null, SlimStatus::bytes, forOthers);
    return new NodeBacklogStatus(
        whole.observedGeneration(),
        whole.bootId(),
        whole.capabilities(),
        whole.policies(),
        shared(listeners, each -> each.pod().uid(), WORST_FIRST, SlimStatus::bytes, most),
        shared(sysctls, each -> each.pod().uid(), null, SlimStatus::bytes, forOthers),
        shared(
            whole.restorations(),
            each -> each.pod().uid(),
            null,
            each -> OTHER + each.what().length(),
            forOthers),
        pods,
        omitted(whole, pods));
  }

  /** What is left out here is told as what the probe left out: neither is known of a pod. */
  private static @Nullable Omitted omitted(
      NodeBacklogStatus whole, @Nullable List<PodBacklogs> kept) {
    Omitted before = whole.omitted();
    int dropped = whole.pods() == null || kept == null ? 0 : whole.pods().size() - kept.size();
    if (dropped == 0) return before;
    if (before == null) return new Omitted(0, 0, 0, dropped);
    int already = before.pods() == null ? 0 : before.pods();
    return new Omitted(
        before.listeners(), before.sysctls(), before.restorations(), already + dropped);
  }

  /** Bytes of heap of the part that can be large. */
  static int bytes(@Nullable NodeBacklogStatus status) {
    if (status == null) return 0;
    int bytes = OTHER * (status.policies().size() + status.restorations().size());
    for (NodeListener each : status.listeners()) bytes += bytes(each);
    for (NodeSysctl each : status.sysctls()) bytes += bytes(each);
    if (status.pods() != null) for (PodBacklogs each : status.pods()) bytes += bytes(each);
    return bytes;
  }

  private static int bytes(PodBacklogs pod) {
    return POD + CONTAINER * pod.containers().size();
  }

  /** Whether nothing of it is to be told, by an Event or by a policy. */
  private static boolean isOver(NodeListener listener, Instant since) {
    return listener.verdict() == Verdict.SUFFICIENT
        && !listener.hasSymptom()
        && listener.growth() == null
        && isOver(listener.remedy(), listener.hindrance(), listener.contest(), since);
  }

  private static boolean isOver(NodeSysctl sysctl, Instant since) {
    return isOver(sysctl.remedy(), sysctl.hindrance(), sysctl.contest(), since);
  }

  private static boolean isOver(
      @Nullable AppliedRemedy remedy,
      @Nullable Hindrance hindrance,
      @Nullable Contention contest,
      Instant since) {
    return remedy != null && remedy.at().isBefore(since) && hindrance == null && contest == null;
  }

  private static int bytes(NodeListener listener) {
    int bytes = LISTENER + listener.address().length() + listener.process().length();
    if (listener.hindrance() != null) bytes += OTHER + listener.hindrance().message().length();
    if (listener.peak() != null) bytes += PEAK;
    if (listener.overflow() != null) bytes += OTHER;
    if (listener.synFlood() != null) bytes += OTHER;
    if (listener.stall() == null) return bytes;
    bytes += STALL;
    for (var each : listener.stall().threads()) {
      bytes += THREAD + (each.target() == null ? 0 : each.target().length());
    }
    return bytes;
  }

  private static int bytes(NodeSysctl sysctl) {
    int message = sysctl.hindrance() == null ? 0 : sysctl.hindrance().message().length();
    return OTHER + message;
  }

  /** All, if there is room; else the first of each pod, then the second of each, and so on. */
  private static <T> List<T> shared(
      List<T> all,
      Function<T, String> pod,
      @Nullable Comparator<T> worst,
      ToIntFunction<T> size,
      int most) {
    long bytes = 0;
    for (T each : all) bytes += size.applyAsInt(each);
    if (bytes <= most) return all;
    var turns = new ArrayList<Turn<T>>();
    Map<String, Integer> ofPod = new HashMap<>();
    for (T each : worst == null ? all : all.stream().sorted(worst).toList()) {
      turns.add(new Turn<>(each, ofPod.merge(pod.apply(each), 1, Integer::sum)));
    }
    turns.sort(Comparator.comparingInt(Turn::turn));
    var kept = new ArrayList<T>();
    int left = most;
    for (var each : turns) {
      left -= size.applyAsInt(each.of());
      if (left < 0) break;
      kept.add(each.of());
    }
    return kept;
  }

  private record Turn<T>(T of, int turn) {}
}
