package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.policy.assess.Place;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The number to ask for, and why. */
class RecommendationTest {
  private static ListenerFigures listener(
      String address, long limit, @Nullable Long peak, long overflows, @Nullable Double watched) {
    return listener(address, limit, 0, peak, overflows, null, watched);
  }

  private static ListenerFigures listener(
      String address,
      long limit,
      long required,
      @Nullable Long peak,
      @Nullable Long overflows,
      @Nullable Long overflowedLimit,
      @Nullable Double watched) {
    return new ListenerFigures(
        "node-1",
        "shop",
        "web-1",
        "web",
        address,
        "7",
        0L,
        limit,
        required,
        peak,
        peak == null ? null : Instant.parse("2026-11-28T09:00:00Z"),
        overflows,
        overflowedLimit,
        null,
        0,
        watched,
        (limit + 1) * 131_072);
  }

  private static List<Recommendation> of(List<ListenerFigures> listeners) {
    return Recommendation.of(listeners, _ -> false);
  }

  @ParameterizedTest
  @CsvSource({
    // limit, peak, overflows, recommended
    "128,    3,     0,   0", // never half full
    "128,   64,     0,   0", // just half
    "128,   65,     0, 256",
    "128,  129,     0, 512",
    "5,      2,     0,   0",
    "5,      6,    34,  64",
    "128,    3,     1, 256", // dropped between two looks: a burst that no look saw
    "511,  512,  9000, 1024",
    "4096, 4097,    9,   0", // more cannot be asked for
    "2048, 2049,    9, 4096"
  })
  void theNumberFollowsFromWhatWasSeen(int limit, long peak, long overflows, int recommended) {
    assertThat(of(List.of(listener("0.0.0.0:80", limit, peak, overflows, 9e3))))
        .singleElement()
        .extracting(Recommendation::minimum)
        .isEqualTo(recommended);
  }

  @ParameterizedTest
  @CsvSource({
    // limit, asked, peak, overflows, the limit then, recommended
    "64,     64,    6,    34,    5,    0", // it has been raised since, and that was enough
    "64,     64,   60,    34,   64,  128",
    "5,      64,    6,    34,    5,    0", // a policy that only looks asks for it already
    "5,      16,    6,    34,    5,   64"
  })
  void whatWasSeenWithAnotherLimitIsJudgedByThatOne(
      int limit, long asked, long peak, long overflows, long then, int recommended) {
    var seen = listener("0.0.0.0:80", limit, asked, peak, overflows, then, 9e3);

    assertThat(of(List.of(seen)))
        .singleElement()
        .extracting(Recommendation::minimum)
        .isEqualTo(recommended);
  }

  /** A rollout may have given one of them another limit. */
  @Test
  void oneThatIsAlikeMayGetAsManyAsTheBusiest() {
    var alike =
        List.of(
            listener("0.0.0.0:80", 4096, 1500L, 0, 9e3), listener("0.0.0.0:80", 128, 1L, 0, 9e3));
    var sidecar =
        List.of(
            listener("0.0.0.0:80", 4096, 1500L, 0, 9e3), listener("127.0.0.1:80", 128, 1L, 0, 9e3));

    assertThat(of(alike)).extracting(Recommendation::minimum).containsExactly(4096);
    var mapped =
        List.of(
            listener("0.0.0.0:80", 4096, 1500L, 0, 9e3),
            listener("[::ffff:127.0.0.1]:80", 128, 1L, 0, 9e3));

    assertThat(of(sidecar)).extracting(Recommendation::minimum).containsExactly(0);
    assertThat(of(mapped)).extracting(Recommendation::minimum).containsExactly(0);
  }

  @Test
  void evidenceSaysAtWhichLimitAndWhatIsNotKnown() {
    var raised = listener("0.0.0.0:80", 64, 64, 6L, 34L, 5L, 9e3);
    var unknown = listener("0.0.0.0:80", 64, 0, 6L, null, null, null);

    assertThat(of(List.of(raised)).getFirst().evidence())
        .contains("34 connection attempts dropped for a full queue, at most (the limit was 5 then)")
        .contains("asked for already: 64");
    assertThat(of(List.of(unknown)).getFirst().evidence())
        .contains("overflows are not known here")
        .doesNotContain("no overflow");
  }

