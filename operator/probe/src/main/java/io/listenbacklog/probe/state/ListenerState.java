package io.listenbacklog.probe.state;

import io.listenbacklog.api.Verdict;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.SocketId;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerId;
import io.listenbacklog.policy.assess.BacklogGrowth;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.policy.assess.ListenerDrops;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A listener, and all that the probe knows of it. */
public final class ListenerState {
  private static final long YOUNG_NANOS = Duration.ofSeconds(10).toNanos();

  public final SocketId id;
  public final long inode;
  private int queue;
  private int backlog;
  private long drops;
  private long seenInVisit;

  /** Its drops when it was last judged whether it overflowed. */
  private long judgedDrops;

  /** Its drops at the last look at the SYN queues of its namespace, and which look that was. */
  private long dropsAtSynLook;

  private int synLook;

  /** Whether its queue was full, or one short of it, at any look since then. */
  private boolean queueWasFull;

  /** Connection attempts that it dropped because its queue was full, since it is watched. */
  private long overflows;

  /**
   * somaxconn when the application set its backlog: one of exactly that much was capped by it. Kept
   * while that backlog stays, raised or put back, for somaxconn may be raised later. 0: not known.
   */
  private int heardSomaxconn;

  /** What we have raised it to; 0: nothing. */
  private int raisedTo;

  /** somaxconn when we raised it. */
  private int raisedUnder;

  /**
   * uid in the cgroups of the pod it belongs to; null: of none that we watch, or not known whose.
   */
  private @Nullable String cgroupUid;

  /** Whether its application had set a backlog: one of 0 is a door closed on purpose then. */
  private boolean wasOpen;

  /** The last backlog above 0 that its application had set; 0: none, as far as is known. */
  private int ownBacklog;

  /** When it began to listen, where that was seen; null: it did before we looked. */
  private @Nullable Instant bornAt;

  private @Nullable SocketOwner owner;

  /** Hash of the path of its owner's executable; 0: not known. */
  private int program;

  /** Who held it before, and does so no more; null: nobody, as far as was seen. */
  private @Nullable FormerOwner former;

  private ProcessIdentity attribution = ProcessIdentity.UNKNOWN;
  private int ownerLooks;

  /** Whether it is in its pod's network namespace, and no process of the pod holds it. */
  private boolean isNobodysOfPod;

  /** Whether this visit is for a birth on its port, and it had been seen before. */
  private boolean bornAnew;

  /** How many processes of its pod hold it, when it was set back last; 0: not known. */
  private int holders;

  private long nextOwnerLookNanos;

  private boolean isToBeJudged;

  /** Whether its verdict is of an earlier spec, or there is none yet. */
  private boolean verdictIsOld = true;

  /**
   * From when on it counts as too small or exempt: many a listener, such as that of an FTP
   * transfer, lives for a second and serves one client on purpose.
   */
  private long grownUpNanos;

  /** Since when we watch it. */
  public final long watchedSinceNanos;

  /** Whether it was said in the log that its backlog is too small. */
  private boolean loggedTooSmall;

  private boolean judged;
  private Judgement judgement;

  /** Whether nothing that its judgement rests on has changed since it was found to have enough. */
  private boolean settled;

  public final RetryState retry;

  /** How its backlog grows after overflows. */
  private BacklogGrowth growth;

  /** What else is wrong with it. */
  public final Symptoms symptoms = new Symptoms();

  /** What proves, or disproves, that its application accepts. */
  public final QueueHistory queueWatch = new QueueHistory();

  /** Of a UNIX one: at how many looks in a row its queue was full, the last among them. */
  private int fullLooks;

  private @Nullable ListenerState nextOfChain;

  /**
   * One that is new to us.
   *
   * @param somaxconn when it was given its backlog; 0: not known
   */
  public ListenerState(Listener seen, int somaxconn, Instant now, long nanos) {
    this(
        seen.id(), seen.inode(), seen.queue(), seen.backlog(), seen.drops(), somaxconn, now, nanos);
  }

  public ListenerState(UnixListener seen, int somaxconn, Instant now, long nanos) {
    this(seen.id(), seen.inode(), seen.queue(), seen.backlog(), 0, somaxconn, now, nanos);
  }

