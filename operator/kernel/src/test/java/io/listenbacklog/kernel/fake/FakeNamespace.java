package io.listenbacklog.kernel.fake;

import io.listenbacklog.kernel.netns.NetCounters;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A network namespace of a {@link FakeKernel}. */
public final class FakeNamespace {
  private final FakeKernel kernel;
  private final long inode;
  private int somaxconn = 4096;
  private @Nullable IOException broken;
  private @Nullable IOException unwritable;
  private @Nullable IOException unreadable;
  private boolean unreadableOnceWritten;
  private int synCookies = 1;
  private int tcpMaxSynBacklog = 2048;
  private long overflows;
  private long drops;
  private long passiveOpens;
  private long requestQueueFullCookies;
  private long requestQueueFullDrops;
  private final Set<FakeSocket> hidden = new HashSet<>();
  private int visits;
  private int counterReads;
  private int dumps;
  private int listenerDumps;
  private int lookUps;
  private int unixDumps;
  private @Nullable IOException unixHidden;
  private @Nullable Comparator<FakeSocket> unixOrder;

  FakeNamespace(FakeKernel kernel, long inode) {
    this.kernel = kernel;
    this.inode = inode;
  }

  public long inode() {
    return inode;
  }

  public int somaxconn() {
    synchronized (kernel) {
      return somaxconn;
    }
  }

  /** Sets somaxconn as its owner would. */
  public void somaxconn(int value) {
    synchronized (kernel) {
      somaxconn = value;
    }
  }

  /** From now on a visit ends with this; null: no more. */
  public void breakWith(@Nullable IOException cause) {
    synchronized (kernel) {
      broken = cause;
    }
  }

  /** From now on no sysctl can be written, for this reason; null: it can. */
  public void makeSysctlsUnwritable(@Nullable IOException cause) {
    synchronized (kernel) {
      unwritable = cause;
    }
  }

  /** From now on no sysctl can be read, for this reason; null: it can. */
  public void makeSysctlsUnreadable(@Nullable IOException cause) {
    synchronized (kernel) {
      unreadable = cause;
      unreadableOnceWritten = false;
    }
  }

  /** As soon as a sysctl is written none can be read, not even that one. */
  public void makeSysctlsUnreadableOnceWritten(IOException cause) {
    synchronized (kernel) {
      unreadable = cause;
      unreadableOnceWritten = true;
    }
  }

  int readSomaxconn() throws IOException {
    synchronized (kernel) {
      requireReadable();
      return somaxconn;
    }
  }

  int readTcpMaxSynBacklog() throws IOException {
    synchronized (kernel) {
      requireReadable();
      return tcpMaxSynBacklog;
    }
  }

  private void requireReadable() throws IOException {
    if (unreadable != null && !unreadableOnceWritten) throw unreadable;
  }

  /** How often its counters were read. */
  public int counterReads() {
    synchronized (kernel) {
      return counterReads;
    }
  }

  /** How often its connections were dumped. */
  public int dumps() {
    synchronized (kernel) {
      return dumps;
    }
  }

  void dumped() {
    dumps++;
  }

  /** How often its TCP listeners were dumped, all or those of a port. */
  public int listenerDumps() {
    synchronized (kernel) {
      return listenerDumps;
    }
  }

  void listenersDumped() {
    listenerDumps++;
  }

  /** How many TCP listeners were looked up. */
  public int lookUps() {
    synchronized (kernel) {
      return lookUps;
    }
  }

  void lookedUp(int listeners) {
    lookUps += listeners;
  }

  /** How often it was visited. */
  public int visits() {
    synchronized (kernel) {
      return visits;
    }
  }

  void enter() throws IOException {
    synchronized (kernel) {
      visits++;
      if (broken != null) throw broken;
    }
  }

  int writeTcpMaxSynBacklog(int value) throws IOException {
    synchronized (kernel) {
      if (unwritable != null) throw unwritable;
      tcpMaxSynBacklog = value;
      unreadableOnceWritten = false;
      return readTcpMaxSynBacklog();
    }
  }

  int writeSomaxconn(int value) throws IOException {
    synchronized (kernel) {
      if (unwritable != null) throw unwritable;
      somaxconn = value;
      unreadableOnceWritten = false;
      return readSomaxconn();
    }
  }

  /** Sets {@code tcp_syncookies} as its owner would. */
  public void synCookies(int value) {
    synchronized (kernel) {
      synCookies = value;
    }
  }

  public int synCookies() {
    synchronized (kernel) {
      return synCookies;
    }
  }

  /** Sets {@code tcp_max_syn_backlog} as its owner would. */
  public void tcpMaxSynBacklog(int value) {
    synchronized (kernel) {
      tcpMaxSynBacklog = value;
    }
  }

  public int tcpMaxSynBacklog() {
    synchronized (kernel) {
      return tcpMaxSynBacklog;
    }
  }

  void overflow() {
    overflows++;
    drops++;
  }

  void opened() {
    passiveOpens++;
  }

  long passiveOpens() {
    synchronized (kernel) {
      return passiveOpens;
    }
  }

  void sendCookie() {
    requestQueueFullCookies++;
  }

  void dropForFullRequestQueue() {
    requestQueueFullDrops++;
    drops++;
  }

  void dropForMaxSynBacklog() {
    drops++;
  }

  NetCounters counters() {
    synchronized (kernel) {
      counterReads++;
      return new NetCounters(overflows, drops, requestQueueFullCookies, requestQueueFullDrops);
    }
  }

  /** From now on dumps of one port miss a socket, as they may while others come and go. */
  public void hideFromDumps(FakeSocket socket) {
    synchronized (kernel) {
      hidden.add(socket);
    }
  }

  boolean isHidden(FakeSocket socket) {
    synchronized (kernel) {
      return hidden.contains(socket);
    }
  }

  /** From now on UNIX listeners cannot be dumped, for this reason; null: they can. */
  public void hideUnix(@Nullable IOException cause) {
    synchronized (kernel) {
      unixHidden = cause;
    }
  }

  /** How often its UNIX listeners were dumped. */
  public int unixDumps() {
    synchronized (kernel) {
      return unixDumps;
    }
  }

  /** Its UNIX sockets that listen, by cookie. */
  List<FakeSocket> unixListening() throws IOException {
    synchronized (kernel) {
      unixDumps++;
      if (unixHidden != null) throw unixHidden;
      var unix = allListening().stream().filter(FakeSocket::isUnix);
      return (unixOrder == null ? unix : unix.sorted(unixOrder)).toList();
    }
  }

  /** In which order a dump shows UNIX sockets; the kernel's is that of a hash. */
  public void unixInOrder(Comparator<FakeSocket> order) {
    unixOrder = order;
  }

  /** Its TCP sockets that listen, by port, then cookie. */
  List<FakeSocket> listening() {
    return allListening().stream().filter(socket -> !socket.isUnix()).toList();
  }

  private List<FakeSocket> allListening() {
    synchronized (kernel) {
      var byCookie = new TreeMap<Long, FakeSocket>();
      for (var process : kernel.living().values()) {
        for (var socket : process.descriptors.values()) {
          if (socket.namespace == this && socket.isListening()) byCookie.put(socket.cookie, socket);
        }
      }
      return byCookie.values().stream().sorted(Comparator.comparingInt(s -> s.port)).toList();
    }
  }
}
