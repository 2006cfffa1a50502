package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * What a container's applications gave their listeners by themselves, whatever was raised since. A
 * listener of which no backlog is asked does not count, nor one whose holder is still looked for.
 *
 * @param container empty where unknown
 * @param listeners those of which a backlog is asked
 * @param sufficient of them, those whose application gave them that much
 * @param capped of them, those that have less because {@code net.core.somaxconn} let the
 *     application have no more: it asked for that at least
 */
public record ContainerBacklogs(
    @Required @JsonPropertyDescription("The container, empty where unknown.") String container,
    @Required @JsonPropertyDescription("Its listeners of which a backlog is asked.") int listeners,
    @Required @JsonPropertyDescription("Those whose application gave them that much.")
        int sufficient,
    @Required
        @JsonPropertyDescription(
            "Those with less, for net.core.somaxconn let the application have no more.")
        int capped) {

  /** The sum of both, of one container. */
  public ContainerBacklogs plus(ContainerBacklogs other) {
    return new ContainerBacklogs(
        container,
        listeners + other.listeners,
        sufficient + other.sufficient,
        capped + other.capped);
  }
}
