package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * What a thread of a stalled application does, read from /proc without disturbing it.
 *
 * @param pid of its process on the node
 * @param thread its own id on the node
 * @param name its comm, at most 15 characters
 * @param activity what it does
 * @param call name of the system call it is blocked in, such as {@code recvfrom}; null: in none, or
 *     not known
 * @param fd the file descriptor that the call is about; null: none
 * @param target what that descriptor is, such as {@code socket}, {@code pipe}, {@value
 *     #OTHER_LISTENER} or a path; null: not known
 * @param peer of a connected socket, such as {@code 10.0.3.7:49511}; null: none
 * @param silentMillis how long that peer has sent nothing; null: not known
 * @param alike how many threads do the same, this one included: the same activity, in the same
 *     call, on a descriptor of the same kind
 */
public record StalledThread(
    @Required @JsonPropertyDescription("Its process on the node.") int pid,
    @Required @JsonPropertyDescription("Its id on the node.") int thread,
    @Required @JsonPropertyDescription("Its name.") String name,
    @Required
        @JsonPropertyDescription(
            "Blocked (in a system call), Running (on a CPU), WaitingForDisk, WaitingForLock, Stopped, Frozen or Unknown.")
        ThreadActivity activity,
    @JsonPropertyDescription("The system call it is blocked in; absent: none, or not known.")
        @Nullable String call,
    @JsonPropertyDescription("The file descriptor that the call is about.") @Nullable Integer fd,
    @JsonPropertyDescription("What that descriptor is.") @Nullable String target,
    @JsonPropertyDescription("The other end of a connected socket.") @Nullable String peer,
    @JsonPropertyDescription("How long that end has sent nothing, in milliseconds.")
        @Nullable Long silentMillis,
    @Required @JsonPropertyDescription("How many threads do the same, this one included.")
        int alike) {

  /** What {@code target} is for a thread that waits in accept() on another listener. */
  public static final String OTHER_LISTENER = "other listener";
}
