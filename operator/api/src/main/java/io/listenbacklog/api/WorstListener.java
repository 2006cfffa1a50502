package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * A listener that a policy's status shows because it has a symptom or is below its requirement.
 *
 * @param required 0 where nothing is required
 */
public record WorstListener(
    @JsonPropertyDescription("Namespace and name of the pod, with a slash between.") String pod,
    @JsonPropertyDescription("The container, empty where unknown.") String container,
    @JsonPropertyDescription("Command name of the owning process.") String process,
    @JsonPropertyDescription("Address and port it listens on.") String address,
    @JsonPropertyDescription("The backlog the kernel holds.") int backlog,
    @JsonPropertyDescription("The backlog it needs.") int required,
    @JsonPropertyDescription("The cause, for people.") String why) {}
