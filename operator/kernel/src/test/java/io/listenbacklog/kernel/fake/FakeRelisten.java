package io.listenbacklog.kernel.fake;

import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.relisten.Relisten;
import io.listenbacklog.kernel.relisten.RelistenResult;
import io.listenbacklog.kernel.relisten.RelistenResult.Changed;
import io.listenbacklog.kernel.relisten.RelistenResult.Gone;
import io.listenbacklog.kernel.relisten.RelistenResult.Refused;
import io.listenbacklog.kernel.relisten.RelistenResult.Unneeded;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.SocketId;
import java.util.Optional;
import java.util.function.Function;

/** Re-listens the sockets of a {@link FakeKernel}, with the checks of the real one. */
record FakeRelisten(FakeKernel kernel) implements Relisten {

  @Override
  public Optional<SyscallException> unavailable() {
    synchronized (kernel) {
      return Optional.ofNullable(kernel.relistenUnavailable);
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
    return withSocket(
        view,
        pid,
        fd,
        inode,
        listener,
        socket -> {
          if (socket.backlog() < least) return new Unneeded(socket.backlog());
          int reachable = Math.min(backlog, socket.namespace.somaxconn());
          if (reachable <= socket.backlog()) return new Unneeded(socket.backlog());
          return change(socket, backlog);
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
    return withSocket(
        view,
        pid,
        fd,
        inode,
        listener,
        socket -> {
          if (socket.backlog() != applied || applied == original) {
            return new Unneeded(socket.backlog());
          }
          return change(socket, original);
        });
  }

  @Override
  public Optional<Boolean> defersAccepting(
      NamespaceView view, int pid, int fd, long inode, ListenerId listener) {
    var deferring = new boolean[1];
    var result =
        withSocket(
            view,
            pid,
            fd,
            inode,
            listener,
            socket -> {
              deferring[0] = socket.isDeferring();
              return new Unneeded(0);
            });
    return result instanceof Unneeded ? Optional.of(deferring[0]) : Optional.empty();
  }

  private RelistenResult change(FakeSocket socket, int backlog) {
    int before = socket.backlog();
    socket.setBacklog(backlog);
    kernel.relistened();
    return new Changed(before, socket.backlog());
  }

  private RelistenResult withSocket(
      NamespaceView view,
      int pid,
      int fd,
      long inode,
      SocketId listener,
      Function<FakeSocket, RelistenResult> act) {
    synchronized (kernel) {
      var unavailable = kernel.relistenUnavailable;
      if (unavailable != null) return new Refused(unavailable);
      var process = kernel.living(pid);
      if (process.isEmpty()) return new Gone("process %d is gone".formatted(pid));
      if (process.get().namespace.inode() != view.inode()) {
        return new Gone("process %d is in another network namespace".formatted(pid));
      }
      var hidden = process.get().hidden;
      if (hidden != null) return new Refused(hidden);
      var socket = process.get().descriptors.get(fd);
      if (socket == null) return new Gone("process %d has no fd %d".formatted(pid, fd));
      if (socket.inode != inode || !socket.socketId().equals(listener)) {
        return new Gone("fd %d of process %d is another socket".formatted(fd, pid));
      }
      if (!socket.isListening()) {
        return new Gone("fd %d of process %d does not listen".formatted(fd, pid));
      }
      return act.apply(socket);
    }
  }
}
