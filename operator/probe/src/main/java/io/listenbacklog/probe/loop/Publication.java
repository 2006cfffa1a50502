package io.listenbacklog.probe.loop;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.probe.capability.Capabilities;
import io.listenbacklog.probe.report.ListenerSamples;
import io.listenbacklog.probe.report.StatusBuilder;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NodeState;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.time.Clocks;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** When the status is published, and with which generation. */
final class Publication {
  private static final long PUBLISH_NANOS = Duration.ofMillis(100).toNanos();

  /**
   * So many times as long as it took to make it the next status is not made: of thousands of raised
   * listeners it takes milliseconds, and where some come and go there is always a new one.
   */
  private static final int TIMES_ITS_COST = 50;

  /** Longer it does not wait for that, be the JVM cold or the machine busy. */
  private static final long LONGEST_REST_NANOS = Duration.ofMillis(500).toNanos();

  /** When what is new is published though there is always something else to do. */
  private static final long OVERDUE_NANOS = Duration.ofMillis(500).toNanos();

  /**
   * When what was found is published though a newer spec is not swept yet: for one that changes all
   * the time. Else a status is of one spec at a time.
   */
  private static final long LONGEST_HOLD_NANOS = Duration.ofSeconds(1).toNanos();

  private final Clocks clocks;
  private final NodeState node;
  private final Capabilities capabilities;
  private final StatusBuilder builder;
  private final Counters counters;
  private final Consumer<NodeBacklogStatus> publisher;

  private NodeSpec.@Nullable Version observed;
  private boolean apiRead;
  private boolean ready;
  private boolean swept;
  private boolean dirty;
  private long nextNanos;
  private long lastNanos;
  private @Nullable NodeBacklogStatus published;

  /**
   * Nothing is published yet.
   *
   * @param publisher takes each status that differs from the one before, and not only by {@link
   *     ToldPeaks peaks}; must not wait
   */
  Publication(
      Clocks clocks,
      NodeState node,
      Capabilities capabilities,
      StatusBuilder builder,
      Counters counters,
      Consumer<NodeBacklogStatus> publisher) {
    this.clocks = clocks;
    this.node = node;
    this.capabilities = capabilities;
    this.builder = builder;
    this.counters = counters;
    this.publisher = publisher;
  }

  /** Whether a spec is known and a sweep with it is done. */
  boolean ready() {
    return ready;
  }

  /** Something is new, perhaps. */
  void changed() {
    dirty = true;
  }

  void changedIf(boolean news) {
    dirty |= news;
  }

  /**
   * The API has answered. Nothing is published before: what was reported of a listener, and since
   * when, stands only in the status, which must be read before it is written anew.
   *
   * @return whether that is so for the first time
   */
  boolean apiAnswered() {
    if (apiRead) return false;
    apiRead = true;
    dirty = true;
    return true;
  }

  /** A spec came: it is to be swept before the status is of it. */
  void specArrived() {
    swept = false;
  }

  /**
   * A sweep has ended.
   *
   * @param begunWith the spec that was known when it began; null: none was
   */
  void sweepEnded(NodeSpec.@Nullable Version begunWith, long now) {
    dirty = true;
    observed = begunWith;
    var spec = node.spec();
    if (spec == null || swept || begunWith == null) return;
    ready = true;
    if (begunWith.equals(spec.version())) {
      swept = true;
      nextNanos = now;
    } else if (begunWith.isEarlier(spec.version()) && now - lastNanos > LONGEST_HOLD_NANOS) {
      publishNow(now);
    }
  }

  /** Until when there is nothing to publish. */
  long idleNanos(long now) {
    return dirty ? nextNanos - now : Long.MAX_VALUE;
  }

  /** Whether it comes before all that is not urgent. */
  boolean isOverdue(long now) {
    return dirty && now - nextNanos > OVERDUE_NANOS;
  }

  boolean isDue(long now) {
    return dirty && now - nextNanos >= 0;
  }

  /** Publishes what changed, unless a newer spec is being swept. */
  void publish(long now) {
    nextNanos = now + PUBLISH_NANOS;
    dirty = false;
    if (swept) publishNow(now);
  }

  private void publishNow(long now) {
    nextNanos = now + PUBLISH_NANOS;
    var spec = node.spec();
    if (spec == null || observed == null || !apiRead) return;
    lastNanos = now;
    tell(spec, observed);
    long made = clocks.nanos();
    nextNanos = made + Math.clamp(TIMES_ITS_COST * (made - now), PUBLISH_NANOS, LONGEST_REST_NANOS);
  }

  private void tell(NodeSpec spec, NodeSpec.Version observed) {
    if (counters.sysctlsRaised.get() > 0) capabilities.sysctlWorks();
    var hidden = builder.hidden(spec, node.namespaces());
    capabilities.podsSeen(StatusBuilder.texts(spec, hidden));
    var status =
        builder.status(spec, observed.generation(), node.namespaces(), hidden, capabilities.all());
    if (ToldPeaks.isTold(published, status)) return;
    published = status;
    publisher.accept(status);
  }

  /** Every listener of a watched pod, for metrics. */
  ListenerSamples samples(int most) {
    return builder.samples(node.spec(), node.namespaces(), most);
  }
}
