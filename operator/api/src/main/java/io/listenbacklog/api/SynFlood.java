package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The SYN queue of a listener overflowed.
 *
 * @param cookies SYN cookies sent in this episode, in its network namespace
 * @param drops SYNs dropped in this episode because the SYN queue was full, in its network
 *     namespace
 * @param synReceived connections of this listener that waited for the last ACK when it was seen
 * @param limit how many the listener can hold so
 * @param limitedBy what that limit comes from: {@code backlog} or {@code
 *     net.ipv4.tcp_max_syn_backlog}
 * @param logged whether the kernel's log names this listener
 * @param times in how many looks it was seen
 * @param since when the episode began
 * @param last when it was seen last; five minutes later the episode is over, and no longer told
 * @param deferred whether the listener defers accepting (TCP_DEFER_ACCEPT): connections that are
 *     finished, and on which nothing was sent yet, are among {@code synReceived}; null: not known
 */
public record SynFlood(
    @Required @JsonPropertyDescription("SYN cookies sent in this episode.") long cookies,
    @Required
        @JsonPropertyDescription("SYNs dropped in this episode because the SYN queue was full.")
        long drops,
    @Required @JsonPropertyDescription("Connections that waited for the last ACK when it was seen.")
        int synReceived,
    @Required @JsonPropertyDescription("How many of those the listener can hold.") int limit,
    @Required
        @JsonPropertyDescription("Where that limit comes from: backlog or tcp_max_syn_backlog.")
        String limitedBy,
    @Required @JsonPropertyDescription("Whether the kernel's log names this listener.")
        boolean logged,
    @Required @JsonPropertyDescription("In how many looks it was seen.") int times,
    @Required @JsonPropertyDescription("When the episode began.") Instant since,
    @Required @JsonPropertyDescription("When it was seen last.") Instant last,
    @JsonPropertyDescription(
            "Whether the listener defers accepting (TCP_DEFER_ACCEPT), so that finished connections count until something is sent; absent: not known.")
        @Nullable Boolean deferred) {}
