package io.listenbacklog.appconfig.plan;

import io.listenbacklog.appconfig.plan.Situation.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How many of a workload's pods listen. Where one is elected the leader, or only the first of a
 * StatefulSet serves, the others stand by and do not listen; after a rollout the listener may be
 * another pod's.
 *
 * @param pods how many of them do
 * @param silent names of those that do not
 * @param containers whose listeners count; empty: those of all
 */
public record Listening(int pods, List<String> silent, Set<String> containers) {
  /**
   * A pod that is ready, and so long has not listened, stands by: one that begins to listen late is
   * not taken for it.
   */
  static final Duration STANDS_BY_AFTER = Duration.ofMinutes(5);

  /** All of them. */
  static final Listening ALL = new Listening(0, List.of(), Set.of());

  public Listening {
    silent = List.copyOf(silent);
    containers = Set.copyOf(containers);
  }

  /**
   * Which of the silent ones may yet listen, so that nothing can be said of the workload.
   *
   * @param all the workload's pods
   * @param memory how many listened before a change of ours; null: there is none
   * @return a clause for people; empty: those that are silent stand by
   */
  public String awaited(Collection<Pod> all, @Nullable Memory memory, Instant now) {
    if (silent.isEmpty()) return "";
    if (pods == 0) return nothingListensIn(silent.getFirst());
    if (memory != null && memory.listening() > 0) {
      boolean asMany = pods >= Math.min(memory.listening(), pods + silent.size());
      return asMany
          ? ""
          : "%d of its pods listened before, and %d by now".formatted(memory.listening(), pods);
    }
    // All of them did before, and these are new.
    if (memory != null && memory.isUnderWay()) return nothingListensIn(silent.getFirst());
    return silent.stream()
        .filter(name -> all.stream().noneMatch(each -> standsBy(each, name, now)))
        .findFirst()
        .map(this::nothingListensIn)
        .orElse("");
  }

  private static boolean standsBy(Pod pod, String name, Instant now) {
    return pod.name().equals(name)
        && pod.ready()
        && !now.isBefore(pod.created().plus(STANDS_BY_AFTER));
  }

  private String nothingListensIn(String pod) {
    return "nothing of which a backlog is asked listens yet in pod %s%s"
        .formatted(
            pod,
            containers.isEmpty()
                ? ""
                : " (%s)".formatted(String.join(", ", new TreeSet<>(containers))));
  }

  /** For the memory of a change: how many of them listen; 0: all. */
  int remembered() {
    return silent.isEmpty() ? 0 : pods;
  }

  /** As the end of a sentence; empty where all of them do. */
  String text() {
    return silent.isEmpty()
        ? ""
        : "; %d of its %d pods listen%s, the others stand by"
            .formatted(pods, pods + silent.size(), pods == 1 ? "s" : "");
  }
}
