package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A listener that is undersized or remedied.
 *
 * @param policy null where the pod's annotations are the only source of its requirement
 * @param container empty where unknown
 * @param process command name of the owner; empty where unknown
 * @param pid the owner's process id on the node; 0 where unknown
 * @param application key of the application in the catalogue; null: not recognised
 * @param address such as {@code 0.0.0.0:9876} or {@code [::]:9876}
 * @param networkNamespace inode of its network namespace
 * @param inode of the socket
 * @param cookie {@code SO_COOKIE} of the socket, 16 hexadecimal digits
 * @param backlog the limit the kernel holds
 * @param requested the backlog before any remedy: what the application asked for, as far as
 *     somaxconn allowed
 * @param required 0 where nothing is required any more
 * @param somaxconn of its network namespace when it was judged
 * @param since when this verdict began
 * @param remedy null: not raised
 * @param hindrance null: nothing hinders
 */
public record NodeListener(
    @Required PodReference pod,
    @Nullable PolicyReference policy,
    @Required String container,
    @Required String process,
    @Required int pid,
    @Nullable String application,
    @Required String address,
    @Required long networkNamespace,
    @Required long inode,
    @Required String cookie,
    @Required @JsonPropertyDescription("The limit the kernel holds.") int backlog,
    @Required @JsonPropertyDescription("The backlog before any remedy.") int requested,
    @Required int required,
    @Required int somaxconn,
    @Required Verdict verdict,
    @Required Instant since,
    @Nullable AppliedRemedy remedy,
    @Nullable Hindrance hindrance) {}
