package io.listenbacklog.api;

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
 */
public record NodeSysctl(
    @Required PodReference pod,
    @Nullable PolicyReference policy,
    @Required long networkNamespace,
    @Required String name,
    @Required int value,
    @Required int required,
    @Nullable AppliedRemedy remedy,
    @Nullable Hindrance hindrance) {}
