package io.listenbacklog.policy.resolve.limit;

import java.util.Arrays;
import java.util.Optional;

/**
 * What an installation lets namespaces ask for: connections that wait in a queue are charged to no
 * cgroup. A ClusterBacklogPolicy is above it.
 *
 * @param maxBacklog the most that BacklogPolicies and annotations may ask for, as a backlog or as
 *     the floor of a sysctl: 1 to 65535
 * @param annotations how much annotations count
 */
public record Limits(int maxBacklog, Annotations annotations) {

  /** What holds {@code maxBacklog} in the environment of the controller. */
  public static final String MAX_BACKLOG_VARIABLE = "LIMITS_MAX_BACKLOG";

  /** What holds {@code annotations} in the environment of the controller. */
  public static final String ANNOTATIONS_VARIABLE = "LIMITS_ANNOTATIONS";

  /** The kernel's default somaxconn (Linux 5.4), and annotations without restriction. */
  public static final Limits DEFAULT = new Limits(4096, Annotations.ENFORCE);

  /** How much annotations of pods count. */
  public enum Annotations {
    /** As much as a policy. */
    ENFORCE("Enforce"),

    /** They override numbers and ports, but only a policy can lead to mode Enforce. */
    OBSERVE("Observe"),

    /** Not at all. */
    IGNORE("Ignore");

    private final String value;

    Annotations(String value) {
      this.value = value;
    }

    /** The one that a value of {@code limits.annotations} in the chart means; empty: none does. */
    public static Optional<Annotations> of(String value) {
      return Arrays.stream(values()).filter(each -> each.value.equals(value)).findFirst();
    }
  }

  public Limits {
    if (maxBacklog < 1 || maxBacklog > 65535) {
      throw new IllegalArgumentException("not a backlog: " + maxBacklog);
    }
  }
}
