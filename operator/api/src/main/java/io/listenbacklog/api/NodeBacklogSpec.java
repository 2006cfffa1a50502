package io.listenbacklog.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** What the probe of a node has to see to: written by the controller alone. */
@JsonClassDescription("What the probe of this node has to see to, written by the controller.")
public record NodeBacklogSpec(
    @JsonPropertyDescription("What the governed pods of this node need, grouped by policy.")
        List<NodeRequirement> requirements) {

  public NodeBacklogSpec {
    requirements = List.copyOf(requireNonNullElse(requirements, List.of()));
  }
}
