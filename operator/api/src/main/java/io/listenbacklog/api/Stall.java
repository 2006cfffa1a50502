package io.listenbacklog.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An application has stopped accepting: the oldest connection in the queue has waited for longer
 * than {@code stall.after}, and nothing was accepted meanwhile.
 *
 * @param waiting connections that waited when it was looked at
 * @param oldestMillis how long the oldest had waited
 * @param unreadBytes what the client of the oldest had sent by then
 * @param backlog the limit at that moment
 * @param processes how many processes hold the listener: workers that share it
 * @param workers threads of those processes
 * @param threads what those do that say most, at most eight; one stands for all that do the same
 * @param times in how many looks it was seen in this episode
 * @param episode when the first stall of this episode began: stalls with less than five quiet
 *     minutes between them are one episode; what is absent becomes {@code since}
 * @param since when the oldest waiting connection came: nothing was accepted since
 * @param at when it was looked at last
 * @param until when it was over: something was accepted, or nobody waits any more; null: it lasts.
 *     Five minutes later it is no longer told.
 * @param waitingSeen where the connections that wait could be seen; null: at the listener's own
 *     address and port
 * @param descriptors of a holder that is at its limit of open files, so that accept() fails; null:
 *     none is, or it is not known
 * @param inheritedFrom whose listener it was, where only processes hold it that are no server and
 *     inherited it; null: a server holds it, as far as is known
 * @param listeningSince when it began to listen; null: not known
 * @param open connections that were accepted at the listener, or at its group of SO_REUSEPORT, and
 *     are not closed; null: not known
 * @param neverAccepted whether it is proven that nothing was accepted since it began to listen
 */
public record Stall(
    @Required @JsonPropertyDescription("Connections that waited when it was looked at.")
        int waiting,
    @Required @JsonPropertyDescription("How long the oldest had waited, in milliseconds.")
        long oldestMillis,
    @Required @JsonPropertyDescription("Bytes that the client of the oldest had sent by then.")
        long unreadBytes,
    @Required @JsonPropertyDescription("The backlog at that moment.") int backlog,
    @Required @JsonPropertyDescription("Processes that hold the listener.") int processes,
    @Required @JsonPropertyDescription("Threads of the processes that hold the listener.")
        int workers,
    @JsonPropertyDescription(
            "What those threads do that say most; one stands for all that do the same.")
        @Size(max = 8)
        List<StalledThread> threads,
    @Required @JsonPropertyDescription("In how many looks it was seen in this episode.") int times,
    @JsonPropertyDescription(
            "When the first stall of this episode began: five quiet minutes end it.")
        Instant episode,
    @Required @JsonPropertyDescription("Since when nothing was accepted.") Instant since,
    @Required @JsonPropertyDescription("When it was looked at last.") Instant at,
    @JsonPropertyDescription("When it was over; absent: it lasts.") @Nullable Instant until,
    @JsonPropertyDescription(
            "Elsewhere (at other ports or addresses, as with TPROXY or sk_lookup) or Nowhere (clients that are gone); absent: they were seen at the listener's own address.")
        @Nullable WaitingSeen waitingSeen,
    @JsonPropertyDescription(
            "A process that holds the listener and is at its limit of open files, so that accept() fails; absent: none, or not known.")
        @Nullable DescriptorUse descriptors,
    @JsonPropertyDescription(
            "Whose listener it was, where only processes hold it that are no server and inherited it; absent: a server holds it.")
        @Nullable FormerServer inheritedFrom,
    @JsonPropertyDescription("When it began to listen; absent: not known.")
        @Nullable Instant listeningSince,
    @JsonPropertyDescription(
            "Connections that were accepted here and are not closed; absent: not known.")
        @Nullable Integer open,
    @JsonPropertyDescription(
            "Whether it is proven that nothing was accepted since it began to listen.")
        boolean neverAccepted) {

  public Stall {
    episode = requireNonNullElse(episode, since);
    threads = List.copyOf(requireNonNullElse(threads, List.of()));
  }

  /**
   * Whether no more is known than that its holder could open no more files at any look while
   * connections waited: some may have been accepted meanwhile, in the place of others.
   */
  public boolean provenByDescriptorsAlone() {
    return descriptors != null && descriptors.since() != null;
  }

  /** The same stall, which was over at a moment. */
  public Stall endedAt(Instant end) {
    return new Stall(
        waiting,
        oldestMillis,
        unreadBytes,
        backlog,
        processes,
        workers,
        threads,
        times,
        episode,
        since,
        at,
        end,
        waitingSeen,
        descriptors,
        inheritedFrom,
        listeningSince,
        open,
        neverAccepted);
  }
}
