package io.listenbacklog.host;

import static io.listenbacklog.policy.text.Phrases.counted;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.kind.EventType;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.probe.CatalogueRecognizer;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.journal.JournalLock;
import io.listenbacklog.probe.json.Json;
import io.listenbacklog.probe.loop.Engine;
import io.listenbacklog.probe.loop.Inbox;
import io.listenbacklog.probe.loop.KernelEventPump;
import io.listenbacklog.probe.loop.Message;
import io.listenbacklog.probe.loop.NodeAccess;
import io.listenbacklog.probe.loop.ProbeLoop;
import io.listenbacklog.probe.report.ListenerSamples;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The engine of the probe on a machine without Kubernetes: what is asked comes from policies of a
 * file, and what is found goes to standard output.
 */
final class HostWatch implements AutoCloseable {
  static final Engine.Intervals INTERVALS =
      new Engine.Intervals(Duration.ofSeconds(2), Duration.ofSeconds(30));

  private static final Duration TURN = Duration.ofMillis(100);
  private static final long WRITE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Duration END = Duration.ofSeconds(5);

  /** Far longer than a status is held back: also where the machine has no time. */
  private static final Duration LAST_WORD = Duration.ofSeconds(10);

  /** Names the spec; the generation tells which. */
  private static final String SPEC = "host";

  private final HostSite site;
  private Governance governance;
  private final Clocks clocks;
  private final WatchLines lines;
  private final ObjectMapper json = Json.mapper();
  private final String bootId;
  private final JournalLock lock;
  private final Journal journal;
  private final Findings findings;
  private final Services services;
  private final Inbox inbox = new Inbox();
  private final KernelEventPump pump;
  private final ProbeLoop engine;
  private final Thread loop;
  private final ArrayBlockingQueue<NodeBacklogStatus> statuses = new ArrayBlockingQueue<>(1);
  private final int inForceAtStart;
  private @Nullable NodeBacklogStatus status;
  private List<NodeRequirement> asked;
  private long asOfChanges;
  private long generation;
  private boolean toWrite;

  /** Why what was said could not be written last; empty: it was. */
  private String unwritten = "";

  private long writtenNanos;
  private volatile boolean stopped;
  private volatile boolean toReadAgain;

  /** Where the policies are. */
  @FunctionalInterface
  interface Policies {
    List<HostPolicy> read() throws IOException;
  }

