package io.listenbacklog.kernel.relisten;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.listenbacklog.kernel.linux.Descriptor;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.PatientCalls;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.relisten.RelistenResult.Changed;
import io.listenbacklog.kernel.relisten.RelistenResult.Gone;
import io.listenbacklog.kernel.relisten.RelistenResult.Refused;
import io.listenbacklog.kernel.relisten.RelistenResult.Unneeded;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.SocketId;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Re-listens by {@code pidfd_getfd(2)}, Linux 5.6. Needs CAP_SYS_PTRACE and CAP_SYS_ADMIN. */
public final class LinuxRelisten implements Relisten {
  private static final String YAMA = "/proc/sys/kernel/yama/ptrace_scope";

  /** One that no process has. */
  private static final int NO_FD = -1;

  private final LinuxC linux;
  private final KernelFiles files;
  private final Processes processes;
  private final DescriptorCopies copies;

  /**
   * @param calls for what waits for the process whose socket it is
   */
  public LinuxRelisten(LinuxC linux, Processes processes, PatientCalls calls) {
    this.linux = linux;
    files = new KernelFiles(linux);
    this.processes = processes;
    copies = new DescriptorCopies(linux, calls);
  }

  @Override
  public Optional<SyscallException> unavailable() {
    long own = ProcessHandle.current().pid();
    var refusal = refusal(own, () -> copies.ofOwn(NO_FD)); // no such call, or seccomp
    if (refusal.isPresent()) return refusal;
    // Other processes show a missing CAP_SYS_PTRACE and Yama's scope 3. A single one proves
    // nothing: AppArmor
    // lets a container at containers' processes only, and some system processes refuse everybody.
    var others = ProcessHandle.allProcesses().mapToLong(ProcessHandle::pid).filter(p -> p != own);
    for (long pid : others.toArray()) {
      refusal = refusal(pid, () -> copies.of((int) pid, () -> pidfd((int) pid), NO_FD));
      if (refusal.isEmpty()) return refusal;
    }
    return refusal.map(this::withYama);
  }

  /** Scope 3 refuses it to everyone, and cannot be undone before the next boot. */
  private SyscallException withYama(SyscallException refusal) {
    try {
      var scope = files.readIfThere(YAMA, 16).map(bytes -> new String(bytes, US_ASCII).strip());
      if (!scope.orElse("").equals("3")) return refusal;
      return refusal.withCall(refusal.call() + " with kernel.yama.ptrace_scope = 3");
    } catch (SyscallException e) {
      return refusal;
    }
  }

  /** Asks for an fd that does not exist: permission is checked first. */
  private static Optional<SyscallException> refusal(long pid, PatientCalls.Call<Descriptor> copy) {
    try {
      copy.now().close();
      return Optional.empty();
    } catch (SyscallException e) {
      return e.is(Errno.EBADF)
          ? Optional.empty()
          : Optional.of(e.withCall("%s, for process %d".formatted(e.call(), pid)));
    } catch (IOException e) {
      return Optional.of(
          new SyscallException("pidfd_getfd, for process %d".formatted(pid), Errno.EAGAIN));
    }
  }

  @Override
  public RelistenResult raise(
      NamespaceView view, int pid, int fd, long inode, SocketId listener, int backlog) {
    return raiseFrom(1, view, pid, fd, inode, listener, backlog);
  }

  @Override
  public RelistenResult raiseFromZero(
      NamespaceView view, int pid, int fd, long inode, SocketId listener, int backlog) {
    return raiseFrom(0, view, pid, fd, inode, listener, backlog);
  }

  private RelistenResult raiseFrom(
      int least, NamespaceView view, int pid, int fd, long inode, SocketId listener, int backlog) {
    if (backlog < 1 || backlog > 65535) throw new IllegalArgumentException("backlog " + backlog);
    return onCopy(
        view,
        pid,
        fd,
        inode,
        listener,
        (socket, somaxconn) -> {
          int before = socket.backlog();
          if (before < least) return new Unneeded(before);
          // listen() would clamp to somaxconn: perhaps to less than there is. And each listen() on
          // an MPTCP listener leaks one in /proc/net/protocols (Linux 6.2 and later).
          if (Math.min(backlog, somaxconn) <= before) return new Unneeded(before);
          socket.listen(backlog);
          return new Changed(before, socket.backlog());
        });
  }

