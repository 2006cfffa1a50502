package io.listenbacklog.probe.state;

import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.SocketId;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerId;
import io.listenbacklog.policy.assess.BacklogGrowth;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A listener, and all that the probe knows of it, in parts. What changes one of them in a way that
 * its judgement rests on goes through here: then it is no longer {@linkplain #isSettled settled}.
 */
public final class ListenerState {
  public final SocketId id;
  public final long inode;

  /** Who set its backlog. */
  public final BacklogHistory backlogs;

  /** What it dropped. */
  public final DropHistory drops;

  /** Whose it is. */
  public final Ownership ownership;

  /** What was found of its backlog. */
  public final JudgementState judgement;

  /** Since when it listens. */
  public final ListenerAge age;

  public final RetryState retry;

  /** What else is wrong with it. */
  public final Symptoms symptoms = new Symptoms();

  /** What proves, or disproves, that its application accepts. */
  public final QueueHistory queueWatch = new QueueHistory();

  private int queue;

  /** Of a UNIX one: at how many looks in a row its queue was full, the last among them. */
  private int fullLooks;

  private long seenInVisit;

  /** How its backlog grows after overflows. */
  private BacklogGrowth growth;

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
    backlogs = new BacklogHistory(backlog, somaxconn);
    this.drops = new DropHistory(drops, queueFull());
    ownership = new Ownership(nanos);
    judgement = new JudgementState(now);
    age = new ListenerAge(nanos);
    retry = new RetryState(nanos);
    queueWatch.seePeak(queue, nanos);
    growth = BacklogGrowth.none(nanos);
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

  /** How many connections wait in its accept queue, as it was seen last. */
  public int queue() {
    return queue;
  }

  /** What the kernel holds, as it was seen last. */
  public int backlog() {
    return backlogs.backlog();
  }

  /** Whether the queue is full, or one short of it: a backlog of 5 holds 6 connections. */
  public boolean queueFull() {
    return queue >= Math.max(1, backlogs.backlog());
  }

  /** Of a UNIX one: at how many looks in a row its queue was full, this one among them. */
  public int lookWhetherFull() {
    fullLooks = queue > backlogs.backlog() ? fullLooks + 1 : 0;
    return fullLooks;
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
    if (backlogNow != backlogs.backlog()) setByApplication(backlogNow, somaxconn);
    queue = queueNow;
    drops.see(dropsNow, queueFull());
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
    drops.nothingOverflowed(queueFull());
  }

  /** What it dropped so far is judged. */
  public void judgeDrops() {
    drops.judge(queueFull());
  }

  /** The application has set its own backlog. */
  public void setByApplication(int own, int somaxconn) {
    backlogs.setByApplication(own, somaxconn);
    judgement.unsettle();
  }

  /** We have raised its backlog. */
  public void raised(int to, int somaxconn) {
    backlogs.raised(to, somaxconn);
    judgement.unsettle();
  }

  /** What the application had set is there again, by us. */
  public void restored(int to) {
    backlogs.restored(to);
    judgement.unsettle();
  }

  /** An earlier probe had raised it, or had seen it with another backlog. */
  public void recallOwn(int own, int raised, int somaxconn) {
    backlogs.recallOwn(own, raised, somaxconn);
    judgement.unsettle();
  }

  /** Whether its application takes no connections now, on purpose. */
  public boolean isClosed() {
    return backlogs.backlog() == 0 && (backlogs.wasOpen() || ownership.closesItsDoor());
  }

  /** How its backlog grows after overflows. */
  public BacklogGrowth growth() {
    return growth;
  }

  /** See {@link NamespaceState#grow}. */
  void grow(BacklogGrowth now) {
    if (!growth.equals(now)) judgement.unsettle();
    growth = now;
  }

  /**
   * uid in the cgroups of the pod it belongs to; null: of none that we watch, or not known whose.
   */
  public @Nullable String cgroupUid() {
    return ownership.cgroupUid();
  }

  /** Who holds it; null: not known. */
  public @Nullable SocketOwner owner() {
    return ownership.owner();
  }

  /** The pod whose it is, if that is known and a policy governs it. */
  public @Nullable GovernedPod pod(NodeSpec spec) {
    var uid = ownership.cgroupUid();
    return uid == null ? null : spec.pods().get(uid);
  }

  /**
   * Its pod as log lines name it, of which each has a share: {@code namespace/name}; the uid in its
   * cgroups where nothing governs it (any more); empty where it is not known.
   */
  public String podName(@Nullable NodeSpec spec) {
    return NodeSpec.name(spec, ownership.cgroupUid());
  }

  /** The same, but for who exempts it: an exempt port is exempt from symptoms too. */
  public @Nullable GovernedPod podThatAsks(NodeSpec spec) {
    var pod = pod(spec);
    return pod == null || pod.requirement().on(place()) instanceof Demand.Exempt ? null : pod;
  }

  /** Whose it is; null: nobody's that we watch, or not known. */
  public void belongsTo(@Nullable String pod) {
    if (ownership.belongsTo(pod)) judgement.unsettle();
  }

  /** A process of a pod holds it. */
  public void found(SocketOwner holder, String pod) {
    ownership.found(holder, pod);
    judgement.unsettle();
  }

  /** No process of its pod holds it. */
  public void isNobodys() {
    ownership.isNobodys();
    judgement.unsettle();
  }

  /** An earlier probe found in so many looks that no process of its pod holds it. */
  public void recallNobodys(int looks) {
    ownership.recallNobodys(looks);
    judgement.unsettle();
  }

  /** It is judged. */
  public void judge(Verdict verdict, int required, boolean exempt, Instant since) {
    judgement.judge(verdict, required, exempt, since);
  }

  /** An earlier probe had judged it: that holds unless this one came to something else. */
  public void recallVerdict(Verdict earlier, Instant since) {
    judgement.recall(earlier, since, ownership.isNobodysOfPod());
  }

  /**
   * Whether it was found to have what it needs, and neither what it has, nor what is asked of it,
   * nor whose it is has changed since: then it need not be judged again.
   */
  public boolean isSettled() {
    return judgement.isSettled();
  }

  /** What is asked has changed. */
  public void askedAnew() {
    judgement.askedAnew();
  }

  /** See {@link ListenersByPort}. */
  @Nullable ListenerState nextOfChain() {
    return nextOfChain;
  }

  void chainTo(@Nullable ListenerState next) {
    nextOfChain = next;
  }
}
