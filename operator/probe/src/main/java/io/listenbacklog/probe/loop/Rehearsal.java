package io.listenbacklog.probe.loop;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.kernel.events.KernelEvent;
import io.listenbacklog.kernel.linux.Reason;
import io.listenbacklog.probe.budget.Budgets;
import io.listenbacklog.probe.discover.ApplicationRecognizer;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.telemetry.LogFormat;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the backlogs of listeners of the probe's own, which nobody connects to, before any
 * other's: a JVM that goes that way for the first time needs a fifth of a second for it, and the
 * listener of a pod that is starting is to be raised before its first clients come.
 *
 * <p>It is the way itself, from the birth to the journal and {@code listen()}, gone by an engine
 * with a journal of its own; of it nothing is left, and nothing is told. Where the probe is in no
 * pod, or something is in the way, the first birth is just slower: whether the node permits it is
 * told by {@link io.listenbacklog.probe.capability.Capabilities}.
 *
 * @param node the one that the probe is on
 * @param folder of its journal; removed in the end
 */
public record Rehearsal(
    NodeAccess node,
    ApplicationRecognizer recogniser,
    Clocks clocks,
    Path folder,
    ObjectMapper json) {

  private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);

  /** After two of them a further one takes hardly less time. */
  private static final int LISTENERS = 3;

  /** The first sweep of a node with very many processes takes longer: it is left to others. */
  private static final Duration LONGEST = Duration.ofMillis(500);

  private static final int BACKLOG = 5;

  /** Below each number that somaxconn is set to anywhere: no sysctl is to be touched. */
  private static final int MINIMUM = 6;

  /** In a cold JVM all that belongs to a birth does not fit into a step. */
  private static final Budgets BUDGETS = Budgets.STANDARD.withStep(Duration.ofMillis(100));

  /**
   * Does it once, within the thread that will own the probe's state.
   *
   * @return how many backlogs were raised: 0 where the probe is in no pod
   */
  public int run() {
    try {
      return LogFormat.withoutLines(this::rehearse);
    } catch (IOException | RuntimeException e) {
      log.atInfo()
          .addKeyValue(LogKeys.WHY, Reason.of(e))
          .log("the first births will take longer: they could not be rehearsed");
      return 0;
    }
  }

  private int rehearse() throws IOException {
    var processes = node.kernel().processes();
    var container = processes.container(node.ownPid());
    var namespace = processes.networkNamespace(node.ownPid());
    if (container.isEmpty() || namespace.isEmpty()) return 0;
    node.hostNamespaces().meet(namespace.getAsLong(), node.ownPid());
    boolean ofHost = node.hostNamespaces().contains(namespace.getAsLong());
    return raise(new NodePod(container.get().podUid(), "", "probe", ofHost, null));
  }

  private int raise(NodePod own) throws IOException {
    clear();
    try (var journal = Journal.open(folder, node.bootId(), json)) {
      var told = new ArrayDeque<NodeBacklogStatus>();
      var engine =
          Assembly.engine(
              node,
              journal,
              recogniser,
              new Engine.Intervals(Duration.ofHours(1), Duration.ofHours(1)),
              BUDGETS,
              clocks,
              new Counters(),
              told::add);
      long end = clocks.nanos() + LONGEST.toNanos();
      int raised = 0;
      for (int each = 1; each <= LISTENERS && clocks.nanos() < end; each++) {
        try (var listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
          int port = listener.getLocalPort();
          raise(engine, own, each, port);
          told.clear();
          while (told.isEmpty() && engine.idleNanos() <= 0 && clocks.nanos() < end) engine.step();
          if (isRaised(journal, port)) raised++;
        }
      }
      return raised;
    } finally {
      clear();
    }
  }

  /** Of this listener alone: the probe's others are no business of it. */
  private void raise(Engine engine, NodePod own, int generation, int port) {
    var spec = new NodeBacklogSpec(List.of(requirement(own, port)));
    engine.accept(NodeSpec.of("rehearsal", generation, spec), null);
    engine.accept(new KernelEvent.ListenerBorn(node.ownPid(), port));
  }

  private static boolean isRaised(Journal journal, int port) {
    return journal.entries().stream()
        .anyMatch(each -> each instanceof JournalEntry.Backlog it && it.port() == port);
  }

  private static NodeRequirement requirement(NodePod own, int port) {
    return NodeRequirement.in(Mode.ENFORCE, OnDelete.KEEP)
        .ports(List.of(new NodePort(port, MINIMUM, null, false)))
        .remedies(Remedy.RELISTEN)
        .of(List.of(own));
  }

  private void clear() throws IOException {
    if (Files.notExists(folder)) return;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path each : files) Files.delete(each);
    }
    Files.delete(folder);
  }
}
