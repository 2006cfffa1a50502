package io.listenbacklog.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.PortRule;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.policy.resolve.NamespaceFacts;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.Resolver;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed governs once it is applied, and takes nothing away. */
class RecommendedPolicyTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final Alike WEB = new Alike("shop", "web", Map.of("app", "web"));

  private static final Pod POD =
      YAML.unmarshal(
          """
          apiVersion: v1
          kind: Pod
          metadata: {namespace: shop, name: web-1, uid: u-web-1, labels: {app: web}}
          spec:
            containers:
            - {name: web, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}]}
          status: {phase: Running}
          """,
          Pod.class);

  private static BacklogPolicy policy(String name, String spec) {
    return YAML.unmarshal(
        """
        apiVersion: listenbacklog.io/v1alpha1
        kind: BacklogPolicy
        metadata: {name: %1$s, namespace: shop, uid: u-%1$s, generation: 1, creationTimestamp: '2026-11-22T10:00:00Z', labels: {team: a}}
        spec: %2$s
        """
            .formatted(name, spec),
        BacklogPolicy.class);
  }

  private static PoliciesInForce inForce(BacklogPolicy... policies) {
    var facts = new ArrayList<PolicyFacts>();
    for (var each : policies) facts.add(PolicyFacts.of(each));
    return new PoliciesInForce(facts, List.of(), Map.of("u-web", Map.of("team", "a")), List.of());
  }

  private static Recommendation wanted(int port, int minimum) {
    return new Recommendation(
        port, minimum, 5, 0, 1, 6L, "web-1", null, 34L, 5L, 9e3, null, false, false);
  }

  /** Of a listener whose queue was more than half full. */
  private static RecommendedPolicy seen(PoliciesInForce inForce, String... addresses) {
    var pod = PodFacts.of(POD);
    var figures =
        Stream.of(addresses)
            .map(
                each ->
                    new ListenerFigures(
                        "n", "shop", "web-1", "web", each, "7", 0L, 5, 0, 3L, null, 0L, null, null,
                        0, 9e3, null))
            .toList();
    var ports =
        Recommendation.of(figures, port -> inForce.demand(pod, port) instanceof Demand.Exempt);
    return RecommendedPolicy.of(WEB, ports, pod, inForce, name -> inForce.isTaken("shop", name));
  }

  private static RecommendedPolicy of(PoliciesInForce inForce, Recommendation... wanted) {
    return RecommendedPolicy.of(
        WEB, List.of(wanted), PodFacts.of(POD), inForce, name -> inForce.isTaken("shop", name));
  }

  /** As kubectl would send it, an hour later. */
  private static BacklogPolicy applied(RecommendedPolicy policy) {
    String text = Recommend.text(List.of(policy));
    var applied = YAML.unmarshal(text, BacklogPolicy.class);
    applied.getMetadata().setUid("u-applied");
    applied.getMetadata().setGeneration(1L);
    applied.getMetadata().setCreationTimestamp("2026-11-22T11:00:00Z");
    return applied;
  }

  /** What governs the pod when a policy was applied beside, or in the place of, those in force. */
  private static PolicyFacts governingWith(PoliciesInForce inForce, BacklogPolicy applied) {
    var all = new ArrayList<PolicyFacts>();
    for (var each : inForce.all()) {
      boolean isReplaced =
          "shop".equals(each.reference().namespace())
              && each.reference().name().equals(applied.getMetadata().getName());
      if (!isReplaced) all.add(each);
    }
    all.add(PolicyFacts.of(applied));
    return new Resolver(Limits.DEFAULT, all, List.of())
        .resolve(PodFacts.of(POD))
        .selectedBy()
        .getFirst();
  }

  @Test
  void itGovernsWhereAPolicyOfTheWholeNamespaceDoes() {
    var inForce = inForce(policy("look", "{mode: Observe, selector: {}}"));

    var applied = applied(of(inForce, wanted(8080, 64)));

    assertThat(governingWith(inForce, applied).reference().uid()).isEqualTo("u-applied");
    assertThat(applied.getSpec().priority()).isEqualTo(1);
    assertThat(applied.getSpec().ports().getFirst().minimum()).isEqualTo(64);
  }

  @Test
  void whatThatPolicyAsksForIsAskedForOn() {
    var inForce =
        inForce(
            policy(
                "all",
                "{mode: Enforce, priority: 7, selector: {}, minimum: 64, maximum: 512, loopback: Exempt, unix: Govern,"
                    + " remedies: [Relisten], sysctls: {somaxconn: 1024}, stall: {after: 9s}, onDelete: Keep,"
                    + " ports: [{port: http, minimum: 128, maximum: 2048}, {port: metrics, exempt: true},"
                    + " {path: '/run/a\"b.sock', minimum: 64}]}"));
    var before = inForce.all().getFirst().spec();

    var applied = applied(of(inForce, wanted(8080, 1024))).getSpec();

    assertThat(applied.priority()).isEqualTo(8);
    assertThat(applied)
        .usingRecursiveComparison()
        .ignoringFields("priority", "selector", "ports")
        .isEqualTo(before);
    assertThat(applied.ports()).endsWith(before.ports().toArray(new PortRule[0]));
    assertThat(applied.ports().getFirst().port()).isEqualTo(new IntOrString(8080));
    assertThat(applied.ports().getFirst().minimum()).isEqualTo(1024);
    assertThat(applied.ports().getFirst().maximum()).isEqualTo(2048);
  }

  @Test
  void aPolicyOfTheseVeryPodsIsChangedAndKeepsTheRest() {
    var inForce =
        inForce(
            policy(
                "web",
                "{mode: Enforce, selector: {matchLabels: {app: web}}, minimum: 64, ports: [{port: 8080, minimum: 128, maximum: 200}]}"));

    var policy = of(inForce, wanted(8080, 256));
    var applied = applied(policy);

    assertThat(policy.isChange()).isTrue();
    assertThat(applied.getMetadata().getName()).isEqualTo("web");
    assertThat(applied.getMetadata().getLabels()).isEqualTo(Map.of("team", "a"));
    assertThat(applied.getSpec().mode()).isEqualTo(Mode.ENFORCE);
    assertThat(applied.getSpec().minimum()).isEqualTo(64);
    // A maximum below the number would be refused.
    assertThat(applied.getSpec().ports())
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.minimum()).isEqualTo(256);
              assertThat(rule.maximum()).isNull();
            });
  }

  @Test
  void whatAClusterBacklogPolicyAsksForIsNotLost() {
    var cluster =
        YAML.unmarshal(
            """
            apiVersion: listenbacklog.io/v1alpha1
            kind: ClusterBacklogPolicy
            metadata: {name: baseline, uid: u-c, generation: 1, creationTimestamp: '2026-11-22T10:00:00Z'}
            spec: {mode: Enforce, minimum: 64, namespaceSelector: {matchLabels: {tier: front}}}
            """,
            ClusterBacklogPolicy.class);
    var inForce =
        new PoliciesInForce(
            List.of(PolicyFacts.of(cluster)),
            List.of(new NamespaceFacts("shop", Map.of("tier", "front"))),
            Map.of(),
            List.of());

    var applied = applied(of(inForce, wanted(8080, 256))).getSpec();

    assertThat(applied.mode()).isEqualTo(Mode.ENFORCE);
    assertThat(applied.minimum()).isEqualTo(64);
    assertThat(applied.ports()).hasSize(1);
  }

  @Test
  void noPolicyOfAnotherNameIsOverwritten() {
    var inForce =
        inForce(
            policy("web", "{mode: Enforce, selector: {matchLabels: {app: other}}, minimum: 64}"));

    assertThat(of(inForce, wanted(8080, 64)).name()).isEqualTo("web-recommended");
  }

  /** Configuration of an application is one policy's. */
  @Test
  void aPolicyThatDoesMoreIsToBeEditedByHand() {
    var inForce =
        inForce(
            policy(
                "web",
                "{mode: Enforce, selector: {}, minimum: 64, remedies: [AppConfig], appConfig: [{container: web, preset: gunicorn}]}"));

    String text = Recommend.text(List.of(of(inForce, wanted(8080, 256))));

    assertThat(text)
        .doesNotContain("kind:")
        .contains(
            "# shop/web: BacklogPolicy shop/web does more for its pods than a policy beside it could go on with;"
                + " put into its spec.ports: {port: 8080, minimum: 256}");
  }

  /** What a program reads says the same. */
  @Test
  void asDataItIsTheSamePolicy() {
    var inForce =
        inForce(policy("all", "{mode: Enforce, selector: {}, minimum: 64, maximum: 512}"));
    var policy = of(inForce, wanted(8080, 128));

    var list =
        YAML.unmarshal(
            YAML.asJson(Recommend.data(List.of(policy))), GenericKubernetesResource.class);
    var items = (List<?>) list.getAdditionalProperties().get("items");

    assertThat(YAML.convertValue(requireNonNull(items).getFirst(), BacklogPolicy.class).getSpec())
        .isEqualTo(applied(policy).getSpec());
  }

  /** Whatever promises it: a number, a name or a range. */
  @ParameterizedTest
  @ValueSource(strings = {"9090", "metrics", "9000-9099"})
  void anExemptPortStaysExempt(String port) {
    String rules = "[{port: %s, exempt: true}]".formatted(port);
    var inForce = inForce(policy("all", "{mode: Enforce, selector: {}, ports: " + rules + "}"));

    var policy = seen(inForce, "0.0.0.0:8080", "0.0.0.0:9090");

    assertThat(Recommend.text(List.of(policy)))
        .contains("{port: 8080, minimum: 64}", "\n  # port 9090 is exempt; limit 5 now");
    var applied = applied(policy);
    assertThat(applied.getSpec().ports()).hasSize(2);
    assertThat(demandWith(inForce, applied, 9090)).isEqualTo(new Demand.Exempt());
  }

  @Test
  void whereTheLoopbackIsExemptNothingIsAskedForIt() {
    var inForce =
        inForce(policy("all", "{mode: Enforce, selector: {}, minimum: 64, loopback: Exempt}"));

    assertThat(Recommend.text(List.of(seen(inForce, "127.0.0.1:9000"))))
        .startsWith("# shop/web: nothing to ask for\n#   port 9000: exempt; limit 5 now");
  }

  @Test
  void aPortOfARangeGrowsOn() {
    var inForce =
        inForce(
            policy(
                "all",
                "{mode: Enforce, selector: {}, ports: [{port: 8000-8099, minimum: 256, maximum: 2048}]}"));

    var applied = applied(of(inForce, wanted(8080, 512)));

    assertThat(demandWith(inForce, applied, 8080)).isEqualTo(new Demand.AtLeast(512, 2048));
    assertThat(demandWith(inForce, applied, 8081)).isEqualTo(new Demand.AtLeast(256, 2048));
  }

  /** What the policy itself says holds for such a port without being said twice. */
  @Test
  void theMaximumOfAllPortsIsLeftWhereItIs() {
    var inForce =
        inForce(policy("all", "{mode: Enforce, selector: {}, minimum: 64, maximum: 2048}"));

    var applied = applied(of(inForce, wanted(8080, 512)));

    assertThat(applied.getSpec().ports().getFirst().maximum()).isNull();
    assertThat(demandWith(inForce, applied, 8080)).isEqualTo(new Demand.AtLeast(512, 2048));
  }

  private static Demand demandWith(PoliciesInForce before, BacklogPolicy applied, int port) {
    var governing = governingWith(before, applied);
    return new PoliciesInForce(List.of(governing), List.of(), Map.of(), List.of())
        .demand(PodFacts.of(POD), new Place.Port(port, false));
  }

  /** The API server would refuse it. */
  @Test
  void whatHasMoreEntriesThanAPolicyMayHaveIsNotPrinted() {
    var rules =
        IntStream.range(0, 64)
            .mapToObj(i -> "{port: %d, minimum: 64}".formatted(9000 + i))
            .collect(Collectors.joining(", "));
    var inForce =
        inForce(policy("all", "{mode: Enforce, selector: {}, ports: [%s]}".formatted(rules)));

    assertThat(Recommend.text(List.of(of(inForce, wanted(9000, 128))))).contains("kind: Backlog");
    assertThat(Recommend.text(List.of(of(inForce, wanted(8080, 128)))))
        .doesNotContain("kind:")
        .startsWith(
            "# shop/web: with these its policy would have 65 entries of ports, of at most 64;")
        .contains("{port: 8080, minimum: 128}\n");
  }
}
