package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many file descriptors a process has open, and how many it may have.
 *
 * @param pid of the process on the node
 * @param open descriptors in {@code /proc/PID/fd}
 * @param limit its soft limit of open files (RLIMIT_NOFILE)
 * @param since since when it had no more at any look, though some may have been accepted meanwhile
 *     in the place of others; null: it is proven that none was
 * @param reopened how many listeners were opened at the address since then, each in the place of
 *     one before; null: none
 */
public record DescriptorUse(
    @Required @JsonPropertyDescription("The process on the node.") int pid,
    @Required @JsonPropertyDescription("File descriptors that it has open.") int open,
    @Required @JsonPropertyDescription("How many it may have: its soft limit of open files.")
        int limit,
    @JsonPropertyDescription(
            "Since when it had no more at any look, though some connections may have been accepted meanwhile in the place of others; absent: none was.")
        @Nullable Instant since,
    @JsonPropertyDescription(
            "How many listeners were opened at the address since then, each in the place of one before; absent: none.")
        @Nullable Integer reopened) {

  /** Of one that accepts nothing. */
  public DescriptorUse(int pid, int open, int limit) {
    this(pid, open, limit, null, null);
  }
}
