package io.listenbacklog.controller.appconfig;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the operator may do to workloads, by what the API server says of itself. */
final class Rights {
  private static final Duration REMEMBERED = Duration.ofMinutes(5);
  private static final int MOST = 1_000;

  private record Right(String verb, String group, String resource) {
    @Override
    public String toString() {
      return verb + " " + resource;
    }
  }

  private static final List<Right> NEEDED =
      List.of(
          new Right("list", "", "pods"),
          new Right("get", "", "configmaps"),
          new Right("create", "", "configmaps"),
          new Right("get", "apps", "replicasets"),
          new Right("list", "policy", "poddisruptionbudgets"),
          new Right("get", "apps", "deployments"),
          new Right("list", "apps", "deployments"),
          new Right("patch", "apps", "deployments"),
          new Right("get", "apps", "statefulsets"),
          new Right("list", "apps", "statefulsets"),
          new Right("patch", "apps", "statefulsets"),
          new Right("get", "apps", "daemonsets"),
          new Right("list", "apps", "daemonsets"),
          new Right("patch", "apps", "daemonsets"));

  private record Answer(List<String> missing, Instant at) {}

  private final KubernetesClient client;
  private final List<String> namespaces;
  private final Clock clock;
  private final Map<String, Answer> answers = new HashMap<>();

  /**
   * @param namespaces where it may work; empty: everywhere
   */
  Rights(KubernetesClient client, List<String> namespaces, Clock clock) {
    this.client = client;
    this.namespaces = List.copyOf(namespaces);
    this.clock = clock;
  }

  /** Where it may work; empty: everywhere. */
  List<String> namespaces() {
    return namespaces;
  }

  /** What is missing in a namespace, such as {@code patch deployments}; empty: nothing. */
  List<String> missing(String namespace) {
    Instant now = clock.instant();
    Answer known = answers.get(namespace);
    if (known != null && known.at().plus(REMEMBERED).isAfter(now)) return known.missing();
    if (answers.size() >= MOST) answers.clear();
    var missing = new ArrayList<String>();
    for (Right each : NEEDED) if (!has(namespace, each)) missing.add(each.toString());
    answers.put(namespace, new Answer(List.copyOf(missing), now));
    return List.copyOf(missing);
  }

  private boolean has(String namespace, Right right) {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withNamespace(namespace)
            .withGroup(right.group())
            .withResource(right.resource())
            .withVerb(right.verb())
            .endResourceAttributes()
            .endSpec()
            .build();
    var answer = client.authorization().v1().selfSubjectAccessReview().create(review);
    return answer.getStatus() != null && Boolean.TRUE.equals(answer.getStatus().getAllowed());
  }
}
