package io.listenbacklog.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A listener as its probe sees it now.
 *
 * @param node empty where unknown
 * @param socket inode of the socket
 * @param queue connections that wait for accept(); null: not known here
 * @param limit the backlog that the kernel holds
 * @param required the backlog that a policy asks for; 0: none does
 * @param peak the longest queue that was seen; null: an older probe, which keeps none
 * @param peakAt when that was; null: not known, or nobody ever waited
 * @param overflows connection attempts dropped because the queue was full, at most; null: not known
 *     here
 * @param overflowedLimit the backlog that it had when that was seen last; null: not known, or
 *     nothing was dropped
 * @param overflowsPerSecond since the last look; null: this is the first
 * @param stalledSeconds how long nothing was accepted while connections waited; 0: it is not
 *     stalled
 * @param watchedSeconds how long the probe has watched it; null: an older probe
 * @param memoryBytes what a full queue may take of the kernel's memory, at most; null: not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ListenerFigures(
    String node,
    String namespace,
    String pod,
    String container,
    String address,
    String socket,
    @Nullable Long queue,
    long limit,
    long required,
    @Nullable Long peak,
    @Nullable Instant peakAt,
    @Nullable Long overflows,
    @Nullable Long overflowedLimit,
    @Nullable Double overflowsPerSecond,
    double stalledSeconds,
    @Nullable Double watchedSeconds,
    @Nullable Long memoryBytes) {

  /**
   * Most urgent first: the stalled ones, then the fullest, then who overflowed most; what is equal
   * by name, so that two runs show the same.
   */
  static final Comparator<ListenerFigures> WORST_FIRST = new WorstFirst();

  /**
   * By hand: the classes of what {@link Comparator#thenComparing} makes are in no prepared start
   * (AOT cache), for it can be serialized, and Java takes longer to make them than for the rest.
   */
  private static final class WorstFirst implements Comparator<ListenerFigures> {
    @Override
    public int compare(ListenerFigures a, ListenerFigures b) {
      int by = Double.compare(b.stalledSeconds, a.stalledSeconds);
      if (by == 0) by = Double.compare(b.rate(), a.rate());
      if (by == 0) by = Double.compare(b.fill(), a.fill());
      if (by == 0) by = Double.compare(b.peakFill(), a.peakFill());
      if (by == 0) by = Long.compare(b.dropped(), a.dropped());
      if (by == 0) by = a.namespace.compareTo(b.namespace);
      if (by == 0) by = a.pod.compareTo(b.pod);
      if (by == 0) by = a.address.compareTo(b.address);
      if (by == 0) by = a.socket.compareTo(b.socket);
      return by == 0 ? a.node.compareTo(b.node) : by;
    }
  }

  /** Connection attempts dropped because the queue was full, as far as it is known. */
  long dropped() {
    return overflows == null ? 0 : overflows;
  }

  private double rate() {
    return overflowsPerSecond == null ? 0 : overflowsPerSecond;
  }

  /** How full the queue is: 0 to 1, or a little more, for a backlog of 5 holds 6 connections. */
  double fill() {
    return queue == null ? 0 : (double) queue / Math.max(1, limit);
  }

  /** How full it was at most, by the limit it has now. */
  double peakFill() {
    return peak == null ? 0 : (double) peak / Math.max(1, limit);
  }

  /** What tells it from all others. */
  String key() {
    return String.join("\n", node, namespace, pod, address, socket);
  }

  /** The same, at this rate. */
  ListenerFigures at(@Nullable Double rate) {
    return new ListenerFigures(
        node,
        namespace,
        pod,
        container,
        address,
        socket,
        queue,
        limit,
        required,
        peak,
        peakAt,
        overflows,
        overflowedLimit,
        rate,
        stalledSeconds,
        watchedSeconds,
        memoryBytes);
  }
}