  @Test
  void theNumberForPodsThatAreAlikeIsThatOfTheBusiest() {
    var both =
        of(
            List.of(
                listener("0.0.0.0:80", 128, 3L, 0, 9e5),
                listener("[::]:80", 128, 100L, 0, 60.0),
                listener("unix:/run/x.sock", 5, 6L, 9, 60.0),
                listener("0.0.0.0:81", 5, null, 0, null)));

    assertThat(both).extracting(Recommendation::port).containsExactly(80, 81);
    assertThat(both.getFirst().evidence())
        .isEqualTo(
            "limit 128 now, the least of 2 listeners; at most 100 waited (web-1 at 2026-11-28T09:00:00Z); no overflow;"
                + " looked for 60s only; a full queue may hold 33Mi of kernel memory");
    assertThat(both.getLast().evidence())
        .isEqualTo(
            "limit 5 now; no peak is known (an older probe, or no right to ask it); no overflow; not known for how"
                + " long");
  }

  private static String text(Alike pods, List<ListenerFigures> listeners) {
    return Recommend.text(
        List.of(RecommendedPolicy.of(pods, of(listeners), null, PoliciesInForce.NONE, _ -> false)));
  }

  @Test
  void itIsPrintedAsAPolicyThatCanBeApplied() {
    var pods = new Alike("shop", "web", Map.of("app", "web"));
    var listeners =
        List.of(listener("0.0.0.0:9876", 5, 6L, 34, 9e3), listener("0.0.0.0:80", 4096, 1L, 0, 9e3));

    String text = text(pods, listeners);

    var policy = new KubernetesSerialization().unmarshal(text, BacklogPolicy.class);
    assertThat(policy.getMetadata().getNamespace()).isEqualTo("shop");
    assertThat(policy.getSpec().selector())
        .extracting(LabelSelector::getMatchLabels, as(MAP))
        .containsEntry("app", "web");
    assertThat(text)
        .contains("- {port: 9876, minimum: 64}")
        .contains(
            "  # limit 5 now; at most 6 waited (web-1 at 2026-11-28T09:00:00Z); 34 connection attempts dropped")
        .contains("  # port 80 needs nothing more: limit 4096 now; at most 1 waited");
  }

  /** Pods may be labelled so, and kubectl takes no number for a name. */
  @Test
  void whatYamlTakesForANumberOrATruthIsANameNevertheless() {
    for (String name : List.of("123", "true", "1e3", "null")) {
      var pods = new Alike("shop", name, Map.of("app", name));
      String text = text(pods, List.of(listener("0.0.0.0:80", 5, 6L, 34, 9e3)));

      var read = new KubernetesSerialization().unmarshal(text, Map.class);

      assertThat(read.get("metadata")).isEqualTo(Map.of("name", name, "namespace", "shop"));
      assertThat(String.valueOf(read.get("spec"))).contains("matchLabels={app=" + name + "}");
    }
  }

  @Test
  void podsThatNoLabelSelectsAreToBeAnnotated() {
    var pods = new Alike("shop", "lone", Map.of());

    assertThat(text(pods, List.of(listener("0.0.0.0:9876", 5, 6L, 34, 9e3))))
        .contains("annotate them: listenbacklog.io/ports: \"9876=64\"");
  }

  @Test
  void whereNothingIsNeededNothingIsAskedFor() {
    var pods = new Alike("shop", "web", Map.of("app", "web"));

    assertThat(text(pods, List.of(listener("0.0.0.0:80", 128, 1L, 0, 9e3))))
        .startsWith("# shop/web: nothing to ask for\n")
        .doesNotContain("kind:");
  }

  @Test
  void aWorkloadIsKnownByTheLabelsThatLast() {
    assertThat(Alike.of(pod("{app: web, pod-template-hash: x1, tier: front}")).labels())
        .isEqualTo(Map.of("app", "web"));
    assertThat(Alike.of(pod("{tier: front, pod-template-hash: x1, version: v2}")).labels())
        .isEqualTo(Map.of("tier", "front"));
    assertThat(Alike.of(pod("{'app.kubernetes.io/name': API Server}")).name())
        .isEqualTo("api-server");
    assertThat(Alike.of(pod("{controller-revision-hash: x}")).labels()).isEmpty();
  }

