package io.listenbacklog.policy.resolve;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the kubelet connects to a pod, to find out whether its containers live and serve. A
 * listener that drops or keeps waiting drops the kubelet's connections too. Small, for there is one
 * for each pod of the cluster, and most are equal.
 *
 * @param probes over TCP to the pod's own address; at most {@link #MOST}
 * @param restarts of those containers that a probe may have restarted, and only where there are any
 */
public record KubeletProbes(List<Probe> probes, List<Restarts> restarts) {
  /** Probes that are kept of a pod: three a container, and pods have few. */
  public static final int MOST = 48;

  /** None, or none that is known. */
  public static final KubeletProbes NONE = new KubeletProbes(List.of(), List.of());

  /** What the kubelet does once it fails often enough. */
  public enum Kind {
    /** Restarts the container. */
    LIVENESS,
    /** Restarts the container. */
    STARTUP,
    /** Takes the pod out of its Services. */
    READINESS;

    /** Whether failures end in a restart. */
    public boolean restarts() {
      return this != READINESS;
    }
  }

  /**
   * One of a container.
   *
   * @param port 1 to 65535
   * @param handshakeAlone whether a connection is enough (tcpSocket), which the kernel makes
   *     without the application; else an answer is waited for (httpGet, grpc)
   */
  public record Probe(String container, Kind kind, int port, boolean handshakeAlone) {}

  /**
   * How often a container was restarted, since its pod was made.
   *
   * @param count 1 or more
   */
  public record Restarts(String container, int count) {}

  public KubeletProbes {
    probes = List.copyOf(probes);
    restarts = List.copyOf(restarts);
  }

  /**
   * Of a pod, kept small.
   *
   * @param all in any order, any number
   * @param restarts by container, of all of them
   */
  public static KubeletProbes of(List<Probe> all, Map<String, Integer> restarts) {
    if (all.isEmpty()) return NONE;
    var kept =
        all.stream()
            .sorted(
                Comparator.comparing(Probe::container)
                    .thenComparing(Probe::kind)
                    .thenComparingInt(Probe::port))
            .limit(MOST)
            .toList();
    var seen =
        kept.stream()
            .filter(each -> each.kind().restarts())
            .map(Probe::container)
            .distinct()
            .filter(each -> requireNonNullElse(restarts.get(each), 0) > 0)
            .map(each -> new Restarts(each, Objects.requireNonNull(restarts.get(each))))
            .toList();
    return new KubeletProbes(kept, seen);
  }

  /** Those to one port. */
  public List<Probe> to(int port) {
    return probes.stream().filter(each -> each.port() == port).toList();
  }

  /** How often a container was restarted; 0: not, or not known. */
  public int restartsOf(String container) {
    return restarts.stream()
        .filter(each -> each.container().equals(container))
        .mapToInt(Restarts::count)
        .findFirst()
        .orElse(0);
  }

  /**
   * The port that a probe means, as the kubelet finds it: a number, the name of a port of the same
   * container, or a number in a text.
   *
   * @param ports of the container, by name
   * @return 0 where it means none
   */
  public static int port(String nameOrNumber, Map<String, Integer> ports) {
    Integer named = ports.get(nameOrNumber);
    if (named != null) return named;
    return nameOrNumber.matches("[0-9]{1,5}") ? sound(Integer.parseInt(nameOrNumber)) : 0;
  }

  /** The number, where it may be a port; else 0. */
  public static int sound(int port) {
    return port >= 1 && port <= 65535 ? port : 0;
  }

  /** Of a pod as the API server has it. */
  static KubeletProbes of(Pod pod) {
    var found = new ArrayList<Probe>();
    Stream.concat(
            pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
        .forEach(
            container -> {
              add(found, container, Kind.LIVENESS, container.getLivenessProbe());
              add(found, container, Kind.READINESS, container.getReadinessProbe());
              add(found, container, Kind.STARTUP, container.getStartupProbe());
            });
    if (found.isEmpty() || pod.getStatus() == null) return of(found, Map.of());
    return of(
        found,
        Stream.concat(
                pod.getStatus().getInitContainerStatuses().stream(),
                pod.getStatus().getContainerStatuses().stream())
            .collect(
                Collectors.toMap(
                    ContainerStatus::getName,
                    each -> requireNonNullElse(each.getRestartCount(), 0),
                    Math::max)));
  }

  private static void add(
      List<Probe> found,
      Container container,
      Kind kind,
      io.fabric8.kubernetes.api.model.@Nullable Probe probe) {
    if (probe == null) return;
    int port = 0;
    if (probe.getTcpSocket() != null && isOwn(probe.getTcpSocket().getHost())) {
      port = port(probe.getTcpSocket().getPort(), container);
    } else if (probe.getHttpGet() != null && isOwn(probe.getHttpGet().getHost())) {
      port = port(probe.getHttpGet().getPort(), container);
    } else if (probe.getGrpc() != null) {
      port = sound(requireNonNullElse(probe.getGrpc().getPort(), 0));
    }
    if (port != 0) {
      found.add(new Probe(container.getName(), kind, port, probe.getTcpSocket() != null));
    }
  }

  /** A host of its own makes it a probe of something else. */
  private static boolean isOwn(@Nullable String host) {
    return host == null || host.isEmpty();
  }

  private static int port(@Nullable IntOrString port, Container container) {
    if (port == null) return 0;
    if (port.getStrVal() == null) return sound(requireNonNullElse(port.getIntVal(), 0));
    var named = new TreeMap<String, Integer>();
    container.getPorts().stream()
        .filter(each -> each.getName() != null && each.getContainerPort() != null)
        .forEach(each -> named.putIfAbsent(each.getName(), sound(each.getContainerPort())));
    return port(port.getStrVal(), named);
  }
}
