package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.PodReference;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod, as far as resolution looks at it.
 *
 * @param nodeName null while it is not scheduled
 * @param annotations those under the operator's prefix
 * @param ports the named TCP ports of all its containers, init containers and sidecars among them
 * @param cgroupUid the uid in its cgroups' names where it is another one (static pods); else null
 * @param finished whether its phase is Succeeded or Failed: nothing of it runs, nothing holds for
 *     it
 */
public record PodFacts(
    String uid,
    String namespace,
    String name,
    @Nullable String nodeName,
    Map<String, String> labels,
    Map<String, String> annotations,
    boolean hostNetwork,
    List<NamedPort> ports,
    @Nullable String cgroupUid,
    boolean finished) {

  /** A container port that has a name. Two containers of a pod may use one name. */
  public record NamedPort(String name, int number) {}

  public PodFacts {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    ports = List.copyOf(ports);
  }

  NodePod onNode() {
    return new NodePod(uid, namespace, name, hostNetwork, cgroupUid);
  }

  /** Whether annotations that make sense ask for backlogs, or exempt ports. */
  public boolean asksByAnnotation() {
    return PodAnnotations.parse(annotations).asksForSomething();
  }

  /** The pod as an Event refers to it. */
  public PodReference reference() {
    return new PodReference(uid, namespace, name);
  }
}
