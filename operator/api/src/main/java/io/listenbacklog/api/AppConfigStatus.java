package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change of a workload's configuration that a policy asks for.
 *
 * @param workload such as {@code Deployment/api}, of a ClusterBacklogPolicy {@code
 *     openstack/Deployment/api}
 * @param container empty where it is of no single one
 * @param what is changed: {@code env GUNICORN_CMD_ARGS}, {@code args --backlog}, {@code configMap
 *     web: default.conf}
 * @param from the value before, empty where there was none
 * @param to the value asked for
 * @param reason one CamelCase word
 * @param message for people, at most 1 KiB
 * @param since when this phase began
 * @param patch what to commit: a strategic merge patch of the workload, or the changed line of a
 *     file; at most 8 KiB; null: nothing is to be changed
 */
public record AppConfigStatus(
    @JsonPropertyDescription(
            "The workload, as kind and name; of a ClusterBacklogPolicy with its namespace before.")
        String workload,
    @JsonPropertyDescription("The container, empty where it is of no single one.") String container,
    @JsonPropertyDescription("What is changed, such as env GUNICORN_CMD_ARGS.") String what,
    @JsonPropertyDescription("The value before, empty where there was none.") String from,
    @JsonPropertyDescription("The value asked for.") String to,
    @JsonPropertyDescription(
            "Proposed, Waiting, Applying, Verifying, Applied, RolledBack, Refused or Contested.")
        AppConfigPhase phase,
    @JsonPropertyDescription("Why it is in this phase, in one word.") String reason,
    @JsonPropertyDescription("Why it is in this phase, for people.") String message,
    @JsonPropertyDescription("When this phase began.") Instant since,
    @JsonPropertyDescription(
            "What to commit instead: a strategic merge patch of the workload, or the changed line of a file.")
        @Nullable String patch) {}