  @Override
  public RelistenResult restore(
      NamespaceView view,
      int pid,
      int fd,
      long inode,
      SocketId listener,
      int applied,
      int original) {
    if (original < 0 || original > 65535) throw new IllegalArgumentException("backlog " + original);
    return onCopy(
        view,
        pid,
        fd,
        inode,
        listener,
        (socket, _) -> {
          int before = socket.backlog();
          if (before != applied || before == original) return new Unneeded(before);
          socket.listen(original);
          return new Changed(before, socket.backlog());
        });
  }

  @Override
  public Optional<Boolean> defersAccepting(
      NamespaceView view, int pid, int fd, long inode, ListenerId listener) {
    var seconds = new int[] {-1};
    onCopy(
        view,
        pid,
        fd,
        inode,
        listener,
        (socket, _) -> {
          if (socket instanceof Tcp(var copy)) seconds[0] = copy.deferAcceptSeconds();
          return new Unneeded(0);
        });
    return seconds[0] < 0 ? Optional.empty() : Optional.of(seconds[0] > 0);
  }

  private interface Act {
    RelistenResult on(Backlogged socket, int somaxconn) throws IOException;
  }

  /** A copy that is verified to be the expected socket. */
  private interface Backlogged {
    int backlog() throws IOException;

    void listen(int backlog) throws IOException;
  }

  private RelistenResult onCopy(
      NamespaceView view, int pid, int fd, long inode, SocketId listener, Act act) {
    try {
      var namespace = processes.networkNamespace(pid);
      if (namespace.isEmpty()) return new Gone("process %d is gone".formatted(pid));
      // The pid may be another process by now, of another pod.
      if (namespace.getAsLong() != view.inode()) {
        return new Gone("process %d is in another network namespace".formatted(pid));
      }
      var somaxconn = somaxconn(view, listener, inode);
      if (somaxconn.isEmpty()) {
        return new Gone(
            "no such listener on %s in the network namespace of process %d"
                .formatted(listener.text(), pid));
      }
      return onCopy(view, pid, fd, inode, listener, somaxconn.getAsInt(), act);
    } catch (IOException e) {
      return new Refused(e);
    }
  }

  /** The limit that will clamp the listener: somaxconn of its namespace, if that is this one. */
  private static OptionalInt somaxconn(NamespaceView view, SocketId listener, long inode)
      throws IOException {
    boolean isThere =
        switch (listener) {
          case ListenerId id -> {
            var seen = view.listeners().known(List.of(id));
            yield seen.size() == 1 && seen.getFirst().inode() == inode;
          }
          case UnixListenerId id -> seen(view, id).filter(it -> it.inode() == inode).isPresent();
        };
    return isThere ? OptionalInt.of(view.somaxconn()) : OptionalInt.empty();
  }

  private RelistenResult onCopy(
      NamespaceView view, int pid, int fd, long inode, SocketId listener, int somaxconn, Act act)
      throws IOException {
    try (var socket = new ListenerSocket(linux, copies.of(pid, () -> open(pid), fd))) {
      var mismatch = mismatch(socket, inode, listener);
      if (mismatch.isPresent()) {
        return new Gone("fd %d of process %d %s".formatted(fd, pid, mismatch.get()));
      }
      return act.on(
          switch (listener) {
            case ListenerId _ -> new Tcp(socket);
            case UnixListenerId id -> new Unix(socket, id, view);
          },
          somaxconn);
    } catch (SyscallException e) {
      return isGone(e)
          ? new Gone("fd %d of process %d is gone: %s".formatted(fd, pid, e.getMessage()))
          : new Refused(e.withCall("%s, for fd %d of process %d".formatted(e.call(), fd, pid)));
    }
  }

