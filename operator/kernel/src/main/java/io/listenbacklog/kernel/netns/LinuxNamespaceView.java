package io.listenbacklog.kernel.netns;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.sockdiag.DiagBuffers;
import io.listenbacklog.kernel.sockdiag.SockDiag;
import io.listenbacklog.kernel.sockdiag.SockDiagConnections;
import io.listenbacklog.kernel.socket.ConnectionTable;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.ListenerTable;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerTable;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The network namespace that the current thread is in. */
final class LinuxNamespaceView implements NamespaceView, ListenerTable, AutoCloseable {
  private static final int NETSTAT_LIMIT = 64 * 1024;

  private final LinuxC linux;
  private final KernelFiles files;
  private final String proc;
  private final long inode;
  private final DiagBuffers buffers;
  private final Thread visitor = Thread.currentThread();
  private @Nullable SockDiag sockDiag;
  private boolean over;

  LinuxNamespaceView(LinuxC linux, String proc, long inode, DiagBuffers buffers) {
    this.linux = linux;
    this.proc = proc;
    this.inode = inode;
    this.buffers = buffers;
    files = new KernelFiles(linux);
  }

  @Override
  public long inode() {
    return inode;
  }

  DiagBuffers buffers() {
    return buffers;
  }

  @Override
  public void close() {
    over = true;
    if (sockDiag != null) sockDiag.close();
  }

  @Override
  public ListenerTable listeners() {
    return this;
  }

  @Override
  public UnixListenerTable unixListeners() {
    return new UnixListenerTable() {
      @Override
      public List<UnixListener> unix() throws IOException {
        return sockDiag().unix();
      }

      @Override
      public List<Long> clients(UnixListener listener) throws IOException {
        return sockDiag().clients(listener);
      }
    };
  }

  @Override
  public ConnectionTable connections() {
    requireVisit();
    return new SockDiagConnections(linux, buffers);
  }

  @Override
  public List<Listener> all() throws IOException {
    return sockDiag().all();
  }

  @Override
  public List<Listener> onPort(int port) throws IOException {
    return sockDiag().onPort(port);
  }

  @Override
  public List<Listener> known(Collection<ListenerId> ids) throws IOException {
    return ids.isEmpty() ? List.of() : sockDiag().known(ids);
  }

  @Override
  public Map<ListenerId, Integer> synReceived(Collection<ListenerId> ids) throws IOException {
    return sockDiag().synReceived(ids);
  }

  @Override
  public NetCounters counters() throws IOException {
    requireVisit();
    // Not /proc/net: that is /proc/self/net, the namespace of the process's first thread.
    var netstat = files.read(proc + "/thread-self/net/netstat", NETSTAT_LIMIT);
    return Netstat.counters(new String(netstat, US_ASCII));
  }

  @Override
  public long passiveOpens() throws IOException {
    requireVisit();
    var snmp = new String(files.read(proc + "/thread-self/net/snmp", NETSTAT_LIMIT), US_ASCII);
    return Netstat.passiveOpens(snmp)
        .orElseThrow(() -> new IOException("/proc/net/snmp: no Tcp PassiveOpens"));
  }

  @Override
  public int somaxconn() throws IOException {
    return sysctl(somaxconnPath()).orElse(DEFAULT_SOMAXCONN);
  }

  @Override
  public int synCookies() throws IOException {
    return sysctl(proc + "/sys/net/ipv4/tcp_syncookies").orElse(0);
  }

  @Override
  public int tcpMaxSynBacklog() throws IOException {
    String path = tcpMaxSynBacklogPath();
    return sysctl(path).orElseThrow(() -> new SyscallException("open(" + path + ")", Errno.ENOENT));
  }

  @Override
  public int writeTcpMaxSynBacklog(int value) throws IOException {
    requireVisit();
    if (value < 0 || value > 65535) throw new IllegalArgumentException("max_syn_backlog " + value);
    files.write(tcpMaxSynBacklogPath(), Integer.toString(value));
    return tcpMaxSynBacklog();
  }

  private String tcpMaxSynBacklogPath() {
    return proc + "/sys/net/ipv4/tcp_max_syn_backlog";
  }

  /** A sysctl that is a number; empty where this namespace has none. */
  private OptionalInt sysctl(String path) throws IOException {
    requireVisit();
    var file = files.readIfThere(path, 32);
    if (file.isEmpty()) return OptionalInt.empty();
    var text = new String(file.get(), US_ASCII).strip();
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new IOException("%s: not a number".formatted(path), e);
    }
  }

  @Override
  public int writeSomaxconn(int value) throws IOException {
    requireVisit();
    if (value < 1 || value > 65535) throw new IllegalArgumentException("somaxconn " + value);
    try {
      files.write(somaxconnPath(), Integer.toString(value));
    } catch (SyscallException e) {
      if (!e.is(Errno.ENOENT)) throw e;
      throw e.withCall(
          e.call() + ", which a network namespace of a user namespace lacks before Linux 6.5");
    }
    return somaxconn();
  }

  /** Shows the namespace of the thread that opens it (net/sysctl_net.c). */
  private String somaxconnPath() {
    return proc + "/sys/net/core/somaxconn";
  }

  private SockDiag sockDiag() throws IOException {
    requireVisit();
    if (sockDiag == null) sockDiag = SockDiag.open(linux, buffers);
    return sockDiag;
  }

  private void requireVisit() {
    if (over || Thread.currentThread() != visitor) {
      throw new IllegalStateException(
          "the visit to network namespace %d is over, or another thread's".formatted(inode));
    }
  }
}
