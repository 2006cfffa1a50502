package io.listenbacklog.policy.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodePath;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.policy.resolve.limit.Clamp;
import io.listenbacklog.policy.resolve.limit.Limits;
import io.listenbacklog.policy.resolve.limit.PodClamps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The requirements of a node have so much room, and whoever asks for little has his. */
class SpecRoomTest {
  private static final Limits LIMITS = new Limits(65_535, Limits.Annotations.ENFORCE);

  @Test
  void podsThatAskForLittleHaveRoomBesideThoseThatAskForAllTheyMay() {
    var greedy = pods("tenant", 250, i -> sixtyFourRules(i));
    var modest = pods("victim", 100, i -> "8080=" + (64 + i));

    var resolution = resolve(greedy, modest);

    assertThat(json(resolution.spec())).isLessThanOrEqualTo(SpecRoom.BYTES);
    assertThat(uids(resolution.spec())).containsAll(uids(modest));
    assertThat(leftOut(resolution)).isNotEmpty().allMatch(pod -> pod.namespace().equals("tenant"));
    assertThat(uids(resolution.spec())).hasSizeGreaterThan(100 + 20);
  }

  /** Else each new pod of whoever it is on that node waits until so much may be written anew. */
  @Test
  void whatOneNamespaceAsksForIsBoundedAlsoWhereThereIsRoom() {
    var greedy = pods("tenant", 60, i -> sixtyFourRules(i));
    var modest = pods("victim", 100, i -> "8080=" + (64 + i));

    var resolution = resolve(greedy, modest);

    assertThat(json(resolution.spec()))
        .isLessThan(2 * SpecRoom.BYTES_OF_NAMESPACE)
        .isLessThan(SpecRoom.BYTES);
    assertThat(uids(resolution.spec())).containsAll(uids(modest)).hasSizeGreaterThan(100 + 20);
    assertThat(leftOut(resolution)).isNotEmpty().allMatch(pod -> pod.namespace().equals("tenant"));
  }

  @Test
  void whatTwoNamespacesAskForIsNoLessForIt() {
    var one = pods("one", 21, i -> sixtyFourRules(i));
    var other = pods("other", 21, i -> sixtyFourRules(1_000 + i));

    assertThat(leftOut(resolve(one, other))).isEmpty();
  }

  /** Many small ones: what the names of pods take is not what they ask for. */
  @Test
  void aNamespaceWithSevenHundredPodsOnANodeHasThemAll() {
    assertThat(leftOut(resolve(pods("victim", 740, i -> "8080=" + (64 + i % 20)), List.of())))
        .isEmpty();
  }

  @Test
  void manyPodsOfOneNamespaceTakeNoRoomFromTheFewOfAnotherThatAskForMuch() {
    var many = pods("tenant", 3_000, i -> "8080=" + (64 + i));
    var few = pods("victim", 10, i -> sixtyFourRules(i));

    var resolution = resolve(many, few);

    assertThat(uids(resolution.spec())).containsAll(uids(few));
    assertThat(leftOut(resolution)).isNotEmpty().allMatch(pod -> pod.namespace().equals("tenant"));
  }

  @Test
  void podsThatAskForTheSameShareItsRoom() {
    var same = pods("victim", 400, _ -> sixtyFourRules(0));

    assertThat(leftOut(resolve(same, List.of()))).isEmpty();
  }

  @Test
  void whoIsLeftOutDoesNotDependOnTheOrder() {
    var one = pods("a", 200, i -> sixtyFourRules(i));
    var other = pods("b", 200, i -> sixtyFourRules(i));
    var shuffled = new ArrayList<>(one);
    shuffled.addAll(other);
    Collections.shuffle(shuffled, new Random(5));

    assertThat(resolve(shuffled, List.of())).isEqualTo(resolve(one, other));
  }

  @Test
  void aSizeIsCountedAsMuchAsItIsAndNotMuchMore() {
    var policy =
        new PolicyReference("ClusterBacklogPolicy", null, "p".repeat(253), "u".repeat(36), 9_999);
    var ports =
        IntStream.range(10_000, 10_064)
            .mapToObj(i -> new NodePort(i, 65_535, 65_535, 65_535, false))
            .toList();
    var paths =
        IntStream.range(0, 64)
            .mapToObj(i -> new NodePath("/run/<&>\u2028\u20ac" + "x".repeat(90) + i, 4_096, false))
            .toList();
    var pods =
        IntStream.range(0, 20)
            .mapToObj(
                i -> new NodePod("u".repeat(36), "n".repeat(63), "p" + i, false, "f".repeat(32)))
            .toList();
    for (var ofPolicy : List.of(true, false)) {
      var spec =
          new NodeBacklogSpec(
              List.of(
                  new NodeRequirement(
                      ofPolicy ? policy : null,
                      Mode.ENFORCE,
                      65_535,
                      65_535,
                      ports,
                      Loopback.EXEMPT,
                      UnixListeners.GOVERN,
                      paths,
                      List.of(Remedy.SYSCTL, Remedy.RELISTEN),
                      65_535,
                      65_535,
                      false,
                      3_600_000,
                      OnDelete.RESTORE,
                      null,
                      pods)));
      int bytes = json(spec);
      assertThat(SpecSize.of(spec)).isBetween(bytes, bytes * 5 / 4);
    }
  }

  private static NodeResolution resolve(List<PodFacts> one, List<PodFacts> other) {
    var all = new ArrayList<>(one);
    all.addAll(other);
    return new Resolver(LIMITS, List.of(), List.of()).resolveNode(all);
  }

  private interface Ports {
    String of(int pod);
  }

  private static List<PodFacts> pods(String namespace, int many, Ports ports) {
    return IntStream.range(0, many)
        .mapToObj(
            i ->
                new SomePod(
                        "3f0d1c52-%4.4s-4000-8000-%012d".formatted(namespace + "0000", i),
                        namespace,
                        "pod-" + i,
                        "node-1")
                    .annotated(Map.of(AnnotationKeys.PORTS, ports.of(i)))
                    .facts())
        .toList();
  }

  private static String sixtyFourRules(int pod) {
    return IntStream.range(0, 64)
        .mapToObj(i -> "%d-%d=%d".formatted(10_000 + 100 * i, 10_050 + 100 * i, 64 + pod))
        .collect(Collectors.joining(","));
  }

  private static Set<String> uids(NodeBacklogSpec spec) {
    return spec.requirements().stream()
        .flatMap(each -> each.pods().stream())
        .map(NodePod::uid)
        .collect(Collectors.toSet());
  }

  private static Set<String> uids(List<PodFacts> pods) {
    return pods.stream().map(PodFacts::uid).collect(Collectors.toSet());
  }

  private static List<PodReference> leftOut(NodeResolution resolution) {
    return resolution.clamps().stream()
        .filter(each -> each.clamps().contains(new Clamp.NodeIsFull()))
        .map(PodClamps::pod)
        .toList();
  }

  /** As Go's encoder writes it into etcd. */
  private static int json(NodeBacklogSpec spec) {
    String json =
        new KubernetesSerialization()
            .asJson(spec)
            .replace("<", "\\u003c")
            .replace(">", "\\u003e")
            .replace("&", "\\u0026")
            .replace("\u2028", "\\u2028");
    return json.getBytes(StandardCharsets.UTF_8).length;
  }
}
