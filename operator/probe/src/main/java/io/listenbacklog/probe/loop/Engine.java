package io.listenbacklog.probe.loop;

import io.listenbacklog.api.Condition;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.kernel.events.KernelEvent;
import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.capability.Capabilities;
import io.listenbacklog.probe.observe.PreviousStatus;
import io.listenbacklog.probe.remedy.RaisePermit;
import io.listenbacklog.probe.report.ListenerSamples;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NodeState;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.time.Clocks;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is due: births first, then sweeps and what they leave to be done in turn, then the status;
 * in small steps, so that a birth never waits for the end of a sweep. Owned by one thread; nothing
 * here waits, and nothing here calls the API.
 */
public final class Engine {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  private final Clocks clocks;
  private final StepBudget step;
  private final NodeState node;
  private final Sweep sweep;
  private final BirthVisits births;
  private final FollowUps followUps;
  private final PreviousStatus previous;
  private final RaisePermit permit;
  private final Capabilities capabilities;
  private final Publication publication;

  private int turns;
  private boolean lastWereBirths;
  private boolean statusTaken;

  /**
   * How often things are looked at.
   *
   * @param sweep every known listener
   * @param listing every namespace in full, while births work; without them at each sweep
   */
  public record Intervals(Duration sweep, Duration listing) {}

  Engine(
      Clocks clocks,
      StepBudget step,
      NodeState node,
      Sweep sweep,
      BirthVisits births,
      FollowUps followUps,
      PreviousStatus previous,
      RaisePermit permit,
      Capabilities capabilities,
      Publication publication) {
    this.clocks = clocks;
    this.step = step;
    this.node = node;
    this.sweep = sweep;
    this.births = births;
    this.followUps = followUps;
    this.previous = previous;
    this.permit = permit;
    this.capabilities = capabilities;
    this.publication = publication;
  }

  /** Whether a spec is known and a sweep with it is done. */
  public boolean ready() {
    return publication.ready();
  }

  /**
   * A spec that an earlier probe had kept holds until the API says more. Nothing is published
   * before that: see {@link Publication#apiAnswered}.
   */
  void goOnWith(NodeSpec kept) {
    if (node.spec() == null) take(kept);
  }

  /**
   * A spec has come from the API.
   *
   * @param status of the same object, written by an earlier probe; null where there is none
   */
  void accept(NodeSpec arrived, @Nullable NodeBacklogStatus status) {
    if (publication.apiAnswered()) {
      permit.apiAnswered();
      sweep.hurry(); // what waited for it is raised, be it the same spec
    }
    if (!statusTaken && status != null) {
      statusTaken = true;
      previous.take(status, arrived);
      node.namespaces().forEach(previous::recall);
      publication.changed();
    }
    var spec = node.spec();
    if (spec == null || !spec.isSame(arrived)) take(arrived);
  }

  private void take(NodeSpec arrived) {
    log.atInfo()
        .addKeyValue(LogKeys.GENERATION, arrived.generation())
        .addKeyValue(LogKeys.COUNT, arrived.pods().size())
        .log("new spec");
    sweep.specArrived(arrived, node.spec(), clocks.nanos());
    node.accept(arrived);
    publication.specArrived();
  }

  /** The kernel reported something. */
  void accept(KernelEvent event) {
    switch (event) {
      case KernelEvent.ListenerBorn(int thread, int port) -> {
        step.begin();
        if (!births.born(thread, port)) sweep.eventsLost();
      }
      case KernelEvent.CgroupMade(String path) -> sweep.cgroupMade(path);
      case KernelEvent.EventsLost() -> sweep.eventsLost();
    }
  }

  /** The kernel reports births from now on. */
  void birthsWork() {
    publication.changedIf(capabilities.birthsWork());
    sweep.listNext();
  }

  /** The kernel does not report births: sweeps list everything. */
  void birthsFail(String why) {
    publication.changedIf(capabilities.birthsFail(why));
  }

  /** The node's clock and the API server's differ; zero: they do not (any more). */
  void clockIsBehind(Duration by) {
    publication.changedIf(capabilities.clockIsBehind(by));
  }

  /** What the probe can do on this node. */
  List<Condition> capabilities() {
    return capabilities.all();
  }

  /** Every listener of a watched pod, for metrics. */
  ListenerSamples samples(int most) {
    return publication.samples(most);
  }

  /** How long nothing has to be done; 0 or less: something is due now. */
  long idleNanos() {
    long now = clocks.nanos();
    long idle = Math.min(sweep.idleNanos(now), births.idleNanos(now));
    idle = Math.min(idle, followUps.idleNanos(now));
    return Math.min(idle, publication.idleNanos(now));
  }

  /**
   * Does the next small thing that is due, if any is. Births come first, but not twice in a row;
   * what a sweep does and what comes of it take turns: so nothing waits for the end of another,
   * whatever there is of it.
   */
  void step() {
    step.begin();
    long now = clocks.nanos();
    boolean birthsFirst = births.idleNanos(now) <= 0 && !lastWereBirths;
    lastWereBirths = birthsFirst;
    turns++;
    if (birthsFirst) births.step();
    else if (publication.isOverdue(now)) publication.publish(now);
    else if (!stepInTurn(now) && publication.isDue(now)) publication.publish(now);
  }

  private boolean stepInTurn(long now) {
    return turns % 2 == 0
        ? sweep.step(now) || followUps.step(now)
        : followUps.step(now) || sweep.step(now);
  }
}
