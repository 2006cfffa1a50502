package io.listenbacklog.policy.golden;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.policy.resolve.PodFacts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Pods of a case as resolution sees them. */
final class Pods {
  static PodFacts facts(Pod pod) {
    var meta = pod.getMetadata();
    var spec = pod.getSpec();
    return new PodFacts(
        meta.getUid(),
        meta.getNamespace(),
        meta.getName(),
        spec.getNodeName(),
        requireNonNullElse(meta.getLabels(), Map.of()),
        ours(requireNonNullElse(meta.getAnnotations(), Map.of())),
        Boolean.TRUE.equals(spec.getHostNetwork()),
        Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream())
            .flatMap(Pods::namedPorts)
            .toList(),
        requireNonNullElse(meta.getAnnotations(), Map.<String, String>of())
            .get("kubernetes.io/config.hash"),
        pod.getStatus() != null
            && List.of("Succeeded", "Failed").contains(pod.getStatus().getPhase()));
  }

  /** Whether it is the pod of a probe and not one that the case is about. */
  static boolean isProbe(Pod pod) {
    return requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of())
        .getOrDefault("app.kubernetes.io/component", "")
        .equals("probe");
  }

  static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(
            condition ->
                condition.getType().equals("Ready") && condition.getStatus().equals("True"));
  }

  private static Map<String, String> ours(Map<String, String> annotations) {
    var ours = new TreeMap<String, String>();
    annotations.forEach(
        (key, value) -> {
          if (key.startsWith(AnnotationKeys.PREFIX)) ours.put(key, value);
        });
    return ours;
  }

  private static Stream<PodFacts.NamedPort> namedPorts(Container container) {
    return container.getPorts().stream()
        .filter(port -> port.getName() != null)
        .filter(port -> requireNonNullElse(port.getProtocol(), "TCP").equals("TCP"))
        .map(
            (ContainerPort port) ->
                new PodFacts.NamedPort(port.getName(), port.getContainerPort()));
  }

  private Pods() {}
}
