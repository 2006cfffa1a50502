package io.listenbacklog.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What some pods of a node need. Pods of one policy that need the same share one of these; a pod
 * whose annotations override its policy, or whose port names mean other numbers, has another.
 *
 * @param policy null where the pods' own annotations are the only source
 * @param minimum backlog of every listener, 1 to 65535; null: only {@code ports} count
 * @param maximum how far the backlog may grow after overflows, 1 to 65535; null: it never grows
 * @param ports at most one rule a port or a range of ports, ascending, of two with the same first
 *     port the narrower first
 * @param loopback null: as if it were Govern
 * @param unix null: as if it were Observe
 * @param paths at most one rule a path, as listed; null: none
 * @param somaxconn floor of {@code net.core.somaxconn}; null: none
 * @param tcpMaxSynBacklog floor of {@code net.ipv4.tcp_max_syn_backlog}; null: none
 * @param allowNodeSysctls whether the node's own sysctls may be raised for hostNetwork pods
 * @param stallAfterMillis how long a connection waits at least, while nothing is accepted, until it
 *     is a stall: 1,000 to 3,600,000; what is 0 or absent becomes the default
 * @param appConfig whether the policy has {@code appConfig}, so that it must be known of each of
 *     these pods what its applications ask for; null: it has none
 */
public record NodeRequirement(
    @JsonPropertyDescription("The policy it comes from; absent: the pods' own annotations.")
        @Nullable PolicyReference policy,
    @Required @JsonPropertyDescription("Whether remedies may be applied: Observe or Enforce.")
        Mode mode,
    @JsonPropertyDescription(
            "Backlog that every listener of these pods needs; absent: only the ports count.")
        @Nullable Integer minimum,
    @JsonPropertyDescription("How far a backlog may grow after overflows; absent: it never grows.")
        @Nullable Integer maximum,
    @JsonPropertyDescription("What listeners on certain ports need instead, by ascending port.")
        List<NodePort> ports,
    @JsonPropertyDescription(
            "Exempt: listeners that only the pod itself can reach need nothing; absent: Govern.")
        @Nullable Loopback loopback,
    @JsonPropertyDescription(
            "Govern: UNIX listeners need what others need; Ignore: nothing is said of them; absent: Observe.")
        @Nullable UnixListeners unix,
    @JsonPropertyDescription("What certain UNIX listeners need instead; absent: nothing special.")
        @Nullable List<NodePath> paths,
    @JsonPropertyDescription("What may be done in mode Enforce.") List<Remedy> remedies,
    @JsonPropertyDescription("Floor of net.core.somaxconn; absent: none.")
        @Nullable Integer somaxconn,
    @JsonPropertyDescription("Floor of net.ipv4.tcp_max_syn_backlog; absent: none.")
        @Nullable Integer tcpMaxSynBacklog,
    @JsonPropertyDescription("Whether sysctls of the node may be raised for its host network pods.")
        boolean allowNodeSysctls,
    @JsonPropertyDescription(
            "Milliseconds that a connection waits while nothing is accepted: then it is a stall.")
        int stallAfterMillis,
    @Required @JsonPropertyDescription("What becomes of remedies when the requirement goes.")
        OnDelete onDelete,
    @JsonPropertyDescription(
            "Whether status.pods tells of these pods, for their policy has appConfig; absent: no.")
        @Nullable Boolean appConfig,
    @JsonPropertyDescription("The pods of this node that need this.") List<NodePod> pods) {

  private static final int DEFAULT_STALL_MILLIS =
      Math.toIntExact(StallRule.DEFAULT.duration().toMillis());

  public NodeRequirement {
    stallAfterMillis = stallAfterMillis == 0 ? DEFAULT_STALL_MILLIS : stallAfterMillis;
    ports = List.copyOf(requireNonNullElse(ports, List.of()));
    if (loopback == Loopback.GOVERN) loopback = null;
    if (unix == UnixListeners.OBSERVE) unix = null;
    if (paths != null) paths = paths.isEmpty() ? null : List.copyOf(paths);
    remedies = List.copyOf(requireNonNullElse(remedies, List.of()));
    if (appConfig != null && !appConfig) appConfig = null;
    pods = List.copyOf(requireNonNullElse(pods, List.of()));
  }

  /**
   * One that asks for nothing yet: of no policy, with no remedies, and of no pods.
   *
   * @param onDelete what becomes of remedies when it goes
   */
  public static Builder in(Mode mode, OnDelete onDelete) {
    return new Builder(mode, onDelete);
  }

  /** The same, of these pods. */
  public NodeRequirement withPods(List<NodePod> these) {
    return new NodeRequirement(
        policy,
        mode,
        minimum,
        maximum,
        ports,
        loopback,
        unix,
        paths,
        remedies,
        somaxconn,
        tcpMaxSynBacklog,
        allowNodeSysctls,
        stallAfterMillis,
        onDelete,
        appConfig,
        these);
  }

  /** For what needs few of its parts: all others are absent. Each is as in the record. */
  public static final class Builder {
    private final Mode mode;
    private final OnDelete onDelete;
    private @Nullable PolicyReference policy;
    private @Nullable Integer minimum;
    private @Nullable Integer maximum;
    private List<NodePort> ports = List.of();
    private @Nullable Loopback loopback;
    private @Nullable UnixListeners unix;
    private List<NodePath> paths = List.of();
    private List<Remedy> remedies = List.of();
    private @Nullable Integer somaxconn;
    private int stallAfterMillis;

    private Builder(Mode mode, OnDelete onDelete) {
      this.mode = mode;
      this.onDelete = onDelete;
    }

    /** Whose it is. */
    public Builder policy(@Nullable PolicyReference value) {
      policy = value;
      return this;
    }

    /** Backlog of every listener, 1 to 65535. */
    public Builder minimum(@Nullable Integer value) {
      minimum = value;
      return this;
    }

    /** How far the backlog may grow after overflows, 1 to 65535. */
    public Builder maximum(@Nullable Integer value) {
      maximum = value;
      return this;
    }

    /** What certain ports need, ascending. */
    public Builder ports(List<NodePort> value) {
      ports = value;
      return this;
    }

    /** What listeners of the loopback need. */
    public Builder loopback(@Nullable Loopback value) {
      loopback = value;
      return this;
    }

    /** What UNIX listeners need. */
    public Builder unix(@Nullable UnixListeners value) {
      unix = value;
      return this;
    }

    /** What certain UNIX listeners need. */
    public Builder paths(List<NodePath> value) {
      paths = value;
      return this;
    }

    /** What may be done in mode Enforce. */
    public Builder remedies(Remedy... values) {
      remedies = List.of(values);
      return this;
    }

    /** Floor of {@code net.core.somaxconn}. */
    public Builder somaxconn(@Nullable Integer value) {
      somaxconn = value;
      return this;
    }

    /** 1,000 to 3,600,000; without it, the default. */
    public Builder stallAfterMillis(int value) {
      stallAfterMillis = value;
      return this;
    }

    /** With these pods. */
    public NodeRequirement of(List<NodePod> pods) {
      return new NodeRequirement(
          policy,
          mode,
          minimum,
          maximum,
          ports,
          loopback,
          unix,
          paths,
          remedies,
          somaxconn,
          null,
          false,
          stallAfterMillis,
          onDelete,
          null,
          pods);
    }
  }
}
