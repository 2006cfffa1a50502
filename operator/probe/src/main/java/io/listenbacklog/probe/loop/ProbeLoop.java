package io.listenbacklog.probe.loop;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.probe.budget.Budgets;
import io.listenbacklog.probe.discover.ApplicationRecognizer;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.time.Clocks;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that owns all state: takes messages, and does small steps in between. */
public final class ProbeLoop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(ProbeLoop.class);

  /**
   * So many messages in a row, then a step, so that a flood of births cannot hold up the sweeps.
   */
  private static final int MESSAGES_A_STEP = 16;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private final Inbox inbox;
  private final Engine engine;
  private final Clocks clocks;
  private volatile long lastBeatNanos;
  private volatile boolean ready;
  private boolean stopped;

  private ProbeLoop(Inbox inbox, Engine engine, Clocks clocks) {
    this.inbox = inbox;
    this.engine = engine;
    this.clocks = clocks;
    lastBeatNanos = clocks.nanos();
  }

  /**
   * Puts the engine together.
   *
   * @param publisher takes each status that differs from the one before; must not wait
   */
  public static ProbeLoop of(
      NodeAccess node,
      Journal journal,
      ApplicationRecognizer recogniser,
      Engine.Intervals intervals,
      Clocks clocks,
      Counters counters,
      Inbox inbox,
      Consumer<NodeBacklogStatus> publisher) {
    var engine =
        Assembly.engine(
            node, journal, recogniser, intervals, Budgets.STANDARD, clocks, counters, publisher);
    return new ProbeLoop(inbox, engine, clocks);
  }

  @Override
  public void run() {
    try {
      while (!stopped) turn();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // Not to be survived: /livez turns red, and the next probe goes on from the journal.
      log.atError().setCause(e).log("the loop has ended");
      throw e;
    }
  }

  private void turn() throws InterruptedException {
    long idle = engine.idleNanos();
    var message = inbox.poll(Duration.ofNanos(Math.min(idle, LONGEST_WAIT.toNanos())));
    long begun = clocks.nanos();
    for (int i = 0; message != null && i < MESSAGES_A_STEP; i++) {
      take(message);
      if (stopped) return;
      if (clocks.nanos() - begun >= Budgets.STANDARD.step().toNanos()) {
        message = null;
        break;
      }
      message = inbox.poll(Duration.ZERO);
    }
    if (message != null) take(message);
    engine.step();
    ready = engine.ready();
    lastBeatNanos = clocks.nanos();
  }

  private void take(Message message) {
    switch (message) {
      case Message.SpecArrived(var spec, var status) -> engine.accept(spec, status);
      case Message.SpecKept(var spec) -> engine.goOnWith(spec);
      case Message.Told(var event) -> engine.accept(event);
      case Message.BirthsWork() -> engine.birthsWork();
      case Message.BirthsFail(String why) -> engine.birthsFail(why);
      case Message.ClockIsBehind(Duration by) -> engine.clockIsBehind(by);
      case Message.Wanted(int most, var answer) -> {
        if (!answer.isCancelled()) answer.complete(engine.samples(most));
      }
      case Message.Stop() -> stopped = true;
    }
  }

  /** How long ago the loop last went round. */
  public Duration sinceLastTurn() {
    return Duration.ofNanos(clocks.nanos() - lastBeatNanos);
  }

  /** Whether a spec is known and a sweep with it is done. */
  public boolean ready() {
    return ready;
  }
}