  private record Tcp(ListenerSocket socket) implements Backlogged {
    @Override
    public int backlog() throws IOException {
      return socket.backlog();
    }

    @Override
    public void listen(int backlog) throws IOException {
      socket.listen(backlog);
    }
  }

  /** A UNIX socket does not tell its own backlog: its network namespace does. */
  private final class Unix implements Backlogged {
    private final ListenerSocket socket;
    private final UnixListenerId id;
    private final NamespaceView view;

    Unix(ListenerSocket socket, UnixListenerId id, NamespaceView view) {
      this.socket = socket;
      this.id = id;
      this.view = view;
    }

    @Override
    public int backlog() throws IOException {
      return seen(view, id)
          .map(UnixListener::backlog)
          .orElseThrow(() -> new IOException(id.text() + " is not among the listeners any more"));
    }

    @Override
    public void listen(int backlog) throws IOException {
      var who = socket.listened();
      if (who.uid() == -1) throw new IOException("SO_PEERCRED of a socket that listens is nobody");
      socket.listenAs(who, new ListenerSocket.Listened(linux.geteuid(), linux.getegid()), backlog);
    }
  }

  private static Optional<UnixListener> seen(NamespaceView view, UnixListenerId id)
      throws IOException {
    return view.unixListeners().unix().stream().filter(each -> each.id().equals(id)).findFirst();
  }

  private Descriptor pidfd(int pid) throws SyscallException {
    return new Descriptor(linux, linux.pidfd_open(pid, 0));
  }

  /** A pidfd of the process, or of another thread where the main thread has ended. */
  private Descriptor open(int pid) throws IOException {
    var thread = processes.livingThread(pid);
    if (thread.isEmpty()) return pidfd(pid);
    try {
      return new Descriptor(linux, linux.pidfd_open(thread.getAsInt(), LinuxC.PIDFD_THREAD));
    } catch (SyscallException e) {
      throw e.is(Errno.EINVAL)
          ? e.withCall("pidfd_open(PIDFD_THREAD), Linux 6.9, since its main thread has ended")
          : e;
    }
  }

  /**
   * Why a copy is not the expected listener. The process may have closed this fd since we looked,
   * and {@code listen()} on a socket that is only bound would start it listening
   * (net/ipv4/af_inet.c, inet_listen).
   */
  private static Optional<String> mismatch(ListenerSocket socket, long inode, SocketId listener)
      throws IOException {
    if (socket.inode() != inode) return Optional.of("is not socket %d".formatted(inode));
    if (listener instanceof UnixListenerId) return unixMismatch(socket, listener);
    int protocol = socket.protocol();
    // An MPTCP socket has the inode of the TCP listener below it, but a cookie of its own
    // (net/mptcp/subflow.c, mptcp_subflow_create_socket). That this inode belongs to that cookie
    // was seen in its namespace.
    boolean same =
        switch (protocol) {
          case ListenerSocket.IPPROTO_TCP -> socket.cookie() == listener.cookie();
          case ListenerSocket.IPPROTO_MPTCP -> true;
          default -> false;
        };
    if (!same) return Optional.of("is another socket, of protocol %d".formatted(protocol));
    return socket.isListening() ? Optional.empty() : Optional.of("does not listen");
  }

  private static Optional<String> unixMismatch(ListenerSocket socket, SocketId listener)
      throws IOException {
    int domain = socket.domain();
    if (domain != LinuxC.AF_UNIX || socket.cookie() != listener.cookie()) {
      return Optional.of("is another socket, of family %d".formatted(domain));
    }
    return socket.isListening() ? Optional.empty() : Optional.of("does not listen");
  }

  /** ESRCH also for a process whose first thread has ended while others live. */
  private static boolean isGone(SyscallException e) {
    return e.is(Errno.ESRCH) || e.is(Errno.ENOENT) || e.is(Errno.EBADF) || e.is(Errno.ENOTSOCK);
  }
}
