package io.listenbacklog.probe.state;

import io.listenbacklog.api.Verdict;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.SocketId;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerId;
import io.listenbacklog.policy.assess.ListenerDrops;
import io.listenbacklog.policy.assess.Place;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A listener, and all that the probe knows of it. */
public final class ListenerState {
  private static final long YOUNG_NANOS = Duration.ofSeconds(10).toNanos();

  public final SocketId id;
  public final long inode;
  public int queue;
  public int backlog;
  public long drops;
  public long seenInVisit;

  /** Its drops when it was last judged whether it overflowed. */
  private long judgedDrops;

  /** Whether its queue was full, or one short of it, at any look since then. */
  public boolean queueWasFull;

  /** Connection attempts that it dropped because its queue was full, since it is watched. */
  public long overflows;

  /**
   * somaxconn when the application set its backlog: one of exactly that much was capped by it. Kept
   * while that backlog stays, raised or put back, for somaxconn may be raised later. 0: not known.
   */
  public int heardSomaxconn;

  /** What we have raised it to; 0: nothing. */
  private int raisedTo;

  /** somaxconn when we raised it. */
  private int raisedUnder;

  /**
   * uid in the cgroups of the pod it belongs to; null: of none that we watch, or not known whose.
   */
  public @Nullable String cgroupUid;

  /** Whether its application had set a backlog: one of 0 is a door closed on purpose then. */
  boolean wasOpen;

  /** The last backlog above 0 that its application had set; 0: none, as far as is known. */
  public int ownBacklog;

  /** When it began to listen, where that was seen; null: it did before we looked. */
  public @Nullable Instant bornAt;

  public @Nullable SocketOwner owner;

  /** Hash of the path of its owner's executable; 0: not known. */
  public int program;

  /** Who held it before, and does so no more; null: nobody, as far as was seen. */
  public @Nullable FormerOwner former;

  public ProcessIdentity attribution = ProcessIdentity.UNKNOWN;
  public int ownerLooks;

  /** Whether it is in its pod's network namespace, and no process of the pod holds it. */
  public boolean isNobodysOfPod;

  /** Whether this visit is for a birth on its port, and it had been seen before. */
  public boolean bornAnew;

  /** How many processes of its pod hold it, when it was set back last; 0: not known. */
  public int holders;

  public long nextOwnerLookNanos;

  public boolean isToBeJudged;

  /** Whether its verdict is of an earlier spec, or there is none yet. */
  public boolean verdictIsOld = true;

  /**
   * From when on it counts as too small or exempt: many a listener, such as that of an FTP
   * transfer, lives for a second and serves one client on purpose.
   */
  private long grownUpNanos;

  /** Since when we watch it. */
  public final long watchedSinceNanos;

  /** Whether it was said in the log that its backlog is too small. */
  public boolean loggedTooSmall;

  public boolean judged;
  public boolean exempt;
  public int required;
  public Verdict verdict = Verdict.SUFFICIENT;
  public Instant since;

  public final RetryState retry;

  /** How its backlog grows after overflows. */
  public final BacklogGrowth growth;

  /** What else is wrong with it. */
  public final Symptoms symptoms = new Symptoms();

  /** What proves, or disproves, that its application accepts. */
  public final QueueHistory queueWatch = new QueueHistory();

  /** Of a UNIX one: at how many looks in a row its queue was full, the last among them. */
  public int fullLooks;

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
    since = now;
    nextOwnerLookNanos = nanos;
    retry = new RetryState(nanos);
    grownUpNanos = nanos;
    watchedSinceNanos = nanos;
    queueWatch.seePeak(queue, nanos);
    growth = new BacklogGrowth(nanos);
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
    heardSomaxconn = somaxconn;
    raisedTo = 0;
    if (own == 0) return;
    wasOpen = true;
    ownBacklog = own;
  }

  /** We have raised it. */
  public void raised(int to, int somaxconn) {
    backlog = to;
    raisedTo = to;
    raisedUnder = somaxconn;
  }

  /** What the application had set is there again, by us. */
  public void restored(int to) {
    backlog = to;
    raisedTo = 0;
  }

  /** An earlier probe had raised it, or had seen it with another backlog. */
  public void recallOwn(int own, int raised, int somaxconn) {
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

  /** What it dropped since it was judged last; the kernel counts them in 32 bits. */
  public long unjudgedDrops() {
    return (drops - judgedDrops) & 0xffff_ffffL;
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
