package io.listenbacklog.policy.resolve;

import static java.util.Objects.requireNonNullElse;

import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePath;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.PortRule;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.policy.resolve.annotation.AnnotationProblem;
import io.listenbacklog.policy.resolve.annotation.PodAnnotations;
import io.listenbacklog.policy.resolve.limit.Clamp;
import io.listenbacklog.policy.resolve.limit.Limits;
import io.listenbacklog.policy.resolve.port.PortRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A policy's spec, or its defaults where no policy selects the pod, with what the pod's annotations
 * override, each as far as the limits allow.
 *
 * @param requirement without pods
 * @param problems of the annotations, those among them that only the pod's ports or its policy show
 * @param clamps what the limits cut: of the policy, then of the annotations
 */
record EffectiveRequirement(
    NodeRequirement requirement, List<AnnotationProblem> problems, List<Clamp> clamps) {

  /**
   * @param policy null: none selects the pod
   */
  static EffectiveRequirement of(
      @Nullable CompiledPolicy policy,
      PodAnnotations own,
      List<PodFacts.NamedPort> podPorts,
      Limits limits) {
    return new Making(policy, own, podPorts, limits).make();
  }

  private static final class Making {
    private final @Nullable PolicyFacts policy;
    private final ClampedSpec limited;
    private final BacklogPolicySpec spec;
    private final PodAnnotations own;
    private final List<PodFacts.NamedPort> podPorts;
    private final Limits limits;
    private final AnnotationCeiling ceiling;
    private final List<AnnotationProblem> problems;

    Making(
        @Nullable CompiledPolicy policy,
        PodAnnotations own,
        List<PodFacts.NamedPort> podPorts,
        Limits limits) {
      this.policy = policy == null ? null : policy.policy();
      this.limited = policy == null ? ClampedSpec.NONE : policy.limited();
      this.spec = limited.spec();
      this.own = own;
      this.podPorts = podPorts;
      this.limits = limits;
      this.ceiling = new AnnotationCeiling(limits, policy);
      this.problems = new ArrayList<>(own.problems());
    }

    EffectiveRequirement make() {
      BacklogRange backlogs = backlogs();
      var requirement =
          new NodeRequirement(
              policy == null ? null : policy.reference(),
              maySwitchTo(own.mode()) ? requireNonNullElse(own.mode(), spec.mode()) : spec.mode(),
              backlogs.minimum(),
              backlogs.maximum(),
              ports(backlogs),
              spec.loopback(),
              spec.unix(),
              paths(),
              ofProbes(spec.remedies()),
              spec.sysctls() == null ? null : spec.sysctls().somaxconn(),
              spec.sysctls() == null ? null : spec.sysctls().tcpMaxSynBacklog(),
              policy != null && policy.allowNodeSysctls(),
              StallThreshold.millis(spec.stall()),
              spec.onDelete(),
              policy != null && !spec.appConfig().isEmpty(),
              List.of());
      int said = Math.min(problems.size(), PodAnnotations.MOST_PROBLEMS);
      return new EffectiveRequirement(
          requirement, List.copyOf(problems.subList(0, said)), clamps());
    }

    /** The probe's remedies: an older probe would not know the others. */
    private static List<Remedy> ofProbes(List<Remedy> remedies) {
      return remedies.stream()
          .filter(each -> each != Remedy.APP_CONFIG)
          .sorted()
          .distinct()
          .toList();
    }

    private boolean maySwitchTo(@Nullable Mode mode) {
      return mode != Mode.ENFORCE
          || spec.mode() == Mode.ENFORCE
          || limits.annotations() == Limits.Annotations.ENFORCE;
    }

    /** An annotation that contradicts what the policy says besides is reported and ignored. */
    private BacklogRange backlogs() {
      Integer minimum = ceiling.lower(own.minimum());
      Integer maximum = ceiling.lower(own.maximum());
      if (minimum == null && isBelow(maximum, spec.minimum())) {
        contradiction(
            AnnotationKeys.MAXIMUM,
            own.maximum(),
            "is below the policy's minimum of " + spec.minimum());
        maximum = null;
      }
      if (maximum == null && isBelow(spec.maximum(), minimum)) {
        contradiction(
            AnnotationKeys.MINIMUM,
            own.minimum(),
            "is above the policy's maximum of %d: set %s too"
                .formatted(spec.maximum(), AnnotationKeys.MAXIMUM));
        minimum = null;
      }
      ceiling.note("minimum", own.minimum(), minimum);
      ceiling.note("maximum", own.maximum(), maximum);
      return new BacklogRange(
          minimum == null ? spec.minimum() : minimum, maximum == null ? spec.maximum() : maximum);
    }

    private static boolean isBelow(@Nullable Integer maximum, @Nullable Integer minimum) {
      return maximum != null && minimum != null && maximum < minimum;
    }

    private void contradiction(String key, @Nullable Integer value, String problem) {
      problems.add(new AnnotationProblem(key, String.valueOf(value), problem));
    }

    private List<NodePort> ports(BacklogRange backlogs) {
      var ofPolicy = ResolvedPorts.of(spec.ports(), podPorts).rules();
      var ofPod = own.ports() == null ? ofPolicy : ownPorts(own.ports(), ofPolicy);
      boolean saysNothing = ofPod.isEmpty() && pathRules(own.ports()).isEmpty();
      var ports = new ArrayList<NodePort>();
      (saysNothing ? ofPolicy : ofPod).forEach((port, rule) -> ports.add(backlogs.on(port, rule)));
      return ports;
    }

    private SortedMap<PortRange, PortRule> ownPorts(
        List<PortRule> rules, SortedMap<PortRange, PortRule> ofPolicy) {
      var resolved = ResolvedPorts.of(rules, podPorts);
      for (String name : resolved.unknownNames()) {
        problems.add(
            new AnnotationProblem(
                AnnotationKeys.PORTS, name, "is the name of no TCP port in the pod's containers"));
      }
      var lowered = new TreeMap<PortRange, PortRule>();
      resolved
          .rules()
          .forEach(
              (port, rule) ->
                  lowered.put(
                      port, ceiling.lower("port " + port.text(), rule, ofPolicy.get(port))));
      return lowered;
    }

    /** Annotations do not apply to UNIX listeners where the policy governs none. */
    private @Nullable List<NodePath> paths() {
      var ofPolicy = pathRules(spec.ports());
      var paths = new ArrayList<NodePath>();
      if (own.ports() == null) {
        ofPolicy.forEach((path, rule) -> paths.add(path(path, rule)));
      }
      pathRules(own.ports())
          .forEach(
              (path, rule) -> {
                if (rule.isExempt() || spec.unix() == UnixListeners.GOVERN) {
                  paths.add(path(path, ceiling.lower("path " + path, rule, ofPolicy.get(path))));
                } else {
                  problems.add(
                      new AnnotationProblem(
                          AnnotationKeys.PORTS,
                          path,
                          "is a UNIX listener, which only a policy with unix: Govern asks for a"
                              + " backlog"));
                }
              });
      return paths;
    }

    private static NodePath path(String path, PortRule rule) {
      return new NodePath(path, rule.minimum(), rule.isExempt());
    }

    /** In order; of two for one path, which the API server rejects, the first. */
    private static Map<String, PortRule> pathRules(@Nullable List<PortRule> rules) {
      var byPath = new LinkedHashMap<String, PortRule>();
      if (rules == null) return byPath;
      for (var each : rules) if (each.path() != null) byPath.putIfAbsent(each.path(), each);
      return byPath;
    }

    private List<Clamp> clamps() {
      var ofPod = new ArrayList<>(ceiling.cut());
      if (!maySwitchTo(own.mode())) ofPod.add(new Clamp.Enforcement());
      if (ofPod.isEmpty()) return limited.clamps(); // One list for all pods of the policy.
      ofPod.addAll(0, limited.clamps());
      return List.copyOf(ofPod);
    }
  }
}
