package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A sysctl that the operator raised, or may raise but cannot, in the network namespace of a pod.
 *
 * @param policy null where the pod's annotations are the only source of its requirement
 * @param name such as {@code net.core.somaxconn}
 * @param value what the kernel holds
 * @param required what is asked for; 0 where nothing is any more
 * @param remedy null: not raised
 * @param hindrance null: nothing hinders
 * @param contest null: nobody sets it back, or not often
 */
public record NodeSysctl(
    @Required @JsonPropertyDescription("The pod whose network namespace it is.") PodReference pod,
    @JsonPropertyDescription("Where the requirement comes from; absent: the pod's own annotations.")
        @Nullable PolicyReference policy,
    @Required @JsonPropertyDescription("Inode of the network namespace.") long networkNamespace,
    @Required @JsonPropertyDescription("Such as net.core.somaxconn.") String name,
    @Required @JsonPropertyDescription("What the kernel holds.") int value,
    @Required @JsonPropertyDescription("What is asked for, 0 where nothing is any more.")
        int required,
    @JsonPropertyDescription("What was raised, and how to undo it; absent: nothing.")
        @Nullable AppliedRemedy remedy,
    @JsonPropertyDescription("Why it is not raised though it may be; absent: nothing hinders.")
        @Nullable Hindrance hindrance,
    @JsonPropertyDescription("How often it was set back by another program; absent: it was not.")
        @Nullable Contention contest) {}
