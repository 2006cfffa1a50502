package io.listenbacklog.policy.event;

import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Events on different pods have in common. Once a few pods have an Event with this key, one
 * more with the same key is no news; another reason, cause, port or process is.
 *
 * @param policy where the requirement comes from; null: the pods' annotations
 * @param workload what the names of its pods begin with
 * @param nature cause, port and process
 */
public record SimilarityKey(
    @Nullable PolicyReference policy,
    String namespace,
    String workload,
    String reason,
    String nature) {

  /**
   * What generated names end in: a ReplicaSet's hash and a random part, one of them (DaemonSets,
   * Jobs), or a number (StatefulSets). The letters are those that Kubernetes uses, which has
   * neither vowels nor digits that look like them (k8s.io/apimachinery/pkg/util/rand).
   */
  private static final Pattern GENERATED =
      Pattern.compile("(-[bcdf-hj-np-tv-xz2456789]{6,10})?-([bcdf-hj-np-tv-xz2456789]{5}|[0-9]+)$");

  static SimilarityKey of(
      PodReference pod, @Nullable PolicyReference policy, String reason, String nature) {
    return new SimilarityKey(policy, pod.namespace(), workload(pod.name()), reason, nature);
  }

  /** The name of what made a pod, as far as the pod's own shows it. */
  static String workload(String podName) {
    return GENERATED.matcher(podName).replaceFirst("");
  }

  /** What its Events are counted together with, when there are too many for one each. */
  public AggregateKey aggregate() {
    return new AggregateKey(policy, policy == null ? namespace : "", reason);
  }
}