  /**
   * Starts one.
   *
   * @throws IOException where another one runs, or the journal or the kernel cannot be had
   */
  static HostWatch start(
      HostSite site,
      Governance governance,
      Engine.Intervals intervals,
      Clocks clocks,
      WatchLines lines)
      throws IOException {
    var lock = take(site);
    try {
      return new HostWatch(site, governance, intervals, clocks, lines, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static JournalLock take(HostSite site) throws IOException {
    try {
      return JournalLock.take(site.folder(), Duration.ZERO);
    } catch (JournalLock.HeldException e) {
      throw new IOException(
          "another backlog watch runs with the journal in %s: stop it first"
              .formatted(site.folder()),
          e);
    }
  }

  private HostWatch(
      HostSite site,
      Governance governance,
      Engine.Intervals intervals,
      Clocks clocks,
      WatchLines lines,
      JournalLock lock)
      throws IOException {
    this.site = site;
    this.governance = governance;
    this.clocks = clocks;
    this.lines = lines;
    this.lock = lock;
    var kernel = site.kernel();
    bootId = kernel.bootId();
    journal = Journal.open(site.folder(), bootId, json);
    inForceAtStart = inForce().size();
    if (inForceAtStart > 0 && !governance.enforce()) {
      journal.close();
      throw new FinalException(
          ("%d backlogs or sysctls that an earlier watch raised are in force, and without --enforce"
                  + " nothing may be changed: give --enforce, or put them back first (--undo)")
              .formatted(inForceAtStart));
    }
    var told = Told.read(site.folder(), bootId, json);
    var catalogue = Catalogue.standard();
    findings =
        new Findings(
            new EventPlanner(Explanations.ofHost(catalogue)),
            governance,
            clocks,
            lines,
            told.said());
    status = told.status();
    services =
        new Services(
            kernel.processes(),
            UserNames.ofMachine(),
            site.hostNetworks()::contains,
            clocks.ticker());
    pump = new KernelEventPump(kernel, inbox);
    // Before the first spec: whoever is not in it is governed no more, and what was raised for him
    // is put back.
    services.find();
    asOfChanges = services.changes();
    asked = governance.requirements(services.all());
    var serving = new ServiceKernel(kernel, services);
    engine =
        ProbeLoop.of(
            new NodeAccess(serving, site.hostNetworks(), bootId, site.ownPid(), true),
            journal,
            new CatalogueRecognizer(catalogue, serving.processes()),
            intervals,
            clocks,
            new Counters(),
            inbox,
            this::offer);
    loop = Thread.ofPlatform().name("loop").daemon().unstarted(engine);
    loop.start();
    Thread.ofPlatform().name("births").daemon().start(pump);
    tellEngine(told.status());
  }

  private void ask(List<NodeRequirement> wanted) {
    if (wanted.equals(asked)) return;
    asked = wanted;
    tellEngine(null);
  }

  private void tellEngine(@Nullable NodeBacklogStatus earlier) {
    inbox.add(new Message.SpecArrived(Governance.spec(SPEC, ++generation, asked), earlier));
  }

  /** The newest counts: each holds all that is so now. */
  private void offer(NodeBacklogStatus next) {
    while (!statuses.offer(next)) statuses.poll();
  }

  /** What is in force; before the loop starts, and after its end. */
  private List<JournalEntry> inForce() {
    return journal.entries().stream().filter(each -> !each.raised().onlyContested()).toList();
  }

  /** Says what is watched, and what may be done. */
  void introduce() {
    tellWhatIsWatched();
    if (inForceAtStart > 0) {
      lines.say(
          EventType.NORMAL,
          clocks.now(),
          "taken over from an earlier watch, as raised: %d".formatted(inForceAtStart));
    }
  }

  private void tellWhatIsWatched() {
    var now = clocks.now();
    lines.say(
        EventType.NORMAL,
        now,
        "%s; %s"
            .formatted(
                watched(),
                governance.enforce()
                    ? "policies in mode Enforce may raise (--enforce)"
                    : "nothing is changed"));
    for (var each : governance.policies()) {
      boolean refuses = each.mode() == Mode.ENFORCE && !governance.enforce();
      if (!refuses) continue;
      lines.say(
          EventType.WARNING,
          now,
          "policy %s says mode: Enforce, and nothing is changed without --enforce"
              .formatted(each.name()));
    }
  }

  private String watched() {
    long governed = asked.stream().mapToLong(each -> each.pods().size()).sum();
    return "watching %s by %s"
        .formatted(
            counted(governed, "service"),
            governance.policies().size() == 1
                ? "one policy"
                : governance.policies().size() + " policies");
  }

  /** A line for {@code systemctl status}. */
  private String now() {
    return "%s; raised: %d".formatted(watched(), status == null ? 0 : countRaised(status));
  }

  /** To be called by another thread: {@link #watch} comes back. */
  void stop() {
    stopped = true;
  }

  /** To be called by any thread: the policies are read again, soon. */
  void readAgain() {
    toReadAgain = true;
  }

  /**
   * Watches until it is stopped.
   *
   * @param policies where they are read again
   * @param notice is told when the first sweep is done, and what there is to say since
   * @throws IOException where the engine has ended, which it never should
   */
  void watch(Policies policies, UnitNotice notice) throws IOException, InterruptedException {
    boolean ready = false;
    while (!stopped) {
      turn();
      if (!loop.isAlive()) throw new IOException("the engine has ended by a fault of its own");
      if (toReadAgain) readAgain(policies, notice, ready);
      if (ready) {
        notice.status(now());
        notice.alive(clocks.nanos(), engine.sinceLastTurn());
      } else if (engine.ready()) {
        ready = true;
        notice.ready(now());
      }
      String failure = notice.failure();
      if (!failure.isEmpty()) {
        lines.say(EventType.WARNING, clocks.now(), "systemd could not be told: " + failure);
      }
    }
    notice.stopping();
  }

  /**
   * What the new ones do not ask for any more is put back, as where a cluster's policy is changed.
   */
  private void readAgain(Policies policies, UnitNotice notice, boolean ready) {
    toReadAgain = false;
    notice.reloading(clocks.nanos());
    try {
      governance = new Governance(policies.read(), governance.enforce());
      findings.governedBy(governance);
      ask(governance.requirements(services.all()));
      tellWhatIsWatched();
    } catch (IOException e) {
      lines.say(
          EventType.WARNING,
          clocks.now(),
          "the policies were read again and are refused, those before stay in force: "
              + e.getMessage());
    }
    if (ready) notice.ready(now());
  }

  private void turn() throws InterruptedException {
    var next = statuses.poll(TURN.toMillis(), TimeUnit.MILLISECONDS);
    if (next != null) tell(next);
    for (String owner : services.leftOut()) {
      lines.say(
          EventType.WARNING,
          clocks.now(),
          ("%s has too many services: %d of one user or container are watched, and %d of all; the"
                  + " others are not")
              .formatted(owner, Services.MOST_OF_OWNER, Services.MOST));
    }
    long changes = services.changes();
    if (changes != asOfChanges) {
      asOfChanges = changes;
      ask(governance.requirements(services.all()));
    }
    if (toWrite && clocks.nanos() - writtenNanos >= WRITE_NANOS) write();
  }

  private void tell(NodeBacklogStatus next) {
    findings.tell(next);
    status = next;
    toWrite = true;
  }

  /** Where that fails, a disk that is full perhaps, a later watch says more than it has to. */
  private void write() {
    try {
      new Told(bootId, status, findings.said()).write(site.folder(), json);
      unwritten = "";
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      if (!why.equals(unwritten)) {
        lines.say(EventType.WARNING, clocks.now(), "what was said is not kept: " + why);
      }
      unwritten = why;
    }
    toWrite = false;
    writtenNanos = clocks.nanos();
  }

  /**
   * Waits until nothing is in force any more, as it comes to be where no policy asks for anything.
   *
   * @param patience how long at most
   */
  void awaitNothingInForce(Duration patience) throws InterruptedException {
    long begun = clocks.nanos();
    while (clocks.nanos() - begun < patience.toNanos() && loop.isAlive()) {
      turn();
      if (countInForce() == 0) {
        tellWhatCameOfIt();
        return;
      }
    }
  }

  /** The engine publishes a moment later that something is no more. */
  private void tellWhatCameOfIt() throws InterruptedException {
    var next = statuses.poll(LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
    while (next != null) {
      tell(next);
      next =
          countRaised(next) > 0 ? statuses.poll(LAST_WORD.toMillis(), TimeUnit.MILLISECONDS) : null;
    }
  }

  private static long countRaised(NodeBacklogStatus in) {
    return in.listeners().stream().filter(each -> each.remedy() != null).count()
        + in.sysctls().stream().filter(each -> each.remedy() != null).count();
  }

  /** Asked of the thread that owns the journal. */
  private int countInForce() throws InterruptedException {
    var answer = new CompletableFuture<ListenerSamples>();
    var count = answer.thenApply(_ -> inForce().size());
    inbox.add(new Message.Wanted(0, answer));
    while (loop.isAlive()) {
      try {
        return count.get(TURN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // It does a step.
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    return inForce().size();
  }

  /**
   * Ends. What is in force stays so: the next watch takes it over.
   *
   * @return what that is
   */
  List<JournalEntry> end() throws IOException, InterruptedException {
    pump.close();
    inbox.add(new Message.Stop());
    loop.join(END);
    var last = statuses.poll();
    if (last != null) tell(last);
    if (toWrite) write();
    var left = inForce();
    close();
    return left;
  }

  @Override
  public void close() throws IOException {
    pump.close();
    inbox.add(new Message.Stop());
    journal.close();
    lock.close();
  }
}
