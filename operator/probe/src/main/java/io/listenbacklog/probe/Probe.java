package io.listenbacklog.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.linux.Reason;
import io.listenbacklog.management.Access;
import io.listenbacklog.probe.apiserver.ApiRequests;
import io.listenbacklog.probe.apiserver.ApiServer;
import io.listenbacklog.probe.apiserver.ClusterClock;
import io.listenbacklog.probe.apiserver.MetricsReviewer;
import io.listenbacklog.probe.apiserver.NodeBacklogStatusWriter;
import io.listenbacklog.probe.apiserver.NodeBacklogWatch;
import io.listenbacklog.probe.apiserver.StatusPublisher;
import io.listenbacklog.probe.discover.ApplicationRecognizer;
import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.http.Health;
import io.listenbacklog.probe.http.ProbeServers;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalLock;
import io.listenbacklog.probe.json.Json;
import io.listenbacklog.probe.json.JsonSize;
import io.listenbacklog.probe.loop.Engine;
import io.listenbacklog.probe.loop.Inbox;
import io.listenbacklog.probe.loop.KernelEventPump;
import io.listenbacklog.probe.loop.Message;
import io.listenbacklog.probe.loop.NodeAccess;
import io.listenbacklog.probe.loop.ProbeLoop;
import io.listenbacklog.probe.loop.Rehearsal;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.spec.SpecFile;
import io.listenbacklog.probe.spec.SpecReading;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running probe: its threads, and how they are started and stopped. */
public final class Probe implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Probe.class);
  private static final Duration FLUSH = Duration.ofSeconds(5);

  /** After an uninstallation and an installation right after it the old one may still be ending. */
  private static final Duration PREDECESSOR = Duration.ofSeconds(30);

  private final ObjectMapper json = Json.mapper();
  private final Inbox inbox = new Inbox();
  private final Counters tally = new Counters();
  private final JournalLock lock;
  private final Journal journal;
  private final SpecFile specFile;
  private final KernelEventPump pump;
  private final StatusPublisher writer;
  private final ClusterClock clock;
  private final NodeBacklogWatch watch;
  private final ProbeServers servers;
  private final Thread loopThread;
  private final Thread writerThread;

  private Probe(
      JournalLock lock,
      ProbeSettings settings,
      NodeKernel kernel,
      ApiServer api,
      ApplicationRecognizer recogniser)
      throws IOException {
    this.lock = lock;
    String bootId = kernel.bootId();
    journal = Journal.open(settings.journalFolder(), bootId, json);
    specFile = new SpecFile(settings.journalFolder(), bootId, json);
    clock =
        new ClusterClock(Clock.systemUTC(), behind -> inbox.add(new Message.ClockIsBehind(behind)));
    var requests = new ApiRequests(api, json, clock::heard);
    watch = new NodeBacklogWatch(requests, settings.nodeName(), new Receiver());
    writer = new StatusPublisher(new NodeBacklogStatusWriter(requests, settings.nodeName()), tally);
    pump = new KernelEventPump(kernel, inbox);
    int ownPid = Math.toIntExact(ProcessHandle.current().pid());
    var node =
        new NodeAccess(kernel, HostNamespaces.of(kernel.processes(), lineage()), bootId, ownPid);
    var clocks = new Clocks(clock, System::nanoTime);
    var loop =
        ProbeLoop.of(
            node,
            journal,
            recogniser,
            new Engine.Intervals(settings.sweepInterval(), settings.listingInterval()),
            clocks,
            tally,
            inbox,
            writer::offer);
    servers =
        ProbeServers.start(
            settings.healthPort(),
            settings.httpPort(),
            new Health(loop::sinceLastTurn, loop::ready, watch::unreached),
            inbox::add,
            tally,
            settings.metricsAuthorization()
                ? Optional.of(new Access(new MetricsReviewer(api, json), System::nanoTime))
                : Optional.empty());
    if (journal.discardedLines() > 0) {
      log.atWarn()
          .addKeyValue(LogKeys.COUNT, journal.discardedLines())
          .log("lines of the journal made no sense: torn by a kill, or not ours");
    }
    goOnWithTheLastSpec();
    start("births", pump);
    start("watch", watch);
    // While the API server is asked for the first time, which takes longer.
    var rehearsal =
        new Rehearsal(
            node, recogniser, clocks, settings.journalFolder().resolve("rehearsal"), json);
    loopThread =
        start(
            "loop",
            () -> {
              rehearsal.run();
              loop.run();
            });
    writerThread = start("status", writer);
    log.atInfo()
        .addKeyValue(LogKeys.NODE, settings.nodeName())
        .addKeyValue(LogKeys.PORT, servers.metricsPort())
        .addKeyValue(LogKeys.COUNT, journal.entries().size())
        .log("probe started");
  }

  /**
   * Starts a probe.
   *
   * @throws IOException if another probe runs on this node, or the journal, the kernel or the port
   *     cannot be had; the message says which
   */
  public static Probe start(
      ProbeSettings settings, NodeKernel kernel, ApiServer api, ApplicationRecognizer recogniser)
      throws IOException {
    var lock = JournalLock.take(settings.journalFolder(), PREDECESSOR);
    try {
      return new Probe(lock, settings, kernel, api, recogniser);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** The port of /metrics. */
  public int metricsPort() {
    return servers.metricsPort();
  }

  /** The port of /livez and /readyz. */
  public int healthPort() {
    return servers.healthPort();
  }

  /** What it counted. */
  public Counters tally() {
    return tally;
  }

  /** Until the API says more; without it, if that is away. */
  private void goOnWithTheLastSpec() {
    try {
      specFile.read().ifPresent(spec -> inbox.add(new Message.SpecKept(spec)));
    } catch (IOException | RuntimeException e) {
      log.atWarn().addKeyValue(LogKeys.WHY, Reason.of(e)).log("the last spec cannot be read");
    }
  }

  private static Thread start(String name, Runnable work) {
    return Thread.ofPlatform().name(name).daemon().start(work);
  }

  private static List<Integer> lineage() {
    var pids = new ArrayList<Integer>();
    for (var each = Optional.of(ProcessHandle.current());
        each.isPresent();
        each = each.get().parent()) {
      pids.add(Math.toIntExact(each.get().pid()));
    }
    return pids;
  }

  /** Lets the last status be written, and stops. Nothing is undone: the next probe goes on. */
  @Override
  public void close() throws IOException {
    pump.close();
    watch.close();
    inbox.add(new Message.Stop());
    try {
      loopThread.join(FLUSH);
      if (!writer.flush(FLUSH)) log.atWarn().log("the last status could not be written");
      writerThread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    servers.close();
    journal.close();
    lock.close();
  }

  /** Hands what the API says to the loop. */
  private final class Receiver implements NodeBacklogWatch.Receiver {
    private @Nullable NodeSpec last;

    @Override
    public void arrived(
        String objectUid, long generation, JsonNode spec, @Nullable NodeBacklogStatus status)
        throws IOException {
      var before = last;
      var arrived = NodeSpec.of(objectUid, generation, SpecReading.read(spec, json));
      if (before != null && arrived.isSame(before)) return;
      last = arrived;
      if (before != null && !before.objectUid().equals(objectUid)) writer.writeAgain();
      writer.specArrived(JsonSize.of(spec));
      inbox.add(new Message.SpecArrived(arrived, status));
      try {
        specFile.keep(objectUid, generation, spec);
      } catch (IOException e) {
        log.atWarn().addKeyValue(LogKeys.WHY, Reason.of(e)).log("the spec was not kept");
      }
    }

    @Override
    public void deleted() {
      log.atWarn().log("the NodeBacklog was deleted; its last spec holds until there is another");
    }
  }
}
