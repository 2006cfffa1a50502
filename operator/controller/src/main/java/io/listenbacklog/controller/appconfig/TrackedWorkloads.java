package io.listenbacklog.controller.appconfig;

import io.listenbacklog.appconfig.plan.Memory;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The workloads that a pass looks at: all that carry a {@link Memory}, also where somebody took
 * that away, and of those that policies ask something of as many as a pass may read.
 */
final class TrackedWorkloads {
  /** The most workloads without a memory that are read in a pass. */
  private static final int MOST_READ = 30;

  private final Workloads workloads;
  private final AppConfigSettings settings;
  private final Clock clock;
  private final NamespaceHolds holds;

  /** What was left on workloads: somebody may take it away. */
  private final Map<WorkloadId, Left> left = new HashMap<>();

  /** When those were read last that nothing was left on. */
  private final Map<WorkloadId, Instant> read = new HashMap<>();

  /**
   * What was left on a workload.
   *
   * @param uid the workload's
   */
  private record Left(String uid, Memory memory) {}

  TrackedWorkloads(
      Workloads workloads, AppConfigSettings settings, Clock clock, NamespaceHolds holds) {
    this.workloads = workloads;
    this.settings = settings;
    this.clock = clock;
    this.holds = holds;
  }

  /** Whether nothing is known to be left on any workload. */
  boolean isEmpty() {
    return left.isEmpty();
  }

  /**
   * Reads them; what is under way comes first, so that it goes on before anything else begins, and
   * of the others those come last whose namespace had its turn last.
   *
   * @param requested those that policies ask something of
   */
  List<LiveWorkload> read(Set<WorkloadId> requested) {
    var live = new TreeMap<WorkloadId, LiveWorkload>(Comparator.comparing(WorkloadId::longName));
    marked().forEach(each -> live.put(each.id(), each));
    addUnmarked(live);
    addRequested(requested, live);
    var busy =
        live.values().stream().filter(this::isUnderWay).map(each -> each.id().namespace()).toList();
    holds.seen(busy, clock.instant());
    return live.values().stream()
        .sorted(
            Comparator.comparing((LiveWorkload each) -> !isUnderWay(each))
                .thenComparing(
                    each -> holds.last(each.id().namespace()),
                    Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(each -> each.id().longName()))
        .toList();
  }

  /** Those that carry a memory now. */
  List<LiveWorkload> marked() {
    return workloads.marked().stream()
        .filter(each -> settings.covers(each.id().namespace()))
        .toList();
  }

  private void addUnmarked(Map<WorkloadId, LiveWorkload> live) {
    for (var each : Map.copyOf(left).entrySet()) {
      WorkloadId id = each.getKey();
      if (live.containsKey(id)) continue;
      String uid = each.getValue().uid();
      Optional<LiveWorkload> found = workloads.get(id).filter(it -> it.uid().equals(uid));
      if (found.isPresent()) live.put(id, found.get());
      else left.remove(id);
    }
  }

  /** Those that were read longest ago. */
  private void addRequested(Set<WorkloadId> requested, Map<WorkloadId, LiveWorkload> live) {
    Instant now = clock.instant();
    read.keySet()
        .retainAll(
            Stream.concat(requested.stream(), live.keySet().stream()).collect(Collectors.toSet()));
    live.keySet().forEach(each -> read.put(each, now));
    requested.stream()
        .filter(each -> !live.containsKey(each))
        .sorted(
            Comparator.comparing((WorkloadId each) -> read.getOrDefault(each, Instant.EPOCH))
                .thenComparing(WorkloadId::longName))
        .limit(MOST_READ)
        .toList()
        .forEach(
            each -> {
              read.put(each, now);
              workloads.get(each).ifPresent(found -> live.put(each, found));
            });
  }

  private boolean isUnderWay(LiveWorkload workload) {
    Memory memory = memory(workload);
    return memory != null && memory.isUnderWay();
  }

  /** What stands on it; or what is known to have been left there, if somebody took that away. */
  @Nullable Memory memory(LiveWorkload workload) {
    if (workload.memory() != null) return workload.memory();
    Left known = left.get(workload.id());
    return known != null && known.uid().equals(workload.uid()) ? known.memory() : null;
  }

  /**
   * What is left on it by now.
   *
   * @param memory null: nothing
   */
  void left(LiveWorkload workload, @Nullable Memory memory) {
    if (memory == null) left.remove(workload.id());
    else left.put(workload.id(), new Left(workload.uid(), memory));
  }
}
