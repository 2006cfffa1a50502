package io.listenbacklog.policy.resolve;

import static java.util.Objects.requireNonNullElse;

import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.PortRule;
import io.listenbacklog.api.StallRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy's spec, or its defaults where no policy selects the pod, with what the pod's annotations
 * override.
 *
 * @param requirement without pods
 * @param problems of the annotations, those among them that only the pod's ports or its policy show
 */
record EffectiveRequirement(NodeRequirement requirement, List<AnnotationProblem> problems) {
  private static final Duration SHORTEST_STALL = Duration.ofSeconds(1);
  private static final Duration LONGEST_STALL = Duration.ofHours(1);

  /**
   * @param policy null: none selects the pod
   */
  static EffectiveRequirement of(
      @Nullable PolicyFacts policy, PodAnnotations own, List<PodFacts.NamedPort> podPorts) {
    BacklogPolicySpec spec = policy == null ? BacklogPolicySpec.DEFAULTS : policy.spec();
    var problems = new ArrayList<>(own.problems());
    Backlogs backlogs = backlogs(spec, own, problems);
    var requirement =
        new NodeRequirement(
            policy == null ? null : policy.reference(),
            requireNonNullElse(own.mode(), spec.mode()),
            backlogs.minimum(),
            backlogs.maximum(),
            ports(spec, own, podPorts, backlogs, problems),
            spec.remedies().stream().sorted().distinct().toList(),
            spec.sysctls() == null ? null : spec.sysctls().somaxconn(),
            spec.sysctls() == null ? null : spec.sysctls().tcpMaxSynBacklog(),
            policy != null && policy.allowNodeSysctls(),
            stallAfterMillis(requireNonNullElse(spec.stall(), StallRule.DEFAULT)),
            spec.onDelete(),
            List.of());
    int said = Math.min(problems.size(), PodAnnotations.MOST_PROBLEMS);
    return new EffectiveRequirement(requirement, List.copyOf(problems.subList(0, said)));
  }

  /** An annotation that contradicts what the policy says besides is reported and ignored. */
  private static Backlogs backlogs(
      BacklogPolicySpec spec, PodAnnotations own, List<AnnotationProblem> problems) {
    Integer minimum = own.minimum();
    Integer maximum = own.maximum();
    if (minimum == null && isBelow(maximum, spec.minimum())) {
      problems.add(
          new AnnotationProblem(
              AnnotationKeys.MAXIMUM,
              String.valueOf(maximum),
              "is below the policy's minimum of " + spec.minimum()));
      maximum = null;
    }
    if (maximum == null && isBelow(spec.maximum(), minimum)) {
      problems.add(
          new AnnotationProblem(
              AnnotationKeys.MINIMUM,
              String.valueOf(minimum),
              "is above the policy's maximum of %d: set %s too"
                  .formatted(spec.maximum(), AnnotationKeys.MAXIMUM)));
      minimum = null;
    }
    return new Backlogs(
        minimum == null ? spec.minimum() : minimum, maximum == null ? spec.maximum() : maximum);
  }

  private static boolean isBelow(@Nullable Integer maximum, @Nullable Integer minimum) {
    return maximum != null && minimum != null && maximum < minimum;
  }

  private static List<NodePort> ports(
      BacklogPolicySpec spec,
      PodAnnotations own,
      List<PodFacts.NamedPort> podPorts,
      Backlogs backlogs,
      List<AnnotationProblem> problems) {
    var ports = ResolvedPorts.of(spec.ports(), podPorts);
    if (own.ports() != null) {
      var ownPorts = ResolvedPorts.of(own.ports(), podPorts);
      ownPorts.unknownNames().forEach(name -> problems.add(unknownName(name)));
      if (!ownPorts.rules().isEmpty()) ports = ownPorts;
    }
    var resolved = new ArrayList<NodePort>();
    ports.rules().forEach((Integer port, PortRule rule) -> resolved.add(backlogs.on(port, rule)));
    return resolved;
  }

  private static AnnotationProblem unknownName(String name) {
    return new AnnotationProblem(
        AnnotationKeys.PORTS, name, "is the name of no TCP port in the pod's containers");
  }

  /** What the API server would have refused must not keep a node from being resolved. */
  private static int stallAfterMillis(StallRule stall) {
    Duration after;
    try {
      after = stall.duration();
    } catch (IllegalArgumentException e) {
      after = StallRule.DEFAULT.duration();
    }
    if (after.compareTo(SHORTEST_STALL) < 0) after = SHORTEST_STALL;
    if (after.compareTo(LONGEST_STALL) > 0) after = LONGEST_STALL;
    return Math.toIntExact(after.toMillis());
  }
}
