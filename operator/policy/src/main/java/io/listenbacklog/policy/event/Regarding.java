package io.listenbacklog.policy.event;

import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import org.jspecify.annotations.Nullable;

/**
 * The object that an Event is about.
 *
 * @param namespace null for what has none
 * @param uid empty where unknown
 */
public record Regarding(
    String apiVersion, String kind, @Nullable String namespace, String name, String uid) {

  static Regarding of(PodReference pod) {
    return new Regarding("v1", "Pod", pod.namespace(), pod.name(), pod.uid());
  }

  static Regarding of(PolicyReference policy) {
    return new Regarding(
        ApiGroup.NAME + "/" + ApiGroup.VERSION,
        policy.kind(),
        policy.namespace(),
        policy.name(),
        policy.uid());
  }

  /** A namespace, so that its Events stand where those of its pods do. */
  static Regarding ofNamespace(String name) {
    return new Regarding("v1", "Namespace", name, name, "");
  }

  /** Where its Events are: of what has no namespace, Kubernetes keeps them in this one. */
  public String eventNamespace() {
    return namespace == null ? "default" : namespace;
  }

  /** With its namespace, as logs have it. */
  public String path() {
    return namespace == null ? name : namespace + "/" + name;
  }
}
