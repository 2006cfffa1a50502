package io.listenbacklog.controller.cluster.json;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** A pod as the client's informers want it: a {@link SlimPod} with just enough metadata. */
@Group("")
@Version("v1")
@Kind("Pod")
@Plural("pods")
@JsonDeserialize(using = PodViewDeserializer.class)
public final class PodView implements HasMetadata, Namespaced {
  private static final long serialVersionUID = 1;

  private final transient SlimPod pod;

  /** Wraps a pod. */
  public PodView(SlimPod pod) {
    this.pod = pod;
  }

  /** What is known of it. */
  public SlimPod pod() {
    return pod;
  }

  @Override
  public ObjectMeta getMetadata() {
    return new ObjectMetaBuilder()
        .withNamespace(pod.facts().namespace())
        .withName(pod.facts().name())
        .withUid(pod.facts().uid())
        .withResourceVersion(pod.resourceVersion())
        .build();
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    throw new UnsupportedOperationException("a PodView is only read");
  }

  @Override
  public String getApiVersion() {
    return "v1";
  }

  /** Does nothing: the client calls it for each object of a list. */
  @Override
  public void setApiVersion(String same) {}
}
