package io.listenbacklog.policy.resolve;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.policy.resolve.annotation.PodAnnotations;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * @param otherSystem whether it says that it is for another operating system than Linux: no probe
 *     can be there, nothing holds for it
 * @param ready whether its condition Ready is True: then processes of it run
 * @param mirror when it was made, of one that mirrors a static pod; of others it says nothing
 * @param probes where the kubelet asks; nothing is decided by it, it is only told
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
    boolean finished,
    boolean otherSystem,
    boolean ready,
    StaticPods.Claim mirror,
    KubeletProbes probes) {

  /** That of a pod which is no mirror. */
  public static final StaticPods.Claim NO_MIRROR = new StaticPods.Claim("", false);

  /** The phases in which nothing of a pod runs any more. */
  public static final Set<String> FINISHED = Set.of("Succeeded", "Failed");

  /** A container port that has a name. Two containers of a pod may use one name. */
  public record NamedPort(String name, int number) {}

  public PodFacts {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    ports = List.copyOf(ports);
  }

  /** Of a pod as the API server has it. */
  public static PodFacts of(Pod pod) {
    var metadata = pod.getMetadata();
    var spec = pod.getSpec();
    Map<String, String> annotations = requireNonNullElse(metadata.getAnnotations(), Map.of());
    var owners =
        metadata.getOwnerReferences().stream()
            .map(
                each ->
                    new StaticPods.Owner(
                        each.getApiVersion(),
                        each.getKind(),
                        each.getName(),
                        Boolean.TRUE.equals(each.getController())))
            .toList();
    String cgroupUid =
        StaticPods.cgroupUid(
            metadata.getUid(), metadata.getName(), spec.getNodeName(), annotations, owners);
    return new PodFacts(
        metadata.getUid(),
        metadata.getNamespace(),
        metadata.getName(),
        spec.getNodeName(),
        requireNonNullElse(metadata.getLabels(), Map.of()),
        annotations.entrySet().stream()
            .filter(each -> each.getKey().startsWith(AnnotationKeys.PREFIX))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
        Boolean.TRUE.equals(spec.getHostNetwork()),
        Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream())
            .flatMap(PodFacts::namedPorts)
            .toList(),
        cgroupUid,
        pod.getStatus() != null
            && FINISHED.contains(requireNonNullElse(pod.getStatus().getPhase(), "")),
        (spec.getOs() != null && OperatingSystem.isOther(spec.getOs().getName()))
            || OperatingSystem.isOther(requireNonNullElse(spec.getNodeSelector(), Map.of())),
        pod.getStatus() != null
            && pod.getStatus().getConditions().stream()
                .anyMatch(
                    each -> "Ready".equals(each.getType()) && "True".equals(each.getStatus())),
        cgroupUid == null
            ? NO_MIRROR
            : new StaticPods.Claim(
                requireNonNullElse(metadata.getCreationTimestamp(), ""),
                metadata.getDeletionTimestamp() != null),
        KubeletProbes.of(pod));
  }

  private static Stream<NamedPort> namedPorts(Container container) {
    return container.getPorts().stream()
        .filter(port -> port.getName() != null)
        .filter(port -> requireNonNullElse(port.getProtocol(), "TCP").equals("TCP"))
        .map(port -> new NamedPort(port.getName(), port.getContainerPort()));
  }

  /** The same, not believed to mirror a static pod. */
  PodFacts asNoMirror() {
    return new PodFacts(
        uid,
        namespace,
        name,
        nodeName,
        labels,
        annotations,
        hostNetwork,
        ports,
        null,
        finished,
        otherSystem,
        ready,
        NO_MIRROR,
        probes);
  }

  /** The same, with what the kubelet asks of another. */
  public PodFacts withProbes(KubeletProbes others) {
    return new PodFacts(
        uid,
        namespace,
        name,
        nodeName,
        labels,
        annotations,
        hostNetwork,
        ports,
        cgroupUid,
        finished,
        otherSystem,
        ready,
        mirror,
        others);
  }

  NodePod onNode() {
    return new NodePod(uid, namespace, name, hostNetwork, cgroupUid);
  }

  /** Whether valid annotations ask for backlogs, or exempt ports. */
  public boolean asksByAnnotation() {
    return PodAnnotations.parse(annotations).asksForSomething();
  }

  /** The pod as an Event refers to it. */
  public PodReference reference() {
    return new PodReference(uid, namespace, name);
  }
}
