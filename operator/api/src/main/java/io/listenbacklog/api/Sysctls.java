package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/**
 * Floors for sysctls of a pod's network namespace: a lower value is raised, a higher one is left.
 *
 * @param somaxconn floor of {@code net.core.somaxconn}, 1 to 65535; null: only as high as a backlog
 *     needs it
 * @param tcpMaxSynBacklog floor of {@code net.ipv4.tcp_max_syn_backlog}, 1 to 65535; null: none
 */
public record Sysctls(
    @JsonPropertyDescription(
            "Floor of net.core.somaxconn, 1 to 65535. A lower value is raised as soon as the namespace exists, so that"
                + " applications which ask for the maximum (Go, Netty, Envoy) get it. Absent: raised only where it caps"
                + " a required backlog.")
        @Min(1)
        @Max(65535)
        @Nullable Integer somaxconn,
    @JsonPropertyDescription(
            "Floor of net.ipv4.tcp_max_syn_backlog, 1 to 65535: how many SYNs a listener remembers where SYN cookies are"
                + " off (with cookies on, as usual, the backlog alone counts). Absent: left as it is.")
        @Min(1)
        @Max(65535)
        @Nullable Integer tcpMaxSynBacklog) {}
