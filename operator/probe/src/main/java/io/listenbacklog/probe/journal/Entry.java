package io.listenbacklog.probe.journal;

import io.listenbacklog.api.Growth;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import org.jspecify.annotations.Nullable;

/** Something that was raised, as the journal holds it. */
public sealed interface Entry {

  /** The uid that the pod's cgroups are named after. */
  String cgroupUid();

  /** The pod as an Event refers to it. */
  PodReference pod();

  /** Inode of the network namespace. */
  long networkNamespace();

  /** The values. */
  Raised raised();

  /** What no two entries share. */
  String key();

  /**
   * The backlog of a listener.
   *
   * @param policy under which it was raised last; null: the pod's annotations
   * @param container empty where unknown
   * @param cookie {@code SO_COOKIE}, never used twice in a boot
   * @param inode of the socket
   * @param growth how it grew after overflows; null: it did not
   */
  record Backlog(
      String cgroupUid,
      PodReference pod,
      @Nullable PolicyReference policy,
      String container,
      long networkNamespace,
      String address,
      long cookie,
      long inode,
      @Nullable Growth growth,
      Raised raised)
      implements Entry {

    /** Names the backlog of the listener with this cookie. */
    public static String key(long cookie) {
      return "listener/" + Long.toUnsignedString(cookie);
    }

    @Override
    public String key() {
      return key(cookie);
    }

    /** The same listener, other values. */
    public Backlog with(Raised values) {
      return new Backlog(
          cgroupUid,
          pod,
          policy,
          container,
          networkNamespace,
          address,
          cookie,
          inode,
          growth,
          values);
    }

    /** The same listener, grown. */
    public Backlog grown(@Nullable Growth step) {
      return new Backlog(
          cgroupUid,
          pod,
          policy,
          container,
          networkNamespace,
          address,
          cookie,
          inode,
          step,
          raised);
    }
  }

  /**
   * {@code net.core.somaxconn} of a network namespace. Inodes of namespaces are used again: the
   * entry holds only where a process of the pod is in the namespace.
   */
  record Somaxconn(
      String cgroupUid,
      PodReference pod,
      @Nullable PolicyReference policy,
      long networkNamespace,
      Raised raised)
      implements Entry {

    /** Names the sysctl of a pod's namespace. */
    public static String key(String cgroupUid, long networkNamespace) {
      return "somaxconn/" + cgroupUid + "/" + Long.toUnsignedString(networkNamespace);
    }

    @Override
    public String key() {
      return key(cgroupUid, networkNamespace);
    }

    /** The same sysctl, other values. */
    public Somaxconn with(Raised values) {
      return new Somaxconn(cgroupUid, pod, policy, networkNamespace, values);
    }
  }
}
