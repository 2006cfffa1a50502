package io.listenbacklog.probe.journal;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.listenbacklog.api.Growth;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.SysctlNames;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that was raised, or that is contested, as the journal holds it. */
public sealed interface JournalEntry {

  /** The uid that the pod's cgroups are named after. */
  String cgroupUid();

  /** The pod as an Event refers to it. */
  PodReference pod();

  /** Inode of the network namespace. */
  long networkNamespace();

  /** The values. */
  RaisedValue raised();

  /** What no two entries share. */
  EntryKey key();

  /** Whether it is a value of the node, and no pod's. */
  default boolean concernsNode() {
    return cgroupUid().equals(Sysctl.NODE);
  }

  /** The same thing, other values. */
  JournalEntry with(RaisedValue values);

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
      RaisedValue raised)
      implements JournalEntry {

    public Backlog {
      requireNonNull(cgroupUid); // a line without these is no entry
      requireNonNull(pod);
      requireNonNull(raised);
    }

    @Override
    public EntryKey key() {
      return new EntryKey.Listener(cookie);
    }

    @Override
    public Backlog with(RaisedValue values) {
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

    /**
     * The same, with the names that other entries of its pod have too: as it is while the probe
     * that wrote it runs.
     *
     * @param shared every value by itself
     */
    Backlog sharing(Map<Object, Object> shared) {
      return new Backlog(
          same(cgroupUid, shared),
          same(pod, shared),
          policy == null ? null : same(policy, shared),
          same(container, shared),
          networkNamespace,
          address,
          cookie,
          inode,
          growth,
          raised);
    }

    @SuppressWarnings("unchecked") // what is equal to a T in such a map is one
    private static <T> T same(T value, Map<Object, Object> shared) {
      return (T) shared.computeIfAbsent(value, it -> it);
    }

    /** Whether it is a UNIX listener. */
    @JsonIgnore // not of the format
    public boolean isUnix() {
      return address.startsWith("unix:");
    }

    /** The port that its address ends with; 0 where it makes no sense. */
    public int port() {
      try {
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        return port < 1 || port > 65535 ? 0 : port;
      } catch (NumberFormatException e) {
        return 0;
      }
    }

    /**
     * The same listener, which is of another pod, or service, now.
     *
     * @param by as an Event refers to it
     */
    public Backlog heldBy(String uid, PodReference by, @Nullable PolicyReference under) {
      return new Backlog(
          uid, by, under, container, networkNamespace, address, cookie, inode, growth, raised);
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
   * A sysctl of a network namespace. Inodes of namespaces are used again: the entry of a pod holds
   * only where a process of the pod is in the namespace.
   *
   * @param cgroupUid {@link #NODE} where it is a value of the node, which pods ask for together
   * @param pod that asks for it; of several the one that asks for most
   * @param name such as {@code net.core.somaxconn}, which it is where a journal names none
   */
  record Sysctl(
      String cgroupUid,
      PodReference pod,
      @Nullable PolicyReference policy,
      long networkNamespace,
      String name,
      RaisedValue raised)
      implements JournalEntry {

    /** Stands for the node where a pod's uid would. */
    public static final String NODE = "node";

    public Sysctl {
      requireNonNull(cgroupUid);
      requireNonNull(pod);
      name = requireNonNullElse(name, SysctlNames.SOMAXCONN);
      requireNonNull(raised);
    }

    @Override
    public EntryKey key() {
      return new EntryKey.Sysctl(cgroupUid, networkNamespace, name);
    }

    boolean isSomaxconn() {
      return name.equals(SysctlNames.SOMAXCONN);
    }

    @Override
    public Sysctl with(RaisedValue values) {
      return new Sysctl(cgroupUid, pod, policy, networkNamespace, name, values);
    }

    /** Another pod asks for it now. */
    public Sysctl askedBy(PodReference by, @Nullable PolicyReference under, OnDelete lastWord) {
      return new Sysctl(cgroupUid, by, under, networkNamespace, name, raised.with(lastWord));
    }
  }
}
