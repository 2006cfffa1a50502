package io.listenbacklog.probe.loop;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.kernel.events.KernelEvent;
import io.listenbacklog.probe.report.ListenerSamples;
import io.listenbacklog.probe.spec.NodeSpec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What reaches the loop from outside. */
public sealed interface Message {

  /**
   * The NodeBacklog is there.
   *
   * @param status that it had when it was read; null: none
   */
  record SpecArrived(NodeSpec spec, @Nullable NodeBacklogStatus status) implements Message {}

  /** What the NodeBacklog asked for when an earlier probe read it last; the API may be away. */
  record SpecKept(NodeSpec spec) implements Message {}

  /** The kernel told something. */
  record Told(KernelEvent event) implements Message {}

  /** The kernel tells of births from now on. */
  record BirthsWork() implements Message {}

  /** The kernel does not tell of births (any more). */
  record BirthsFail(String why) implements Message {}

  /**
   * Somebody wants to see all listeners.
   *
   * @param most that he can use
   */
  record Wanted(int most, CompletableFuture<ListenerSamples> answer) implements Message {}

  /** The node's clock is so far behind the API server's; negative: ahead of it. */
  record ClockIsBehind(Duration by) implements Message {}

  /** Nothing is left to do but to go. */
  record Stop() implements Message {}
}
