package io.listenbacklog.policy.status;

import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.api.AppConfigStatus;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How far what a policy asks of applications' configuration is.
 *
 * @param entries those that need attention first, at most {@link #MOST_ENTRIES}
 * @param workloads how many there are in each phase
 * @param notGranted what the installation does not let the operator do, a clause for people; empty:
 *     nothing
 */
public record AppConfigView(
    List<AppConfigStatus> entries, Map<AppConfigPhase, Integer> workloads, String notGranted) {

  /** As the API says of {@code status.appConfig}. */
  public static final int MOST_ENTRIES = 20;

  public AppConfigView {
    entries = List.copyOf(entries);
    workloads = Map.copyOf(workloads);
  }

  int count(AppConfigPhase... phases) {
    int count = 0;
    for (AppConfigPhase each : phases) count += workloads.getOrDefault(each, 0);
    return count;
  }

  int count() {
    return workloads.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** None yet. */
  public static AppConfigView notGranted(String what) {
    return new AppConfigView(List.of(), new EnumMap<>(AppConfigPhase.class), what);
  }
}
