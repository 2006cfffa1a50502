package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * How many file descriptors a process has open, and how many it may have.
 *
 * @param pid of the process on the node
 * @param open descriptors in {@code /proc/PID/fd}
 * @param limit its soft limit of open files (RLIMIT_NOFILE)
 */
public record DescriptorUse(
    @Required @JsonPropertyDescription("The process on the node.") int pid,
    @Required @JsonPropertyDescription("File descriptors that it has open.") int open,
    @Required @JsonPropertyDescription("How many it may have: its soft limit of open files.")
        int limit) {}