  private static io.fabric8.kubernetes.api.model.Pod pod(String labels) {
    return new KubernetesSerialization()
        .unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata: {namespace: shop, name: web-1, labels: %s}
            """
                .formatted(labels),
            io.fabric8.kubernetes.api.model.Pod.class);
  }

  @Test
  void fromTheClusterItComesByWorkload() {
    try (var api = new FakeApi()) {
      api.withProbes(1)
          .answering(
              "/api/v1/namespaces/shop/pods",
              FakeApi.list(
                  "PodList",
                  """
                  {"metadata": {"namespace": "shop", "uid": "u-web-1", "name": "web-1", "labels": {"app": "web", "pod-template-hash": "x"}}, "spec": {"containers": []}, "status": {"phase": "Running"}},
                  {"metadata": {"namespace": "shop", "uid": "u-web-2", "name": "web-2", "labels": {"app": "web", "pod-template-hash": "y"}}, "spec": {"containers": []}, "status": {"phase": "Running"}},
                  {"metadata": {"namespace": "shop", "uid": "u-db-0", "name": "db-0", "labels": {"app": "db"}}, "spec": {"containers": []}, "status": {"phase": "Running"}}
                  """))
          .answering(
              FakeApi.metricsOf(0),
              FakeApi.probe(
                  FakeApi.listener("shop", "web-1", 1, 128, 0, 3, 0),
                  FakeApi.listener("shop", "web-2", 1, 128, 0, 129, 7),
                  FakeApi.listener("shop", "db-0", 2, 244, 0, 1, 0)))
          .answering(
              "/apis/listenbacklog.io/v1alpha1/namespaces/shop/backlogpolicies",
              FakeApi.list(
                  "BacklogPolicyList",
                  """
                  {"apiVersion": "listenbacklog.io/v1alpha1", "kind": "BacklogPolicy",
                   "metadata": {"namespace": "shop", "name": "look", "uid": "u", "generation": 1,
                     "creationTimestamp": "2026-11-22T10:00:00Z"},
                   "spec": {"mode": "Enforce", "selector": {}, "minimum": 32}}
                  """))
          .forbidding(
              "/apis/listenbacklog.io/v1alpha1/clusterbacklogpolicies",
              "list",
              "clusterbacklogpolicies",
              "listenbacklog.io",
              "at the cluster scope");

      var ran = api.run("recommend");

      assertThat(ran.err())
          .contains("list clusterbacklogpolicies.listenbacklog.io in the whole cluster");

      assertThat(ran.status()).isZero();
      assertThat(ran.out())
          .contains("metadata: {name: \"web\", namespace: \"shop\"}", "{port: 8001, minimum: 512}")
          .contains("# what BacklogPolicy shop/look asks for", "mode: Enforce", "priority: 1")
          .contains("  minimum: 32\n")
          .contains("the least of 2 listeners; at most 129 waited (web-2 at")
          .contains("# shop/db: nothing to ask for");
      assertThat(api.run("recommend", "-o", "json").out())
          .contains("\"cli.listenbacklog.io/evidence-8001\"", "\"minimum\" : 512");
    }
  }

  /** Though its queue was more than half full. */
  @Test
  void nothingIsToBeAskedForWhereAPolicyPromisesToChangeNothing() {
    var seen = List.of(listener("0.0.0.0:80", 5, 3L, 9, 9e3));
    assertThat(Recommendation.of(seen, port -> port.port() == 80))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.minimum()).isZero();
              assertThat(each.isExempt()).isTrue();
              assertThat(each.evidence()).startsWith("exempt; limit 5 now; ");
            });
  }

  @Test
  void whatAnExemptSidecarNeedsIsNotAskedForOthersOfItsPort() {
    var both =
        List.of(listener("127.0.0.1:80", 5, 6L, 34, 9e3), listener("10.0.0.7:80", 128, 3L, 0, 9e3));
    assertThat(Recommendation.of(both, Place.Port::loopback))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.minimum()).isZero();
              assertThat(each.isExempt()).isFalse();
              assertThat(each.limit()).isEqualTo(128);
            });
  }
}
