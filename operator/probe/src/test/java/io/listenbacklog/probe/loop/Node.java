package io.listenbacklog.probe.loop;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodePath;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Overflow;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.kernel.events.KernelEvent;
import io.listenbacklog.kernel.fake.FakeKernel;
import io.listenbacklog.kernel.fake.FakeNamespace;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.probe.budget.Budgets;
import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.json.Json;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.spec.SpecReading;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A node in memory with an engine on it, whose time the test advances. */
final class Node {
  static final ObjectMapper JSON = Json.mapper();

  private static final EventPlanner OCCURRENCES =
      new EventPlanner(new Explanations(Catalogue.standard()));

  private static final Duration SWEEP = Duration.ofSeconds(2);

  final FakeKernel kernel = new FakeKernel();
  final TrickyKernel tricky = new TrickyKernel(kernel);
  final FakeNamespace own = kernel.namespace();
  final List<NodeBacklogStatus> statuses;
  final Counters tally = new Counters();
  private final Path folder;
  private final FakeProcess probe = kernel.process(own, "probe");

  /** An hour, unless a test is about stalls: a queue that nobody empties is one. */
  int stallAfterMillis = 3_600_000;

  /** Runs once, between the arrival of a spec and the sweep that follows. */
  Runnable beforeSettling = () -> {};

  /** How far somebody has set the time of day forward, or back. */
  Duration clockSetBy = Duration.ZERO;

  /** What an engine may spend that is made from now on. */
  Budgets budgets = Budgets.STANDARD;

  /** Whether an engine that is made from now on watches services of a machine. */
  boolean socketsOutliveOwners;

  /** As long as anything takes time at all: see {@link #takes}. */
  long longestStepNanos;

  private long nanos;
  private long generation;
  private int pods;
  private Journal journal;
  private Engine engine;

  Node(Path folder) {
    this(folder, new ArrayList<>());
  }

  /**
   * @param statuses where what is told is added
   */
  Node(Path folder, List<NodeBacklogStatus> statuses) {
    this.folder = folder;
    this.statuses = statuses;
    kernel.time(() -> nanos);
    journal = journal();
    engine = engine();
    engine.birthsWork();
  }

  /** A pod that may run on the node. */
  record Pod(NodePod pod, FakeNamespace namespace, FakeKernel kernel) {
    /** Starts a process in one of its containers. */
    FakeProcess start(String container) {
      return kernel.process(
          namespace, new Container(pod.uidInCgroups(), container.repeat(8)), container, "server");
    }
  }

  /** A pod whose one process listens. */
  record Server(Pod pod, FakeProcess process, FakeSocket socket) {
    FakeNamespace namespace() {
      return pod.namespace();
    }

    int backlog() {
      return socket.backlog();
    }

    /** Its application calls {@code listen()} again. */
    void listen(int backlog) {
      socket.listen(process, backlog);
    }
  }

  Server server(int backlog) {
    var pod = pod();
    var process = pod.start("api");
    return new Server(pod, process, process.listen("0.0.0.0", 9876, backlog));
  }

  Pod pod() {
    return pod(kernel.namespace(), false);
  }

  Pod hostNetworkPod() {
    return pod(own, true);
  }

  /** A pod of a namespace of that name. */
  Pod podOf(String namespace) {
    return pod(kernel.namespace(), namespace, false);
  }

  Pod pod(FakeNamespace namespace, boolean hostNetwork) {
    return pod(namespace, "shop", hostNetwork);
  }

  private Pod pod(FakeNamespace namespace, String of, boolean hostNetwork) {
    String uid = new UUID(0, ++pods).toString();
    return new Pod(new NodePod(uid, of, "pod-" + pods, hostNetwork, null), namespace, kernel);
  }

