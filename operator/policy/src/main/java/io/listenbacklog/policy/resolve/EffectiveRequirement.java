package io.listenbacklog.policy.resolve;

import static java.util.Objects.requireNonNullElse;

import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.StallRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy's spec, or its defaults where no policy selects the pod, with what the pod's annotations
 * override.
 *
 * @param requirement without pods
 * @param problems of the annotations, those among them that only the pod's ports show
 */
record EffectiveRequirement(NodeRequirement requirement, List<AnnotationProblem> problems) {

  static EffectiveRequirement of(
      @Nullable PolicyReference policy,
      BacklogPolicySpec spec,
      PodAnnotations own,
      List<PodFacts.NamedPort> podPorts) {
    var problems = new ArrayList<>(own.problems());
    var ports = ResolvedPorts.of(spec.ports(), podPorts);
    if (own.ports() != null) {
      var ownPorts = ResolvedPorts.of(own.ports(), podPorts);
      ownPorts.unknownNames().forEach(name -> problems.add(unknownName(name)));
      if (!ownPorts.ports().isEmpty()) ports = ownPorts;
    }
    var requirement =
        new NodeRequirement(
            policy,
            requireNonNullElse(own.mode(), spec.mode()),
            own.minimum() == null ? spec.minimum() : own.minimum(),
            spec.maximum(),
            ports.ports(),
            spec.remedies().stream().sorted().distinct().toList(),
            spec.sysctls() == null ? null : spec.sysctls().somaxconn(),
            spec.sysctls() == null ? null : spec.sysctls().tcpMaxSynBacklog(),
            false,
            Math.toIntExact(
                requireNonNullElse(spec.stall(), StallRule.DEFAULT).duration().toMillis()),
            spec.onDelete(),
            List.of());
    return new EffectiveRequirement(requirement, List.copyOf(problems));
  }

  private static AnnotationProblem unknownName(String name) {
    return new AnnotationProblem(
        AnnotationKeys.PORTS, name, "is the name of no TCP port in the pod's containers");
  }
}
