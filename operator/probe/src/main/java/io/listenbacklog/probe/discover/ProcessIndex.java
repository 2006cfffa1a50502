package io.listenbacklog.probe.discover;

import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.process.Processes;
import java.io.IOException;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which processes belong to which pod, and in which network namespaces they are: of all pods, for a
 * namespace that a stranger's process is in must be known as such.
 *
 * <p>What is known of a process is read once and again while it is young: a container's first
 * process is moved to its cgroup, and then to its network namespace, after its birth. It is read
 * again every minute, in case its pid has become another process's.
 *
 * <p>Of each pod so many processes are kept as its share allows, the first ones that are met: a pod
 * may have a million of them. Of the others it is only known which they are.
 *
 * <p>Here a process is read, and it is decided whether it is kept: in {@link ProcessTable}, or as
 * one of {@link ProcessesLeftOut}. {@link ProcessScan} goes through all of them, and {@link
 * ScanHistory} knows what that proves.
 */
public final class ProcessIndex {
  private final Processes processes;
  private final Share share;
  private final boolean socketsOutliveOwners;
  private final ProcessTable table = new ProcessTable();
  private final ProcessesLeftOut leftOut = new ProcessesLeftOut();
  private final ScanHistory scans = new ScanHistory();

  /**
   * Knows none yet.
   *
   * @param socketsOutliveOwners see {@link #socketsOutliveOwners()}
   */
  public ProcessIndex(Processes processes, boolean socketsOutliveOwners) {
    this(processes, Share.STANDARD, socketsOutliveOwners);
  }

  ProcessIndex(Processes processes, Share share, boolean socketsOutliveOwners) {
    this.processes = processes;
    this.share = share;
    this.socketsOutliveOwners = socketsOutliveOwners;
  }

  /**
   * Whether a socket may go on when nothing is left of who it belonged to, as on a machine whose
   * processes become another service by exec(2) or setuid(2). The sockets of a pod end with it.
   */
  public boolean socketsOutliveOwners() {
    return socketsOutliveOwners;
  }

  /**
   * How many processes are kept, of which each takes some 180 bytes.
   *
   * @param ofPod of one pod
   * @param all of all pods together
   * @param sure of a pod whatever others have
   */
  public record Share(int ofPod, int all, int sure) {

    /** 5 MiB, and 64 for each of 250 pods: a heap of 26 MiB has room for them. */
    public static final Share STANDARD = new Share(2_048, 25_000, 64);
  }

  /** How many processes of a pod are not looked at, for they are more than its share. */
  public int left(String cgroupUid) {
    return leftOut.count(cgroupUid);
  }

  /** How many processes are not looked at. */
  public int left() {
    return leftOut.count();
  }

  /** Processes of a pod that can be looked into, ascending. */
  public NavigableSet<Integer> pids(String cgroupUid) {
    return table.pids(cgroupUid);
  }

  /**
   * Why processes of a pod cannot be looked into: they are there, and nobody can say which network
   * namespace they are in, nor what they hold. Empty: all can.
   */
  public Optional<String> hidden(String cgroupUid) {
    return table.hidden(cgroupUid);
  }

  /** All processes that can be looked into, be they of no pod. */
  public Set<Integer> pids() {
    return table.pids();
  }

  /** Why any process of a pod cannot be looked into; empty: all can. */
  public Optional<String> hidden() {
    return table.hidden();
  }

  /** Whether a process of a pod is there, be it hidden. */
  public boolean isThere(String cgroupUid) {
    return table.size(cgroupUid) > 0;
  }

  /** Why the last scan may have missed processes; empty: it showed all there are. */
  public Optional<String> missing() {
    return scans.missing();
  }

  /**
   * Whether what is not known now was not there since a moment, and that is no mistake: all scans
   * since then were whole, and none of what they tell is from before.
   *
   * @param sinceNanos when it was missed first
   */
  public boolean isProvenSince(long sinceNanos) {
    return scans.isProvenSince(sinceNanos);
  }