  /** What some pods need: Enforce, minimum 64, both remedies, Restore, unless it is changed. */
  static final class Need {
    private final List<NodePod> pods;
    private String policy = "shop-policy";
    private Mode mode = Mode.ENFORCE;
    private @Nullable Integer minimum = 64;
    private @Nullable Integer maximum;
    private List<NodePort> ports = List.of();
    private @Nullable Loopback loopback;
    private @Nullable UnixListeners unix;
    private List<NodePath> paths = List.of();
    private List<Remedy> remedies = List.of(Remedy.SYSCTL, Remedy.RELISTEN);
    private @Nullable Integer somaxconn;
    private @Nullable Integer tcpMaxSynBacklog;
    private boolean allowNodeSysctls;
    private OnDelete onDelete = OnDelete.RESTORE;
    private boolean appConfig;

    private Need(Pod... pods) {
      this.pods = Stream.of(pods).map(Pod::pod).toList();
    }

    Need policy(String value) {
      policy = value;
      return this;
    }

    Need mode(Mode value) {
      mode = value;
      return this;
    }

    Need minimum(@Nullable Integer value) {
      minimum = value;
      return this;
    }

    Need maximum(int value) {
      maximum = value;
      return this;
    }

    Need port(NodePort... values) {
      ports = List.of(values);
      return this;
    }

    Need loopback(Loopback value) {
      loopback = value;
      return this;
    }

    Need unix(UnixListeners value) {
      unix = value;
      return this;
    }

    Need path(NodePath... values) {
      paths = List.of(values);
      return this;
    }

    Need remedies(Remedy... values) {
      remedies = List.of(values);
      return this;
    }

    Need somaxconn(int value) {
      somaxconn = value;
      return this;
    }

    Need tcpMaxSynBacklog(int value) {
      tcpMaxSynBacklog = value;
      return this;
    }

    Need withAppConfig() {
      appConfig = true;
      return this;
    }

    Need withNodeSysctls() {
      allowNodeSysctls = true;
      return this;
    }

    Need onDelete(OnDelete value) {
      onDelete = value;
      return this;
    }

    NodeRequirement written(int stallAfterMillis) {
      return new NodeRequirement(
          new PolicyReference("BacklogPolicy", "shop", policy, "uid-of-" + policy, 1),
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
          pods);
    }
  }

  static Need enforce(Pod... pods) {
    return new Need(pods);
  }

  static Need enforce(Server server) {
    return enforce(server.pod());
  }

  /** A spec comes, and everything due is done. */
  void spec(Need... needs) {
    spec(null, needs);
  }

  /** A spec comes with the status of an earlier probe. */
  void spec(@Nullable NodeBacklogStatus status, Need... needs) {
    generation++;
    apiAnswers(status, needs);
  }

  /** The API tells of the generation that is known, with the status of an earlier probe. */
  void apiAnswers(@Nullable NodeBacklogStatus status, Need... needs) {
    engine.accept(specOf(needs), status);
    beforeSettling.run();
    beforeSettling = () -> {};
    settle();
  }

  /** A spec comes, and nothing is done yet. */
  void begin(Need... needs) {
    generation++;
    engine.accept(specOf(needs), null);
  }

  /** The spec that an earlier probe had kept, while the API has not answered yet. */
  void keptSpec(Need... needs) {
    engine.goOnWith(specOf(needs));
    settle();
  }

