package io.listenbacklog.cli;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodePod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Why what a NodeBacklog tells of a pod's listeners may not be what they are now. That it tells of
 * none is said of a pod that is well, and of one that nobody looks at.
 */
final class Doubts {
  /** Between two pods in the message of Visibility, as the probe joins them. */
  private static final Pattern NEXT_POD =
      Pattern.compile("; (?=[a-z0-9.-]+/[a-z0-9.-]+: |and [0-9]+ more$)");

  /** After those that it names. */
  private static final Pattern MORE = Pattern.compile("and [0-9]+ more");

  private Doubts() {}

  /**
   * In sentences; none: they are as told.
   *
   * @param status what its node's probe has reported
   */
  static List<String> of(PodRequirement holding, NodeBacklogStatus status, ReadyProbes probes) {
    var doubts = new ArrayList<String>();
    var meta = holding.node().getMetadata();
    String node = meta.getName();
    switch (probes) {
      case ReadyProbes.Known known when !known.isReadyOn(node) ->
          doubts.add(
              "The probe of node %s is not ready (%s): nobody looks at this pod, and what is told is what was seen last."
                  .formatted(node, known.instead(node)));
      case ReadyProbes.Known _ -> {}
      case ReadyProbes.NotKnown(var why) ->
          doubts.add("Not known whether the probe of node %s is ready: %s.".formatted(node, why));
    }
    if (!Objects.equals(status.observedGeneration(), meta.getGeneration())) {
      doubts.add(
          "The probe of node %s has not yet taken up what holds now (it has seen generation %s of %s)."
              .formatted(
                  node,
                  Objects.requireNonNullElse(status.observedGeneration(), "none"),
                  meta.getGeneration()));
    }
    status.capabilities().stream()
        .filter(each -> each.type().equals("Visibility") && each.status().equals("False"))
        .flatMap(each -> hidden(each.message(), holding.pod()))
        .forEach(doubts::add);
    return List.copyOf(doubts);
  }

  private static Stream<String> hidden(String message, NodePod pod) {
    String name = pod.namespace() + "/" + pod.name() + ": ";
    var pods = message.split(": ", 2);
    if (pods.length < 2) return Stream.empty();
    var parts = Arrays.asList(NEXT_POD.split(pods[1]));
    for (String each : parts) {
      if (each.startsWith(name)) {
        return Stream.of(
            "The probe cannot see this pod: %s.".formatted(each.substring(name.length())));
      }
    }
    return MORE.matcher(parts.getLast()).matches()
        ? Stream.of("Its probe cannot see some pods, perhaps this one: it does not name them all.")
        : Stream.empty();
  }
}
