package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.listenbacklog.appconfig.plan.Situation;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes {@link Situation.Pod}s of what the API server answers. */
final class LivePods {
  static Situation.Pod of(Pod pod) {
    List<ContainerStatus> statuses =
        pod.getStatus() == null
            ? List.of()
            : Stream.concat(
                    pod.getStatus().getContainerStatuses().stream(),
                    pod.getStatus().getInitContainerStatuses().stream())
                .toList();
    boolean ready =
        pod.getStatus() != null
            && pod.getStatus().getConditions().stream()
                .anyMatch(
                    each -> each.getType().equals("Ready") && each.getStatus().equals("True"));
    return new Situation.Pod(
        pod.getMetadata().getName(),
        Instant.parse(pod.getMetadata().getCreationTimestamp()),
        ready,
        statuses.stream()
            .mapToInt(each -> requireNonNullElse(each.getRestartCount(), 0))
            .max()
            .orElse(0),
        statuses.stream()
            .map(LivePods::crash)
            .filter(each -> !each.isEmpty())
            .findFirst()
            .orElse(""),
        statuses.stream()
            .map(LivePods::ended)
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElse(null));
  }

  /** Whether it is down, and not for the first time. */
  private static String crash(ContainerStatus status) {
    var state = status.getState();
    if (state == null) return "";
    if (state.getWaiting() != null && "CrashLoopBackOff".equals(state.getWaiting().getReason())) {
      var last = status.getLastState() == null ? null : status.getLastState().getTerminated();
      return last == null
          ? "container %s crashes again and again".formatted(status.getName())
          : "container %s ended with exit code %d".formatted(status.getName(), last.getExitCode());
    }
    if (state.getTerminated() != null && state.getTerminated().getExitCode() != 0) {
      return "container %s ended with exit code %d"
          .formatted(status.getName(), state.getTerminated().getExitCode());
    }
    return "";
  }

  private static @Nullable Instant ended(ContainerStatus status) {
    var last = status.getLastState() == null ? null : status.getLastState().getTerminated();
    return last == null || last.getFinishedAt() == null
        ? null
        : Instant.parse(last.getFinishedAt());
  }

  private LivePods() {}
}
