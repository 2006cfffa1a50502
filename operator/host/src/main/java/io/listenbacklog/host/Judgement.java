package io.listenbacklog.host;

import io.listenbacklog.api.DescriptorUse;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Overflow;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.StalledThread;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.socket.Connection;
import io.listenbacklog.kernel.threads.ThreadFacts;
import io.listenbacklog.policy.assess.Assessment;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.policy.assess.ThreadRanking;
import io.listenbacklog.policy.assess.WaitingConnection;
import io.listenbacklog.policy.event.kind.AcceptStalled;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.event.kind.RequirementSource;
import io.listenbacklog.policy.event.kind.Site;
import io.listenbacklog.probe.symptom.GoMonitor;
import io.listenbacklog.probe.symptom.ThreadReading;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What is said of each listener: in the operator's words, without its pods and policies. */
final class Judgement {
  private static final PodReference NO_POD = new PodReference("", "", "");
  private static final RequirementSource NO_POLICY = new RequirementSource(null, false, Site.HOST);

  /** So many threads of a stalled application are looked at, some 50 µs each. */
  private static final int MOST_THREADS = 128;

  /** So many processes of it. */
  private static final int MOST_PROCESSES = 64;

  /** As many as a {@link Stall} may name. */
  private static final int MOST_REPORTED = 8;

  private final NodeKernel kernel;
  private final Catalogue catalogue;
  private final Explanations explanations;
  private final HostNetworks networks;
  private final Clocks clocks;
  private final Asked asked;
  private final UserNames users;

  /** By their pids: of a process with thousands of listeners the threads are looked at once. */
  private final Map<List<Integer>, Holders> seen = new HashMap<>();

  /** What the processes that hold a listener do. */
  private record Holders(
      List<ThreadFacts> threads, int workers, @Nullable DescriptorUse descriptors) {}

  Judgement(
      NodeKernel kernel, Catalogue catalogue, HostNetworks networks, Clocks clocks, Asked asked) {
    this.kernel = kernel;
    this.catalogue = catalogue;
    explanations = Explanations.ofHost(catalogue);
    this.networks = networks;
    this.clocks = clocks;
    this.asked = asked;
    users = UserNames.ofMachine();
  }

  /**
   * Judges one.
   *
   * @param application its key in the catalogue; null: not recognised
   * @param attempts that it dropped at most while it was watched; empty: not proven that it did, or
   *     a UNIX listener
   */
  AuditedListener of(
      Watched watched, Owner owner, @Nullable String application, OptionalLong attempts)
      throws IOException {
    var demand = asked.on(watched.place());
    var assessment = Assessment.of(demand, watched.backlog(), watched.somaxconn());
    var oldest = watched.stalled();
    var stall = oldest == null ? null : stall(watched, owner, oldest);
    boolean overflowed = watched instanceof WatchedUnix unix && unix.overflowed();
    var overflow =
        attempts.isPresent() || overflowed ? overflow(watched, attempts.orElse(0)) : null;
    boolean undersized = assessment instanceof Assessment.Undersized;
    var findings = new ArrayList<String>();
    if (undersized) findings.add(EventReasons.BACKLOG_TOO_SMALL);
    if (overflow != null) findings.add(EventReasons.LISTEN_OVERFLOW);
    if (stall != null) findings.add(EventReasons.ACCEPT_STALLED);
    return new AuditedListener(
        watched.id().text(),
        watched.place() instanceof Place.Port(_, boolean loopback) && loopback,
        watched.namespace(),
        owner.pid(),
        owner.pids().size(),
        owner.name(),
        owner.executable(),
        user(owner),
        owner.unit(),
        owner.container(),
        application,
        watched.backlog(),
        isUsual(application, watched.backlog()) ? watched.backlog() : null,
        watched.somaxconn(),
        watched.queue(),
        watched instanceof WatchedTcp tcp ? tcp.drops() : null,
        demand instanceof Demand.AtLeast ? verdict(assessment) : null,
        findings,
        explanation(watched, owner, application, verdict(assessment), overflow, stall));
  }

  private static Verdict verdict(Assessment assessment) {
    return assessment instanceof Assessment.Undersized(_, _, var cause)
        ? cause
        : Verdict.SUFFICIENT;
  }

