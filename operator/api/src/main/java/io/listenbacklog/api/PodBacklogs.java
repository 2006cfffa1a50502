package io.listenbacklog.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;

/**
 * What the applications of a pod gave their listeners by themselves: whether a change of their
 * configuration works is read from it.
 *
 * @param containers by name; empty: nothing of which a backlog is asked listens there
 */
public record PodBacklogs(
    @Required @JsonPropertyDescription("The pod.") PodReference pod,
    @JsonPropertyDescription("Its containers that listen, by name.")
        List<ContainerBacklogs> containers) {

  public PodBacklogs {
    containers = List.copyOf(requireNonNullElse(containers, List.of()));
  }
}
