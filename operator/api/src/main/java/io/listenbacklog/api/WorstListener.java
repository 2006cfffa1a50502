package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * A listener that a policy's status shows because it has a symptom or is below its requirement.
 *
 * @param required 0 where nothing is required
 * @param peak null: nobody was ever seen to wait, or the probe does not say
 * @param memoryBytes null: not known, as of a UNIX listener
 */
public record WorstListener(
    @JsonPropertyDescription("Namespace and name of the pod, with a slash between.") String pod,
    @JsonPropertyDescription("The container, empty where unknown.") String container,
    @JsonPropertyDescription("Command name of the owning process.") String process,
    @JsonPropertyDescription("Address and port it listens on.") String address,
    @JsonPropertyDescription("The backlog the kernel holds.") int backlog,
    @JsonPropertyDescription("The backlog it needs.") int required,
    @JsonPropertyDescription("The cause, for people.") String why,
    @JsonPropertyDescription(
            "The longest queue that was seen since the probe watches it; absent: nobody was seen to wait.")
        @Nullable QueuePeak peak,
    @JsonPropertyDescription(
            "What a full queue may take of the node's memory at most, in bytes, where tcp_rmem is the kernel's default; charged to no pod before accept(). Absent: not known, as of a UNIX listener.")
        @Nullable Long memoryBytes) {}
