package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.PortRule;
import io.listenbacklog.api.Sysctls;
import io.listenbacklog.policy.resolve.limit.Clamp;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy's spec with what the limits leave of it.
 *
 * @param clamps what they cut, in the order of the fields
 */
record ClampedSpec(BacklogPolicySpec spec, List<Clamp> clamps) {

  /** Where no policy selects a pod. */
  static final ClampedSpec NONE = new ClampedSpec(BacklogPolicySpec.DEFAULTS, List.of());

  ClampedSpec {
    clamps = List.copyOf(clamps);
  }

  static ClampedSpec of(PolicyFacts policy, Limits limits) {
    return policy.isClusterWide()
        ? new ClampedSpec(policy.spec(), List.of())
        : new Cut(limits.maxBacklog()).of(policy.spec());
  }

  private static final class Cut {
    private final int most;
    private final List<Clamp> clamps = new ArrayList<>();

    Cut(int most) {
      this.most = most;
    }

    ClampedSpec of(BacklogPolicySpec spec) {
      var limited =
          new BacklogPolicySpec(
              spec.mode(),
              spec.priority(),
              spec.selector(),
              cut("minimum", spec.minimum()),
              cut("maximum", spec.maximum()),
              spec.ports().stream().map(this::of).toList(),
              spec.loopback(),
              spec.unix(),
              spec.remedies(),
              spec.sysctls() == null ? null : of(spec.sysctls()),
              spec.stall(),
              spec.onDelete(),
              spec.appConfig(),
              spec.rollout());
      return new ClampedSpec(limited, clamps);
    }

    private PortRule of(PortRule rule) {
      String port = rule.port() == null ? "path " + rule.path() : "port " + rule.port().getValue();
      return new PortRule(
          rule.port(),
          rule.path(),
          cut(port + " minimum", rule.minimum()),
          cut(port + " maximum", rule.maximum()),
          rule.exempt());
    }

    private Sysctls of(Sysctls sysctls) {
      return new Sysctls(
          cut("sysctls.somaxconn", sysctls.somaxconn()),
          cut("sysctls.tcpMaxSynBacklog", sysctls.tcpMaxSynBacklog()));
    }

    private @Nullable Integer cut(String field, @Nullable Integer asked) {
      if (asked == null || asked <= most) return asked;
      clamps.add(new Clamp.Excess(Clamp.Source.POLICY, field, asked, most));
      return most;
    }
  }
}
