package io.listenbacklog.probe.state;

import io.listenbacklog.catalogue.Catalogue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whose a listener is: the pod, the process that holds it, and the search for that. */
public final class Ownership {
  /**
   * uid in the cgroups of the pod it belongs to; null: of none that we watch, or not known whose.
   */
  private @Nullable String cgroupUid;

  private @Nullable SocketOwner owner;

  /** Hash of the path of its owner's executable; 0: not known. */
  private int program;

  private @Nullable FormerOwner former;
  private ProcessIdentity attribution = ProcessIdentity.UNKNOWN;
  private int looks;
  private boolean isNobodysOfPod;
  private int holders;
  private long nextLookNanos;

  Ownership(long nanos) {
    nextLookNanos = nanos;
  }

  @Nullable String cgroupUid() {
    return cgroupUid;
  }

  @Nullable SocketOwner owner() {
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
  public int looks() {
    return looks;
  }

  /** Whether it is in its pod's network namespace, and no process of the pod holds it. */
  public boolean isNobodysOfPod() {
    return isNobodysOfPod;
  }

  /** How many processes of its pod hold it, when it was set back last; 0: not known. */
  public int holders() {
    return holders;
  }

  public void heldBy(int processes) {
    holders = processes;
  }

  /** Whether it is of an application that stops listening with a backlog of 0. */
  boolean closesItsDoor() {
    return attribution.application() != null && Catalogue.closesItsDoor(attribution.application());
  }

  /** True if it was not that pod's before. */
  boolean belongsTo(@Nullable String pod) {
    if (Objects.equals(cgroupUid, pod)) return false; // so it is at each sweep
    cgroupUid = pod;
    return true;
  }

  void found(SocketOwner holder, String pod) {
    owner = holder;
    cgroupUid = pod;
    looks = 0;
    isNobodysOfPod = false;
  }

  void isNobodys() {
    isNobodysOfPod = true;
  }

  void recallNobodys(int earlierLooks) {
    isNobodysOfPod = true;
    looks = earlierLooks;
  }

  /**
   * What its owner is.
   *
   * @param executable hash of its path; 0: not known
   */
  public void identified(ProcessIdentity as, int executable) {
    attribution = as;
    program = executable;
    if (former != null && former.pid() == as.pid()) former = null;
  }

  /** No process was found that holds it. */
  public void missed() {
    looks++;
  }

  public void lookAt(long nanos) {
    nextLookNanos = nanos;
  }

  public boolean isLookDue(long nanos) {
    return owner == null && nanos - nextLookNanos >= 0;
  }

  /** The process that held it does so no more. */
  public void lose(long nanos) {
    if (attribution.pid() != 0) {
      former = new FormerOwner(attribution.process(), attribution.pid(), program);
    }
    program = 0;
    owner = null;
    attribution = ProcessIdentity.UNKNOWN;
    looks = 0;
    nextLookNanos = nanos;
  }
}
