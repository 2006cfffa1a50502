package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A listener that is undersized, remedied or has a symptom.
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
 * @param somaxconn of its network namespace when it was judged; 0: it cannot be read
 * @param somaxconnAtListen what that was when the application set its backlog; null: not known, for
 *     nobody saw that and the backlog does not show it, or as told by a probe that did not say
 * @param since when this verdict began
 * @param remedy null: not raised
 * @param hindrance null: nothing hinders
 * @param growth null: it did not grow
 * @param overflow null: none in the last five minutes
 * @param stall null: none now, and none that ended in the last five minutes
 * @param synFlood null: none in the last five minutes
 * @param reopened null: the first of its kind at this address for an hour
 * @param contest null: the application does not set its own backlog again, or not often
 * @param peak null: nobody was ever seen to wait, or nothing is the matter with it, or as told by a
 *     probe that did not say
 */
public record NodeListener(
    @Required @JsonPropertyDescription("The pod it belongs to.") PodReference pod,
    @JsonPropertyDescription("Where its requirement comes from; absent: the pod's own annotations.")
        @Nullable PolicyReference policy,
    @Required @JsonPropertyDescription("The container, empty where unknown.") String container,
    @Required @JsonPropertyDescription("Command name of the owning process, empty where unknown.")
        String process,
    @Required @JsonPropertyDescription("The owner's process id on the node, 0 where unknown.")
        int pid,
    @JsonPropertyDescription("Key of the application in the catalogue; absent: not recognised.")
        @Nullable String application,
    @Required @JsonPropertyDescription("Address and port, such as 0.0.0.0:9876 or [::]:9876.")
        String address,
    @Required @JsonPropertyDescription("Inode of its network namespace.") long networkNamespace,
    @Required @JsonPropertyDescription("Inode of the socket.") long inode,
    @Required @JsonPropertyDescription("SO_COOKIE of the socket, 16 hexadecimal digits.")
        String cookie,
    @Required @JsonPropertyDescription("The limit the kernel holds.") int backlog,
    @Required @JsonPropertyDescription("The backlog before any remedy.") int requested,
    @Required
        @JsonPropertyDescription("The backlog it needs, 0 where nothing is required any more.")
        int required,
    @Required
        @JsonPropertyDescription("net.core.somaxconn of its network namespace when it was judged.")
        int somaxconn,
    @JsonPropertyDescription(
            "net.core.somaxconn when the application set its backlog; absent: not known.")
        @Nullable Integer somaxconnAtListen,
    @Required
        @JsonPropertyDescription(
            "Sufficient, UndersizedByApplication (it asked for less), UndersizedBySomaxconn (it was capped) or NotOfPod (no process of the pod holds it, and nothing is asked of it).")
        Verdict verdict,
    @Required @JsonPropertyDescription("When this verdict began.") Instant since,
    @JsonPropertyDescription("What was raised, and how to undo it; absent: nothing.")
        @Nullable AppliedRemedy remedy,
    @JsonPropertyDescription("Why it is not raised though it may be; absent: nothing hinders.")
        @Nullable Hindrance hindrance,
    @JsonPropertyDescription("How its backlog grew after overflows; absent: it did not.")
        @Nullable Growth growth,
    @JsonPropertyDescription("Dropped connection attempts of the last five minutes; absent: none.")
        @Nullable Overflow overflow,
    @JsonPropertyDescription("A stall that lasts, or ended in the last five minutes; absent: none.")
        @Nullable Stall stall,
    @JsonPropertyDescription("A SYN flood of the last five minutes; absent: none.")
        @Nullable SynFlood synFlood,
    @JsonPropertyDescription(
            "How often a listener was opened anew at this address, and the same was true of it; absent: never.")
        @Nullable Reopened reopened,
    @JsonPropertyDescription("How often it was set back by the application; absent: it was not.")
        @Nullable Contention contest,
    @JsonPropertyDescription(
            "The longest queue that was seen, of a listener that is undersized or has a symptom; absent: none. Written with other news, or when it grew by an eighth of the backlog.")
        @Nullable QueuePeak peak) {

  /** The first at its address; what somaxconn was when it began to listen is not known. */
  public NodeListener(
      PodReference pod,
      @Nullable PolicyReference policy,
      String container,
      String process,
      int pid,
      @Nullable String application,
      String address,
      long networkNamespace,
      long inode,
      String cookie,
      int backlog,
      int requested,
      int required,
      int somaxconn,
      Verdict verdict,
      Instant since,
      @Nullable AppliedRemedy remedy,
      @Nullable Hindrance hindrance,
      @Nullable Growth growth,
      @Nullable Overflow overflow,
      @Nullable Stall stall,
      @Nullable SynFlood synFlood) {
    this(
        pod,
        policy,
        container,
        process,
        pid,
        application,
        address,
        networkNamespace,
        inode,
        cookie,
        backlog,
        requested,
        required,
        somaxconn,
        null,
        verdict,
        since,
        remedy,
        hindrance,
        growth,
        overflow,
        stall,
        synFlood,
        null,
        null,
        null);
  }

  /** The same with another peak. */
  public NodeListener withPeak(@Nullable QueuePeak other) {
    return new NodeListener(
        pod,
        policy,
        container,
        process,
        pid,
        application,
        address,
        networkNamespace,
        inode,
        cookie,
        backlog,
        requested,
        required,
        somaxconn,
        somaxconnAtListen,
        verdict,
        since,
        remedy,
        hindrance,
        growth,
        overflow,
        stall,
        synFlood,
        reopened,
        contest,
        other);
  }

  /** Whether anything but its backlog is wrong with it, or was in the last five minutes. */
  public boolean hasSymptom() {
    return overflow != null || stall != null || synFlood != null;
  }
}