  private ListenerState(
      SocketId id,
      long inode,
      int queue,
      int backlog,
      long drops,
      int somaxconn,
      Instant now,
      long nanos) {
    this.id = id;
    this.inode = inode;
    this.queue = queue;
    this.backlog = backlog;
    this.drops = drops;
    judgedDrops = drops; // what it dropped before is nobody's proof
    queueWasFull = queueFull();
    wasOpen = backlog > 0;
    ownBacklog = backlog;
    heardSomaxconn = somaxconn;
    judgement = new Judgement(Verdict.SUFFICIENT, 0, false, now);
    nextOwnerLookNanos = nanos;
    retry = new RetryState(nanos);
    grownUpNanos = nanos;
    watchedSinceNanos = nanos;
    queueWatch.seePeak(queue, nanos);
    growth = BacklogGrowth.none(nanos);
  }

  /** How many connections wait in its accept queue, as it was seen last. */
  public int queue() {
    return queue;
  }

  /** What the kernel holds, as it was seen last. */
  public int backlog() {
    return backlog;
  }

  /** What it dropped, for any reason, as the kernel counts it: in 32 bits. */
  public long drops() {
    return drops;
  }

  public boolean queueWasFull() {
    return queueWasFull;
  }

  public long overflows() {
    return overflows;
  }

  /** somaxconn when the application set its backlog; 0: not known. */
  public int heardSomaxconn() {
    return heardSomaxconn;
  }

  /**
   * uid in the cgroups of the pod it belongs to; null: of none that we watch, or not known whose.
   */
  public @Nullable String cgroupUid() {
    return cgroupUid;
  }

  /** The last backlog above 0 that its application had set; 0: none, as far as is known. */
  public int ownBacklog() {
    return ownBacklog;
  }

  /** When it began to listen, where that was seen; null: it did before we looked. */
  public @Nullable Instant bornAt() {
    return bornAt;
  }

  /** Who holds it; null: not known. */
  public @Nullable SocketOwner owner() {
    return owner;
  }

  /** Who held it before, and does so no more; null: nobody, as far as was seen. */
  public @Nullable FormerOwner former() {
    return former;
  }

  /** What its owner is, for people. */
  public ProcessIdentity attribution() {
    return attribution;
  }

  /** In how many looks in a row no owner was found. */
  public int ownerLooks() {
    return ownerLooks;
  }

  /** Whether it is in its pod's network namespace, and no process of the pod holds it. */
  public boolean isNobodysOfPod() {
    return isNobodysOfPod;
  }

  /** Whether this visit is for a birth on its port, and it had been seen before. */
  public boolean bornAnew() {
    return bornAnew;
  }

  /** How many processes of its pod hold it, when it was set back last; 0: not known. */
  public int holders() {
    return holders;
  }

  /** Whether its verdict is of an earlier spec, or there is none yet. */
  public boolean verdictIsOld() {
    return verdictIsOld;
  }

  /** Whether it was seen, and is not judged since. */
  public boolean isToBeJudged() {
    return isToBeJudged;
  }

  /** How its backlog grows after overflows. */
  public BacklogGrowth growth() {
    return growth;
  }

  /** See {@link NamespaceState#grow}. */
  void grow(BacklogGrowth now) {
    if (!growth.equals(now)) settled = false;
    growth = now;
  }

  /** What was found of its backlog; before it is judged that nothing is wrong. */
  public Judgement judgement() {
    return judgement;
  }

  public Verdict verdict() {
    return judgement.verdict();
  }

  public int required() {
    return judgement.required();
  }

  public boolean exempt() {
    return judgement.exempt();
  }

  public Instant since() {
    return judgement.since();
  }

  /** Whether a verdict is news; that nothing is wrong with one that was not judged yet is none. */
  public boolean becomes(Verdict now) {
    return judgement.verdict() != now && (judged || now != Verdict.SUFFICIENT);
  }

  /** It is judged. */
  public void judge(Verdict verdict, int required, boolean exempt, Instant since) {
    judged = true;
    verdictIsOld = false;
    settled = verdict == Verdict.SUFFICIENT;
    var is = judgement;
    if (is.verdict() == verdict
        && is.required() == required
        && is.exempt() == exempt
        && is.since().equals(since)) {
      return;
    }
    judgement = new Judgement(verdict, required, exempt, since);
  }

  /** An earlier probe had judged it: that holds unless this one came to something else. */
  public void recallVerdict(Verdict earlier, Instant since) {
    if (judged && judgement.verdict() != earlier && !isNobodysOfPod) return;
    judged = true;
    settled = false;
    judgement = new Judgement(earlier, judgement.required(), judgement.exempt(), since);
  }

