package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A pod of this node that a requirement is for.
 *
 * @param cgroupUid the uid in the names of its cgroups where that is another than {@code uid}: a
 *     static pod's, whose mirror in the API has a uid of its own; else null
 */
public record NodePod(
    @Required @JsonPropertyDescription("Its uid in the API.") String uid,
    @Required @JsonPropertyDescription("Its namespace.") String namespace,
    @Required @JsonPropertyDescription("Its name.") String name,
    @JsonPropertyDescription("Whether it shares the network namespace of the node.")
        boolean hostNetwork,
    @JsonPropertyDescription("The uid in its cgroups' names where it differs (static pods).")
        @Nullable String cgroupUid) {

  /** The uid that its cgroups are named after. */
  public String uidInCgroups() {
    return cgroupUid == null ? uid : cgroupUid;
  }

  /** The pod as an Event refers to it. */
  public PodReference reference() {
    return new PodReference(uid, namespace, name);
  }
}
