package io.listenbacklog.controller.appconfig;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
      Stream.concat(
              Stream.of(
                  new Right("list", "", "pods"),
                  new Right("get", "", "configmaps"),
                  new Right("create", "", "configmaps"),
                  new Right("get", "apps", "replicasets"),
                  new Right("list", "policy", "poddisruptionbudgets")),
              Arrays.stream(WorkloadKind.values())
                  .filter(WorkloadKind::isBuiltIn)
                  .flatMap(Rights::to))
          .toList();

  /** What is needed to change a kind. */
  private static Stream<Right> to(WorkloadKind kind) {
    return Stream.of("get", "list", "patch")
        .map(verb -> new Right(verb, kind.group(), kind.plural()));
  }

  /**
   * @param kind null: all that each cluster has
   */
  private record Question(String namespace, @Nullable WorkloadKind kind) {}

  private record Answer(List<String> missing, Instant at) {}

  private final KubernetesClient client;
  private final List<String> namespaces;
  private final Clock clock;
  private final Map<Question, Answer> answers = new HashMap<>();

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
    return missing(new Question(namespace, null));
  }

  /** What is missing beyond that for a kind that not each cluster has. */
  List<String> missing(String namespace, WorkloadKind kind) {
    return kind.isBuiltIn() ? List.of() : missing(new Question(namespace, kind));
  }

  private List<String> missing(Question question) {
    Instant now = clock.instant();
    Answer known = answers.get(question);
    if (known != null && known.at().plus(REMEMBERED).isAfter(now)) return known.missing();
    if (answers.size() >= MOST) answers.clear();
    List<Right> needed = question.kind() == null ? NEEDED : to(question.kind()).toList();
    var missing = new ArrayList<String>();
    for (Right each : needed) {
      if (!has(question.namespace(), each)) missing.add(each.toString());
    }
    answers.put(question, new Answer(List.copyOf(missing), now));
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