  /**
   * Whether it was found to have what it needs, and neither what it has, nor what is asked of it,
   * nor whose it is has changed since: then it need not be judged again.
   */
  public boolean isSettled() {
    return settled;
  }

  /** What is asked has changed. */
  public void askedAnew() {
    verdictIsOld = true;
    settled = false;
  }

  /**
   * Whether it is to be logged that its backlog is too small: once, until it is not any more.
   *
   * @param tooSmall whether it is, and that is told
   */
  public boolean logsTooSmall(boolean tooSmall) {
    boolean news = tooSmall && !loggedTooSmall;
    loggedTooSmall |= tooSmall;
    return news;
  }

  /** Its backlog is not too small, or that was told by an earlier probe. */
  public void loggedTooSmall(boolean was) {
    loggedTooSmall = was;
  }

  /** It was seen in this visit. */
  public void seenIn(long visit) {
    seenInVisit = visit;
  }

  public boolean wasSeenIn(long visit) {
    return seenInVisit == visit;
  }

  /** Nothing overflowed: only whether the queue is full now counts from here. */
  public void nothingOverflowed() {
    queueWasFull = queueFull();
  }

  /** It is proven that it dropped so many attempts, at most. */
  public void overflowed(long attempts) {
    overflows += attempts;
  }

  /** An earlier probe knew what somaxconn was when its backlog was set. */
  public void recallSomaxconn(int then) {
    heardSomaxconn = then;
  }

  /** Whose it is; null: nobody's that we watch, or not known. */
  public void belongsTo(@Nullable String pod) {
    if (Objects.equals(cgroupUid, pod)) return; // so it is at each sweep
    cgroupUid = pod;
    settled = false;
  }

  /** It was seen when it began to listen. */
  public void bornAt(Instant at) {
    bornAt = at;
  }

  /** A process of a pod holds it. */
  public void found(SocketOwner holder, String pod) {
    owner = holder;
    belongsTo(pod);
    ownerLooks = 0;
    isNobodysOfPod = false;
    settled = false;
  }

  /** What its owner is. */
  public void identified(ProcessIdentity as, int executable) {
    attribution = as;
    program = executable;
    if (former != null && former.pid() == as.pid()) former = null;
  }

  /** No process was found that holds it. */
  public void missed() {
    ownerLooks++;
  }

  public void lookForOwnerAt(long nanos) {
    nextOwnerLookNanos = nanos;
  }

  public boolean isOwnerLookDue(long nanos) {
    return owner == null && nanos - nextOwnerLookNanos >= 0;
  }

  /** No process of its pod holds it. */
  public void isNobodys() {
    isNobodysOfPod = true;
    settled = false;
  }

  /** An earlier probe found in so many looks that no process of its pod holds it. */
  public void recallNobodys(int looks) {
    isNobodys();
    ownerLooks = looks;
  }

  /** Whether it was seen again in a visit for a birth on its port. */
  public void visitedForBirth(boolean was) {
    bornAnew = was;
  }

  public void heldBy(int processes) {
    holders = processes;
  }

  /** True if it is not waiting to be judged already. */
  boolean waitToBeJudged() {
    boolean waits = isToBeJudged;
    isToBeJudged = true;
    return !waits;
  }

  void taken() {
    isToBeJudged = false;
  }

  /** Of a UNIX one: at how many looks in a row its queue was full, this one among them. */
  public int lookWhetherFull() {
    fullLooks = queue > backlog ? fullLooks + 1 : 0;
    return fullLooks;
  }

  /** It was born at this moment, or little earlier. */
  public void born(long nanos) {
    grownUpNanos = nanos + YOUNG_NANOS;
  }

  /** It is older than it seemed. */
  public void notYoung(long nanos) {
    grownUpNanos = nanos;
  }

  /** Whether it was born too shortly ago to be told. Of unknown age it is not. */
  public boolean isYoung(long nanos) {
    return nanos - grownUpNanos < 0;
  }

  /** See {@link ListenersByPort}. */
  @Nullable ListenerState nextOfChain() {
    return nextOfChain;
  }

  void chainTo(@Nullable ListenerState next) {
    nextOfChain = next;
  }

  /** Of one that is no UNIX listener. */
  public ListenerId tcp() {
    return (ListenerId) id;
  }

  /** Where it is. */
  public Place place() {
    return switch (id) {
      case ListenerId tcp -> new Place.Port(tcp.port(), tcp.isLoopback());
      case UnixListenerId unix -> new Place.Path(unix.path());
    };
  }

