package io.listenbacklog.cli;

import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.policy.event.kind.ListenerNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The backlog to ask for at one port of similar pods, and the reasons.
 *
 * @param port 1 to 65535
 * @param minimum the backlog to ask for; 0: what there is suffices, or is asked for already
 * @param limit the least that any of the listeners has
 * @param asked the most that is asked for already, by a policy or an annotation; 0: nothing is
 * @param listeners how many were looked at
 * @param peak the longest queue of any; null: an older probe, which keeps none
 * @param peakPod whose that was; empty: nobody's
 * @param peakAt when that was; null: not known
 * @param overflows connection attempts that were dropped for a full queue, of all; null: not known
 *     of any
 * @param overflowedLimit the most that any of them had when that was seen last; null: not known
 * @param watchedSeconds how long that was looked at least, of any; null: not known
 * @param memoryBytes what a full queue of {@code minimum} may take of the kernel's memory, at most;
 *     null: not known
 * @param isCut whether more would be asked for if it could be
 * @param isExempt whether a policy promises never to change any of the listeners
 */
record Recommendation(
    int port,
    int minimum,
    long limit,
    long asked,
    int listeners,
    @Nullable Long peak,
    String peakPod,
    @Nullable Instant peakAt,
    @Nullable Long overflows,
    @Nullable Long overflowedLimit,
    @Nullable Double watchedSeconds,
    @Nullable Long memoryBytes,
    boolean isCut,
    boolean isExempt) {

  /** As much as namespaces may ask for where the chart's limits are the default ones. */
  static final int MOST = 4096;

  /** What most servers ask for by themselves, and a burst of a busy client fills. */
  static final int LEAST = 64;

  /** A queue that never was fuller than half has room for a burst twice as large. */
  private static final int ROOM = 2;

  /**
   * For each port of pods that are alike, ascending.
   *
   * @param listeners those of all of these pods
   * @param isExempt whether a policy promises never to change the listeners at a port, or at one of
   *     the loopback: of these nothing is concluded for others
   */
  static List<Recommendation> of(List<ListenerFigures> listeners, Predicate<Place.Port> isExempt) {
    Map<Integer, List<ListenerFigures>> byPort = new TreeMap<>();
    for (var each : listeners) {
      port(each.address())
          .ifPresent(port -> byPort.computeIfAbsent(port, _ -> new ArrayList<>()).add(each));
    }
    return byPort.entrySet().stream()
        .map(each -> of(each.getKey(), each.getValue(), isExempt))
        .toList();
  }

  private static Recommendation of(
      int port, List<ListenerFigures> listeners, Predicate<Place.Port> isExempt) {
    var changeable =
        listeners.stream()
            .filter(
                each ->
                    !isExempt.test(new Place.Port(port, ListenerNames.isLoopback(each.address()))))
            .toList();
    return changeable.isEmpty() ? of(port, listeners, true) : of(port, changeable, false);
  }

  private static Recommendation of(int port, List<ListenerFigures> listeners, boolean exempt) {
    long limit = listeners.stream().mapToLong(ListenerFigures::limit).min().orElse(0);
    var fullest =
        listeners.stream()
            .filter(each -> each.peak() != null)
            .max(Comparator.comparingLong((ListenerFigures each) -> orZero(each.peak())));
    long peak = fullest.map(each -> orZero(each.peak())).orElse(0L);
    long asked = listeners.stream().mapToLong(ListenerFigures::required).max().orElse(0);
    long needed = needed(listeners);
    int minimum = (int) Math.min(MOST, needed);
    boolean suffices = exempt || minimum <= limit || minimum <= asked;
    return new Recommendation(
        port,
        suffices ? 0 : minimum,
        limit,
        asked,
        listeners.size(),
        fullest.isPresent() ? Long.valueOf(peak) : null,
        peak == 0 ? "" : fullest.map(ListenerFigures::pod).orElse(""),
        fullest.map(ListenerFigures::peakAt).orElse(null),
        sum(listeners.stream().map(ListenerFigures::overflows)),
        listeners.stream()
            .map(ListenerFigures::overflowedLimit)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null),
        watched(listeners),
        suffices ? null : memory(listeners, minimum),
        !exempt && needed > MOST,
        exempt);
  }

  /** Null where none is known. */
  private static @Nullable Long sum(Stream<@Nullable Long> figures) {
    return figures.filter(Objects::nonNull).reduce(Long::sum).orElse(null);
  }

  /** Null where it is not known of all. */
  private static @Nullable Double watched(List<ListenerFigures> listeners) {
    double least = Double.MAX_VALUE;
    for (var each : listeners) {
      var seconds = each.watchedSeconds();
      if (seconds == null) return null;
      least = Math.min(least, seconds);
    }
    return least;
  }

  private static long orZero(@Nullable Long value) {
    return value == null ? 0 : value;
  }

  /**
   * Of listeners that are alike: each may get as many as any. On the loopback is somebody else,
   * such as a sidecar, though the port be the same.
   */
  private static long needed(List<ListenerFigures> listeners) {
    return listeners.stream()
        .collect(Collectors.partitioningBy(each -> ListenerNames.isLoopback(each.address())))
        .values()
        .stream()
        .mapToLong(Recommendation::neededOfAlike)
        .max()
        .orElse(0);
  }

  /**
   * A power of two with room for twice what was seen. Where connections were dropped, how many more
   * would have waited is unknown: as many again as the queue could hold then are assumed. 0: what
   * each has suffices.
   */
  private static long neededOfAlike(List<ListenerFigures> listeners) {
    long needed = 0;
    long most = 0;
    long limit = Long.MAX_VALUE;
    for (var each : listeners) {
      long peak = orZero(each.peak());
      if (each.dropped() > 0) {
        long then = each.overflowedLimit() == null ? each.limit() : each.overflowedLimit();
        needed = Math.max(needed, power(ROOM * Math.max(peak, then)));
      }
      most = Math.max(most, peak);
      limit = Math.min(limit, each.limit());
    }
    return most * ROOM > limit ? Math.max(needed, power(ROOM * most)) : needed;
  }

  private static long power(long atLeast) {
    long power = Long.highestOneBit(Math.max(1, atLeast));
    return Math.max(LEAST, power < atLeast ? power * 2 : power);
  }

  private static @Nullable Long memory(List<ListenerFigures> listeners, int minimum) {
    return listeners.stream()
        .filter(each -> each.memoryBytes() != null)
        .map(each -> Math.ceilDiv(orZero(each.memoryBytes()), each.limit() + 1) * (minimum + 1))
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  /** Empty: it has none, for it is a UNIX listener. */
  private static Optional<Integer> port(String address) {
    int port = ListenerNames.port(address);
    return port < 1 || port > 65535 ? Optional.empty() : Optional.of(port);
  }

  /** The reasons, and over which time. */
  String evidence() {
    var parts = new ArrayList<String>();
    if (isExempt) parts.add("exempt");
    parts.add(
        listeners == 1
            ? "limit %d now".formatted(limit)
            : "limit %d now, the least of %d listeners".formatted(limit, listeners));
    if (peak == null) parts.add("no peak is known (an older probe, or no right to ask it)");
    else if (peak == 0) parts.add("nobody was ever seen to wait");
    else {
      parts.add(
          "at most %d waited (%s%s)"
              .formatted(peak, peakPod, peakAt == null ? "" : " at " + peakAt));
    }
    parts.add(overflowed());
    parts.add(
        watchedSeconds == null
            ? "not known for how long"
            : "looked for " + Top.seconds(watchedSeconds) + (watchedSeconds < 3600 ? " only" : ""));
    if (asked > 0) parts.add("asked for already: " + asked);
    if (isCut) parts.add("more is wanted than the %d that namespaces may ask for".formatted(MOST));
    if (memoryBytes != null) {
      parts.add("a full queue may hold %s of kernel memory".formatted(Top.bytes(memoryBytes)));
    }
    return String.join("; ", parts);
  }

  private String overflowed() {
    if (overflows == null) return "overflows are not known here";
    if (overflows == 0) return "no overflow";
    String dropped =
        "%d connection attempts dropped for a full queue, at most".formatted(overflows);
    return overflowedLimit == null || overflowedLimit == limit
        ? dropped
        : "%s (the limit was %d then)".formatted(dropped, overflowedLimit);
  }

  /** Of listeners those of each group. */
  static <K> Map<K, List<ListenerFigures>> grouped(
      List<ListenerFigures> listeners, Function<ListenerFigures, Optional<K>> group) {
    Map<K, List<ListenerFigures>> groups = new LinkedHashMap<>();
    for (var each : listeners) {
      group
          .apply(each)
          .ifPresent(key -> groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(each));
    }
    return groups;
  }
}
