package io.listenbacklog.api;

import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PortRule} with its port resolved to a number.
 *
 * @param port 1 to 65535
 * @param minimum 1 to 65535; null where exempt
 */
public record NodePort(@Required int port, @Nullable Integer minimum, boolean exempt) {}
