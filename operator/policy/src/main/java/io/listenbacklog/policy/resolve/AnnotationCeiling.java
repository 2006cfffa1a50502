package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.PortRule;
import io.listenbacklog.policy.resolve.limit.Clamp;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The most that the annotations of a pod may ask for: the installation's limit, or what the
 * ClusterBacklogPolicy that governs the pod asks for, if that is more. Records what it clamps.
 */
final class AnnotationCeiling {
  private final Limits limits;
  private final @Nullable CompiledPolicy policy;
  private final List<Clamp> cut = new ArrayList<>();

  AnnotationCeiling(Limits limits, @Nullable CompiledPolicy policy) {
    this.limits = limits;
    this.policy = policy;
  }

  /** What is allowed of a number for every listener. */
  @Nullable Integer lower(@Nullable Integer asked) {
    return asked == null ? null : Math.min(asked, most(null));
  }

  /**
   * What is allowed of a rule.
   *
   * @param of the port, the ports or the path that it is for, for people
   * @param ofPolicy its own rule for the same; null: it has none
   */
  PortRule lower(String of, PortRule rule, @Nullable PortRule ofPolicy) {
    int most = most(ofPolicy);
    Integer minimum = rule.minimum() == null ? null : Math.min(rule.minimum(), most);
    Integer maximum = rule.maximum() == null ? null : Math.min(rule.maximum(), most);
    note(of + " minimum", rule.minimum(), minimum);
    note(of + " maximum", rule.maximum(), maximum);
    return new PortRule(rule.port(), rule.path(), minimum, maximum, rule.exempt());
  }

  /** Records that less holds than was asked for, if so; null: not asked for, or nothing holds. */
  void note(String field, @Nullable Integer asked, @Nullable Integer holds) {
    if (asked == null || holds == null || asked <= holds) return;
    cut.add(new Clamp.Excess(Clamp.Source.ANNOTATIONS, field, asked, holds));
  }

  /** What was cut so far. */
  List<Clamp> cut() {
    return cut;
  }

  private int most(@Nullable PortRule ofPolicy) {
    int most = limits.maxBacklog();
    if (policy == null || !policy.policy().isClusterWide()) return most;
    var spec = policy.limited().spec();
    most = larger(larger(most, spec.minimum()), spec.maximum());
    return ofPolicy == null ? most : larger(larger(most, ofPolicy.minimum()), ofPolicy.maximum());
  }

  private static int larger(int one, @Nullable Integer other) {
    return other == null ? one : Math.max(one, other);
  }
}