  /** The pod whose it is, if that is known and a policy governs it. */
  public @Nullable GovernedPod pod(NodeSpec spec) {
    return cgroupUid == null ? null : spec.pods().get(cgroupUid);
  }

  /**
   * Its pod as log lines name it, of which each has a share: {@code namespace/name}; the uid in its
   * cgroups where nothing governs it (any more); empty where it is not known.
   */
  public String podName(@Nullable NodeSpec spec) {
    return NodeSpec.name(spec, cgroupUid);
  }

  /** The same, but for who exempts it: an exempt port is exempt from symptoms too. */
  public @Nullable GovernedPod podThatAsks(NodeSpec spec) {
    var pod = pod(spec);
    return pod == null || pod.requirement().on(place()) instanceof Demand.Exempt ? null : pod;
  }

  /** Takes over what the kernel shows now. */
  public void see(UnixListener seen, int somaxconn) {
    see(seen.queue(), seen.backlog(), 0, somaxconn);
  }

  /** Takes over what the kernel shows now. */
  public void see(Listener seen, int somaxconn) {
    see(seen.queue(), seen.backlog(), seen.drops(), somaxconn);
  }

  private void see(int queueNow, int backlogNow, long dropsNow, int somaxconn) {
    if (backlogNow != backlog) setByApplication(backlogNow, somaxconn);
    queue = queueNow;
    backlog = backlogNow;
    drops = dropsNow;
    queueWasFull |= queueFull();
  }

  /** The application has set its own. */
  public void setByApplication(int own, int somaxconn) {
    backlog = own;
    settled = false;
    heardSomaxconn = somaxconn;
    raisedTo = 0;
    if (own == 0) return;
    wasOpen = true;
    ownBacklog = own;
  }

  /** We have raised it. */
  public void raised(int to, int somaxconn) {
    backlog = to;
    settled = false;
    raisedTo = to;
    raisedUnder = somaxconn;
  }

  /** What the application had set is there again, by us. */
  public void restored(int to) {
    backlog = to;
    settled = false;
    raisedTo = 0;
  }

  /** An earlier probe had raised it, or had seen it with another backlog. */
  public void recallOwn(int own, int raised, int somaxconn) {
    settled = false;
    wasOpen |= own > 0;
    if (own > 0) ownBacklog = own;
    if (raised == 0 || raised != backlog) return;
    if (own == 0) wasOpen = false;
    ownBacklog = own;
    raisedTo = raised;
    raisedUnder = somaxconn;
  }

  /** somaxconn when the backlog that it has now was set; 0: not known. */
  public int cap() {
    return raisedTo != 0 && raisedTo == backlog ? raisedUnder : heardSomaxconn;
  }

  /** Whether its application takes no connections now, on purpose. */
  public boolean isClosed() {
    return backlog == 0
        && (wasOpen
            || (attribution.application() != null
                && Catalogue.closesItsDoor(attribution.application())));
  }

  /** Whether the queue is full, or one short of it: a backlog of 5 holds 6 connections. */
  public boolean queueFull() {
    return queue >= Math.max(1, backlog);
  }

  /** What it dropped since it was judged last. */
  public long unjudgedDrops() {
    return droppedSince(judgedDrops);
  }

  /** The kernel counts in 32 bits. */
  private long droppedSince(long before) {
    return (drops - before) & 0xffff_ffffL;
  }

  /** It is there at this look at the SYN queues of its namespace: 1 or more. */
  void seenInSynLook(int number) {
    synLook = number;
    dropsAtSynLook = drops;
  }

  boolean wasInSynLook(int number) {
    return synLook == number;
  }

  /** What it dropped since that look; 0 where it was not there then. */
  long droppedSinceSynLook(int number) {
    return wasInSynLook(number) ? droppedSince(dropsAtSynLook) : 0;
  }

  public ListenerDrops dropped() {
    return new ListenerDrops(unjudgedDrops(), queueWasFull);
  }

  /** What it dropped so far is judged. */
  public void judgeDrops() {
    judgedDrops = drops;
    queueWasFull = queueFull();
  }

  /** The process that held it does so no more. */
  public void loseOwner(long nanos) {
    if (attribution.pid() != 0) {
      former = new FormerOwner(attribution.process(), attribution.pid(), program);
    }
    program = 0;
    owner = null;
    attribution = ProcessIdentity.UNKNOWN;
    ownerLooks = 0;
    nextOwnerLookNanos = nanos;
  }
}