  /** The processes of pods in a network namespace, ascending, each with its pod. */
  public NavigableMap<Integer, String> members(long namespace) {
    return table.members(namespace);
  }

  /** Whether there are processes of pods in a network namespace, and none was known so early. */
  public boolean areNewSince(long namespace, long nanos) {
    return table.areNewSince(namespace, nanos);
  }

  /** The network namespaces that processes of a pod are in, those of its first processes first. */
  public Set<Long> namespaces(String cgroupUid) {
    return table.namespaces(cgroupUid);
  }

  /** Grows whenever a process of a pod came, went, or moved: else all answers are as before. */
  public long changes() {
    return table.changes();
  }

  /** How many processes of the node are known. */
  public int size() {
    return table.size();
  }

  /**
   * What is known of a process that is not young; null: nothing that was read so lately.
   *
   * @param nanos how long ago it may have been read
   */
  public @Nullable KnownProcess known(int pid, long now, long nanos) {
    var process = table.get(pid);
    return process == null || process.isYoung(now) || now - process.readNanos() > nanos
        ? null
        : process;
  }

  /**
   * Reads one process now, whatever was known of it; null if it is gone, outside of all pods, or
   * hidden.
   */
  public @Nullable KnownProcess read(int pid, long now) throws IOException {
    var before = table.get(pid);
    var read = look(pid, before, now);
    leftOut.remove(pid);
    String pod = read.cgroupUid();
    if (pod != null && before == null && isOverItsShare(pod) && !isAbroad(pod, read.namespace())) {
      leftOut.add(pid, pod);
    } else {
      table.put(read);
    }
    return read.isVisible() ? read : null;
  }

  private KnownProcess look(int pid, @Nullable KnownProcess before, long now) throws IOException {
    String uid = processes.container(pid).map(Container::podUid).orElse(null);
    long namespace = 0;
    String hidden = null;
    if (uid != null) {
      try {
        namespace = processes.networkNamespace(pid).orElse(0);
        if (namespace == 0) uid = null;
      } catch (IOException e) {
        hidden = hidden(pid, e);
      }
    }
    if (uid != null) uid = table.shared(uid);
    long born =
        before != null && Objects.equals(before.cgroupUid(), uid) ? before.bornNanos() : now;
    return new KnownProcess(pid, uid, namespace, hidden, born, now);
  }

  private static String hidden(int pid, IOException cause) {
    boolean refused =
        cause instanceof SyscallException call && (call.is(Errno.EACCES) || call.is(Errno.EPERM));
    return "process %d cannot be looked into%s: %s"
        .formatted(
            pid,
            refused ? ", a security module such as AppArmor or SELinux refuses it" : "",
            cause.getMessage());
  }

  private boolean isOverItsShare(String cgroupUid) {
    int most = table.size() < share.all ? share.ofPod : share.sure;
    return table.size(cgroupUid) >= most;
  }

  /** Whether others are in a process's namespace: that it is not theirs alone must be known. */
  private boolean isAbroad(String cgroupUid, long namespace) {
    var there = table.members(namespace);
    return !there.isEmpty() && !there.containsValue(cgroupUid);
  }

  /** Begins to look at all processes. */
  public ProcessScan scan(long now) throws IOException {
    int[] pids = processes.pids();
    String unlisted = processes.unlisted().orElse(null);
    leftOut.scanBegins(pids, now);
    return new ProcessScan(this, pids, unlisted, now);
  }

  /** Whether a scan must read a process: what is known of it may not hold any more. */
  boolean mustBeRead(int pid, long now) {
    if (leftOut.contains(pid)) return false;
    var process = table.get(pid);
    return process == null || process.mustBeReadAgain(now);
  }

  /**
   * A scan is over.
   *
   * @param pids that were there when it began
   * @param missed why it may have missed processes; null: it has not
   */
  void scanEnds(int[] pids, long begunNanos, @Nullable String missed) {
    Arrays.sort(pids);
    table.keepOnly(pids, begunNanos);
    leftOut.scanEnds();
    scans.scanEnds(begunNanos, missed);
  }
}
