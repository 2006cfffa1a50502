package io.listenbacklog.policy.resolve;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Static pods: the kubelet knows each by another uid than the API, which has a mirror of it.
 * Whoever may create pods can forge a mirror, so one is trusted only where all that a kubelet
 * writes is consistent, and only the first that claims a uid.
 */
public final class StaticPods {
  /** On the mirror of a static pod: the uid that the kubelet knows it by. */
  public static final String CONFIG_HASH = "kubernetes.io/config.hash";

  /** On mirrors alone: the same. */
  public static final String CONFIG_MIRROR = "kubernetes.io/config.mirror";

  /** Where the kubelet has it from. */
  public static final String CONFIG_SOURCE = "kubernetes.io/config.source";

  /** All annotations that are looked at here. */
  public static final Set<String> ANNOTATIONS = Set.of(CONFIG_HASH, CONFIG_MIRROR, CONFIG_SOURCE);

  /** What a kubelet has static pods from; others come from {@code api}. */
  private static final Set<String> SOURCES = Set.of("file", "http");

  /** An MD5 (kubernetes/pkg/kubelet/config/common.go). */
  private static final Pattern UID = Pattern.compile("[0-9a-f]{32}");

  /**
   * When a mirror was made, for telling which of two was first.
   *
   * @param created its creationTimestamp, in RFC 3339 and UTC, which sorts as text
   * @param goes whether it is being deleted, as a kubelet does with one that is not its own
   */
  public record Claim(String created, boolean goes) {
    private static final Comparator<Claim> FIRST =
        Comparator.comparing(Claim::goes).thenComparing(Claim::created);
  }

  /**
   * An owner of a pod.
   *
   * @param controller whether it is the one that manages the pod
   */
  public record Owner(String apiVersion, String kind, String name, boolean controller) {}

  /**
   * The uid in the names of a pod's cgroups where it is another than in the API; else null.
   *
   * @param nodeName null: it is on none
   */
  public static @Nullable String cgroupUid(
      String uid,
      String name,
      @Nullable String nodeName,
      Map<String, String> annotations,
      Collection<Owner> owners) {
    String hash = annotations.get(CONFIG_HASH);
    if (hash == null || nodeName == null || !UID.matcher(hash).matches()) return null;
    boolean fits =
        hash.equals(annotations.get(CONFIG_MIRROR))
            && SOURCES.contains(annotations.getOrDefault(CONFIG_SOURCE, ""))
            // kubernetes/pkg/kubelet/config/common.go, generatePodName
            && name.endsWith("-" + nodeName)
            && owners.contains(new Owner("v1", "Node", nodeName, true));
    return fits && !hash.equals(uid) ? hash : null;
  }

  /**
   * The pods of a node, of which no two claim to mirror the same: the one that was first does, the
   * others are as any pod that runs under its own uid.
   */
  static Collection<PodFacts> withoutImpostors(Collection<PodFacts> pods) {
    var first = new HashMap<String, PodFacts>();
    var mirrors = 0;
    for (PodFacts each : pods) {
      if (each.cgroupUid() == null) continue;
      mirrors++;
      first.merge(each.cgroupUid(), each, StaticPods::first);
    }
    if (first.size() == mirrors) return pods;
    List<PodFacts> believed = new ArrayList<>(pods.size());
    for (PodFacts each : pods) {
      boolean isImpostor = each.cgroupUid() != null && !each.equals(first.get(each.cgroupUid()));
      believed.add(isImpostor ? each.asNoMirror() : each);
    }
    return believed;
  }

  private static PodFacts first(PodFacts one, PodFacts other) {
    return Comparator.comparing(PodFacts::mirror, Claim.FIRST)
                .thenComparing(PodFacts::uid)
                .compare(one, other)
            <= 0
        ? one
        : other;
  }

  private StaticPods() {}
}