  /** A spec of a controller that knows another mode, which the first of these needs has. */
  void specOfALaterVersion(Need... needs) {
    generation++;
    var spec =
        new NodeBacklogSpec(Stream.of(needs).map(need -> need.written(stallAfterMillis)).toList());
    JsonNode written = JSON.valueToTree(spec);
    ((ObjectNode) written.path("requirements").get(0)).put("mode", "Dance");
    try {
      engine.accept(
          NodeSpec.of("uid-of-nodebacklog", generation, SpecReading.read(written, JSON)), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    settle();
  }

  private NodeSpec specOf(Need... needs) {
    return NodeSpec.of(
        "uid-of-nodebacklog",
        generation,
        new NodeBacklogSpec(Stream.of(needs).map(need -> need.written(stallAfterMillis)).toList()));
  }

  /** A listener was born, and the kernel tells of it. */
  void born(FakeProcess process, FakeSocket socket) {
    engine.accept(new KernelEvent.ListenerBorn(process.pid(), socket.id().port()));
  }

  void cgroupMade(String path) {
    engine.accept(new KernelEvent.CgroupMade(path));
  }

  void birthsFail() {
    engine.birthsFail("no tracefs");
  }

  /** Since the beginning. */
  Duration elapsed() {
    return Duration.ofNanos(nanos);
  }

  /** Something takes time. */
  void takes(Duration time) {
    nanos += time.toNanos();
  }

  /** Does what is due at this moment. */
  void settle() {
    for (int i = 0; engine.idleNanos() <= 0; i++) {
      if (i > 10_000) throw new AssertionError("the engine never rests");
      long begun = nanos;
      engine.step();
      longestStepNanos = Math.max(longestStepNanos, nanos - begun);
    }
  }

  /** Lets time pass, doing what is due whenever it is. */
  void pass(Duration time) {
    long end = nanos + time.toNanos();
    settle();
    while (nanos < end) {
      nanos += Math.min(Math.max(engine.idleNanos(), 1), end - nanos);
      settle();
    }
  }

  /** Until the next sweep is done and told. */
  void sweep() {
    pass(SWEEP.plusMillis(200));
  }

  /** Until each namespace was listed in full. */
  void listing() {
    pass(Duration.ofSeconds(33));
  }

  /** The probe is killed and started again; it has no spec yet. */
  void restart() {
    close(journal);
    statuses.clear();
    journal = journal();
    engine = engine();
    engine.birthsWork();
    settle();
  }

  NodeBacklogStatus status() {
    return statuses.getLast();
  }

  /** The Events that a status calls for now. */
  List<EventDraft> events(NodeBacklogStatus status) {
    return OCCURRENCES.of(status, _ -> false, new NodeClock().instant());
  }

  /** What the status says of a listener. */
  Optional<NodeListener> told(FakeSocket socket) {
    return status().listeners().stream().filter(each -> each.inode() == socket.inode()).findFirst();
  }

  AppliedRemedy remedy(FakeSocket socket) {
    return requireNonNull(told(socket).orElseThrow().remedy(), "no remedy");
  }

  Hindrance hindrance(FakeSocket socket) {
    return requireNonNull(told(socket).orElseThrow().hindrance(), "no hindrance");
  }

  Overflow overflow(FakeSocket socket) {
    return requireNonNull(told(socket).orElseThrow().overflow(), "no overflow");
  }

  boolean overflows(FakeSocket socket) {
    return told(socket).map(NodeListener::overflow).isPresent();
  }

  PolicyReference policy(FakeSocket socket) {
    return requireNonNull(told(socket).orElseThrow().policy(), "no policy");
  }

  /** Of the first sysctl that the status tells of. */
  AppliedRemedy sysctlRemedy() {
    return requireNonNull(status().sysctls().getFirst().remedy(), "no remedy");
  }

  /** Of the first sysctl that the status tells of. */
  Hindrance sysctlHindrance() {
    return requireNonNull(status().sysctls().getFirst().hindrance(), "no hindrance");
  }

  private Engine engine() {
    return Assembly.engine(
        new NodeAccess(
            tricky,
            new HostNamespaces(tricky.processes(), Map.of(own.inode(), probe.pid())),
            kernel.bootId(),
            probe.pid(),
            socketsOutliveOwners),
        journal,
        process ->
            (asked, fd) ->
                process.executable().endsWith("server")
                    ? Optional.of("some-server")
                    : Optional.empty(),
        new Engine.Intervals(SWEEP, Duration.ofSeconds(30)),
        budgets,
        new Clocks(new NodeClock(), () -> nanos),
        tally,
        statuses::add);
  }

  /** How much is raised or contested, as far as the probe remembers. */
  int remembered() {
    return journal.entries().size();
  }

  Engine current() {
    return engine;
  }

  private Journal journal() {
    try {
      return Journal.open(folder, kernel.bootId(), JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(Journal journal) {
    try {
      journal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class NodeClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.parse("2026-11-22T12:00:00Z").plusNanos(nanos).plus(clockSetBy);
    }
  }
}
