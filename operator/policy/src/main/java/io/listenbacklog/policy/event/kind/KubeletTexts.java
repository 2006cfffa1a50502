package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.NodeListener;
import io.listenbacklog.policy.resolve.KubeletProbes;
import io.listenbacklog.policy.resolve.KubeletProbes.Probe;
import io.listenbacklog.policy.text.CleanText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * That the kubelet is one of those who wait: its probes go to the listener, and what it makes of
 * their failures (restarts, an unready pod) is no fault of its own.
 */
final class KubeletTexts {
  private static final int LONGEST_NAME = 128;

  /** Containers of a pod whose probes go to one port: one, or one and a sidecar. */
  private static final int MOST_CONTAINERS = 2;

  /** What becomes of the kubelet's connections. */
  enum Fate {
    /** The kernel drops them, as it drops others. */
    DROPPED("may be dropped like others'"),
    /** They are made, and nobody answers. */
    UNANSWERED("get no answer"),
    /** The same, in the past. */
    WERE_UNANSWERED("got no answer");

    private final String words;

    Fate(String words) {
      this.words = words;
    }
  }

  /**
   * A sentence for each container whose probes fail for it, with a space between; empty: none does.
   *
   * @param handshakesFail whether a probe fails too that wants no more than a connection
   */
  static String of(NodeListener listener, KubeletProbes probes, Fate fate, boolean handshakesFail) {
    var byContainer = new LinkedHashMap<String, List<Probe>>();
    for (Probe each : probes.to(port(listener))) {
      byContainer.computeIfAbsent(each.container(), _ -> new ArrayList<>()).add(each);
    }
    return byContainer.entrySet().stream()
        .limit(MOST_CONTAINERS)
        .map(
            each ->
                sentence(
                    each.getKey(),
                    each.getValue(),
                    probes.restartsOf(each.getKey()),
                    fate,
                    handshakesFail))
        .collect(Collectors.joining(" "));
  }

  private static String sentence(
      String container, List<Probe> probes, int restarts, Fate fate, boolean handshakesFail) {
    List<Probe> failing =
        handshakesFail ? probes : probes.stream().filter(each -> !each.handshakeAlone()).toList();
    String of = " of container " + CleanText.of(container, LONGEST_NAME);
    if (failing.isEmpty()) {
      return "The kubelet's %s%s to this port and, being tcpSocket, %s while the queue has room: httpGet or grpc would notice."
          .formatted(
              names(probes),
              of + (probes.size() == 1 ? " goes" : " go"),
              probes.size() == 1 ? "succeeds" : "succeed");
    }
    return "The kubelet's %s%s to this port, and %s: %s."
        .formatted(
            names(failing),
            of + (failing.size() == 1 ? " goes" : " go"),
            "its connections " + fate.words,
            consequences(failing, restarts, fate));
  }

  private static String names(List<Probe> probes) {
    return probes.stream()
            .map(each -> each.kind().name().toLowerCase(Locale.ROOT))
            .distinct()
            .collect(Collectors.joining(" and "))
        + (probes.size() == 1 ? " probe" : " probes");
  }

  private static String consequences(List<Probe> failing, int restarts, Fate fate) {
    boolean restarted = failing.stream().anyMatch(each -> each.kind().restarts());
    boolean unready = failing.stream().anyMatch(each -> !each.kind().restarts());
    boolean over = fate == Fate.WERE_UNANSWERED;
    String count = restarts == 0 ? "" : " (%d so far)".formatted(restarts);
    var what = new ArrayList<String>();
    if (restarted) what.add("restarts of the container" + count);
    if (unready) what.add("an unready pod");
    return (over ? "that may explain " : "expect ") + String.join(" and ", what);
  }

  /** Of one that the kubelet reaches by the pod's address; else 0. */
  private static int port(NodeListener listener) {
    String address = listener.address();
    if (ListenerNames.isUnix(listener) || ListenerNames.isLoopback(address)) return 0;
    return KubeletProbes.port(address.substring(address.lastIndexOf(':') + 1), Map.of());
  }

  private KubeletTexts() {}
}