  /** With exactly its application's own number, that is what was asked for. */
  private boolean isUsual(@Nullable String application, int backlog) {
    return application != null
        && catalogue.usual(application).filter(String.valueOf(backlog)::equals).isPresent();
  }

  /** A container has users of its own, so of these the machine knows no names. */
  private String user(Owner owner) {
    var service = owner.service();
    if (service == null) return "";
    return service.container().isEmpty()
        ? users.name(service.user())
        : String.valueOf(service.user());
  }

  private String explanation(
      Watched watched,
      Owner owner,
      @Nullable String application,
      Verdict verdict,
      @Nullable Overflow overflow,
      @Nullable Stall stall) {
    var said = new ArrayList<String>();
    if (stall != null) {
      var stalled = told(watched, owner, application, verdict, null, stall);
      said.add(new AcceptStalled().note(stalled, NO_POLICY, 1));
    }
    var rest = told(watched, owner, application, verdict, overflow, null);
    String why = explanations.why(rest);
    if (!why.isEmpty()) said.add(why);
    if (overflow != null && stall == null && !verdict.undersized()) {
      explanations.advice(rest).ifPresent(said::add);
    }
    return String.join(" ", said);
  }

  private NodeListener told(
      Watched watched,
      Owner owner,
      @Nullable String application,
      Verdict verdict,
      @Nullable Overflow overflow,
      @Nullable Stall stall) {
    return new NodeListener(
        NO_POD,
        null,
        AuditTable.shortId(owner.container()),
        owner.name(),
        owner.pid(),
        application,
        watched.id().text(),
        watched.namespace(),
        watched.inode(),
        watched.id().cookieText(),
        watched.backlog(),
        watched.backlog(),
        asked.minimum(),
        watched.somaxconn(),
        verdict,
        clocks.now(),
        null,
        null,
        null,
        overflow,
        stall,
        null);
  }

  private Overflow overflow(Watched watched, long attempts) {
    var now = clocks.now();
    return new Overflow(
        attempts, watched.queue(), watched.backlog(), 1, now.minus(asked.watched()), now);
  }

  private Stall stall(Watched watched, Owner owner, WaitingConnection oldest) throws IOException {
    var holders = seen.get(owner.pids());
    if (holders == null) {
      holders = look(owner.pids());
      seen.put(owner.pids(), holders);
    }
    var now = clocks.now();
    long age = oldest.ageMillis();
    return new Stall(
        watched.queue(),
        age,
        oldest.unreadBytes(),
        watched.backlog(),
        owner.pids().size(),
        holders.workers(),
        ThreadRanking.choose(read(watched, holders.threads()), MOST_REPORTED),
        1,
        now.minusMillis(age),
        now.minusMillis(age),
        now,
        null,
        null,
        holders.descriptors(),
        null,
        null,
        null,
        false);
  }

  private Holders look(List<Integer> pids) throws IOException {
    var threads = new ArrayList<ThreadFacts>();
    int workers = 0;
    DescriptorUse descriptors = null;
    for (int pid : pids.stream().limit(MOST_PROCESSES).toList()) {
      var ids = kernel.threads().of(pid, MOST_THREADS);
      workers += ids.length;
      for (int thread : ids) {
        if (threads.size() == MOST_THREADS) break;
        kernel.threads().facts(pid, thread).ifPresent(threads::add);
      }
      var files = kernel.processes().atLimitOfFiles(pid);
      if (descriptors == null && files.isPresent()) {
        descriptors = new DescriptorUse(pid, files.get().open(), files.get().limit());
      }
    }
    var seen = GoMonitor.leftOut(kernel.threads().lookAgain(threads), kernel.processes());
    return new Holders(seen, workers, descriptors);
  }

  private List<StalledThread> read(Watched watched, List<ThreadFacts> threads) {
    var inodes = new HashSet<Long>();
    for (var each : threads) {
      var target = each.call() == null ? null : each.call().target();
      if (target != null && target.socket() != 0) inodes.add(target.socket());
    }
    Map<Long, Connection> peers =
        inodes.isEmpty()
            ? Map.of()
            : networks
                .visit(watched.namespace(), there -> there.connections().accepted(inodes))
                .orElse(Map.of());
    return threads.stream().map(each -> ThreadReading.of(each, watched.inode(), peers)).toList();
  }
}
