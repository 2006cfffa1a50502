package io.listenbacklog.cli;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.PortRule;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.port.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to apply so that pods get the numbers that they need, and lose nothing of what holds for
 * them now: policies are never mixed, so whatever the present one asks for is in this one too.
 *
 * @param name no other policy's
 * @param labels of the policy itself
 * @param governing the policy that governs these pods now; null: none, as far as is known
 * @param ports the numbers, by port ascending
 * @param spec its ports begin with those that are wanted, in the same order; without anything of
 *     the application's configuration
 */
record RecommendedPolicy(
    Alike pods,
    String name,
    Map<String, String> labels,
    @Nullable PolicyFacts governing,
    List<Recommendation> ports,
    BacklogPolicySpec spec) {

  /** Entries of ports that a policy may have, as its schema says. */
  static final int MOST_RULES = 64;

  private static final int HIGHEST_PRIORITY = 1_000_000;

  /**
   * For pods that are alike.
   *
   * @param pod one of them; null: none is known, and so nothing of what governs them
   * @param isTaken names of policies that are others
   */
  static RecommendedPolicy of(
      Alike pods,
      List<Recommendation> ports,
      @Nullable PodFacts pod,
      PoliciesInForce policies,
      Predicate<String> isTaken) {
    var governing = pod == null ? null : policies.governing(pod);
    var selector = new LabelSelectorBuilder().withMatchLabels(pods.labels()).build();
    var now = governing == null ? BacklogPolicySpec.DEFAULTS : governing.spec();
    var rules = rules(wanted(ports), now, port -> policies.demand(pod, port));
    if (governing != null && !governing.isClusterWide() && isFor(pods, now.selector())) {
      return new RecommendedPolicy(
          pods,
          governing.reference().name(),
          policies.labelsOf(governing),
          governing,
          ports,
          spec(now, now.priority(), selector, rules));
    }
    boolean mustPrecede = governing != null && !governing.isClusterWide();
    int priority = mustPrecede ? Math.min(HIGHEST_PRIORITY, now.priority() + 1) : 0;
    return new RecommendedPolicy(
        pods,
        free(pods.name(), isTaken),
        Map.of(),
        governing,
        ports,
        spec(now, priority, selector, rules));
  }

  private static String free(String name, Predicate<String> isTaken) {
    return Stream.concat(
            Stream.of(name, name + "-recommended"),
            Stream.iterate(2, at -> at + 1).map(at -> name + "-recommended-" + at))
        .filter(isTaken.negate())
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFor(Alike pods, @Nullable LabelSelector selector) {
    return selector != null
        && pods.labels().equals(selector.getMatchLabels())
        && Objects.requireNonNullElse(selector.getMatchExpressions(), List.of()).isEmpty();
  }

  private static List<Recommendation> wanted(List<Recommendation> ports) {
    return ports.stream().filter(each -> each.minimum() > 0).toList();
  }

  /** Those that are wanted, and of the present ones what they do not take the place of. */
  private static List<PortRule> rules(
      List<Recommendation> wanted, BacklogPolicySpec now, Function<Place.Port, Demand> demand) {
    var rules = new ArrayList<PortRule>();
    for (var each : wanted) {
      var maximum = maximum(demand.apply(new Place.Port(each.port(), false)), each.minimum());
      rules.add(
          new PortRule(
              new IntOrString(each.port()),
              each.minimum(),
              Objects.equals(maximum, now.maximum()) ? null : maximum,
              null));
    }
    now.ports().stream()
        .filter(rule -> wanted.stream().noneMatch(each -> isOf(rule, each.port())))
        .forEach(rules::add);
    return rules;
  }

  /**
   * How far such listeners may grow now, by whatever rule; null: not at all, or not above the
   * number that is wanted.
   */
  private static @Nullable Integer maximum(Demand now, int minimum) {
    return now instanceof Demand.AtLeast(_, int maximum) && maximum >= minimum ? maximum : null;
  }

  /** Whether a rule is of this port alone, by its number. */
  private static boolean isOf(PortRule rule, int port) {
    return rule.port() != null && PortRange.of(port).equals(PortRange.of(rule.port()));
  }

  private static BacklogPolicySpec spec(
      BacklogPolicySpec now, int priority, LabelSelector selector, List<PortRule> rules) {
    return new BacklogPolicySpec(
        now.mode(),
        priority,
        selector,
        now.minimum(),
        now.maximum(),
        rules,
        now.loopback(),
        now.unix(),
        now.remedies(),
        now.sysctls(),
        now.stall(),
        now.onDelete());
  }

  /** The ports of which more is to be asked. */
  List<Recommendation> wanted() {
    return wanted(ports);
  }

  /** The ports of which nothing more is to be asked: what there is suffices, or they are exempt. */
  List<Recommendation> others() {
    return ports.stream().filter(each -> each.minimum() == 0).toList();
  }

  /** Whether it has more entries of ports than a policy may have. */
  boolean isTooLong() {
    return spec.ports().size() > MOST_RULES;
  }

  /** Whether the policy that governs the pods is changed, and none is added. */
  boolean isChange() {
    return governing != null
        && pods.namespace().equals(governing.reference().namespace())
        && name.equals(governing.reference().name());
  }

  /**
   * Whether the policy that governs the pods does more for them than another policy beside it could
   * go on with: it changes configuration, or the node's own sysctls.
   */
  boolean isToBeEdited() {
    return governing != null
        && (!governing.spec().appConfig().isEmpty() || governing.allowNodeSysctls());
  }
}
