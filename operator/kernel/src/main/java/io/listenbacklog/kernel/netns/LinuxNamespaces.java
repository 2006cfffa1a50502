package io.listenbacklog.kernel.netns;

import io.listenbacklog.kernel.linux.Descriptor;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.process.LivingThread;
import io.listenbacklog.kernel.sockdiag.DiagBuffers;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Enters network namespaces by {@code setns(2)}, on the calling thread, and returns. Handing over
 * to a dedicated thread would cost as much as the visit.
 */
public final class LinuxNamespaces implements NetworkNamespaces, Closeable {
  /** The namespace that a thread visits: at the end of another visit it would be home too early. */
  private static final ThreadLocal<@Nullable Long> VISITED = new ThreadLocal<>();

  private final LinuxC linux;
  private final String proc;
  private final Descriptor home;
  private final Arena memory = Arena.ofShared();
  private final ConcurrentLinkedQueue<DiagBuffers> spare = new ConcurrentLinkedQueue<>();

  /**
   * @param proc where procfs is mounted
   * @throws SyscallException if the own network namespace cannot be opened
   */
  public LinuxNamespaces(LinuxC linux, String proc) throws SyscallException {
    this.linux = linux;
    this.proc = proc;
    home = Descriptor.open(linux, proc + "/thread-self/ns/net", LinuxC.O_RDONLY);
  }

  @Override
  public <T> T visit(int pid, long inode, Visit<T> visit) throws IOException {
    if (Thread.currentThread().isVirtual()) {
      // It would move its carrier thread, and whatever runs on that next.
      throw new IllegalStateException("a virtual thread cannot visit a network namespace");
    }
    Long visited = VISITED.get();
    if (visited != null) {
      throw new IllegalStateException(
          "a visit to network namespace %d during one to %d".formatted(inode, visited));
    }
    try (var namespace = open(pid, inode)) {
      linux.setns(namespace.fd(), LinuxC.CLONE_NEWNET);
    } catch (SyscallException e) {
      throw e.withCall("setns(network namespace %d of pid %d)".formatted(inode, pid));
    }
    var buffers = spare.poll();
    try (var view =
        new LinuxNamespaceView(
            linux, proc, inode, buffers == null ? new DiagBuffers(memory) : buffers)) {
      VISITED.set(inode);
      try {
        return visit.in(view);
      } finally {
        VISITED.remove();
        spare.add(view.buffers());
      }
    } finally {
      returnHome();
    }
  }

  /** Opens a namespace and verifies that it is the expected one. */
  private Descriptor open(int pid, long inode) throws IOException {
    Descriptor namespace;
    try {
      namespace = openOf(pid);
    } catch (SyscallException e) {
      if (isGone(e)) throw new NamespaceGoneException(pid, inode);
      throw e;
    }
    boolean same = false;
    try {
      same = namespace.inode() == inode;
    } finally {
      if (!same) namespace.close();
    }
    if (!same) throw new NamespaceGoneException(pid, inode);
    return namespace;
  }

  private Descriptor openOf(int pid) throws SyscallException {
    String process = proc + "/" + pid;
    try {
      return Descriptor.open(linux, process + "/ns/net", LinuxC.O_RDONLY);
    } catch (SyscallException e) {
      if (!isGone(e)) throw e;
      var thread = LivingThread.besideMain(new KernelFiles(linux), proc, pid);
      if (thread.isEmpty()) throw e;
      return Descriptor.open(
          linux, process + "/task/" + thread.getAsInt() + "/ns/net", LinuxC.O_RDONLY);
    }
  }

  private static boolean isGone(SyscallException e) {
    return e.is(Errno.ENOENT) || e.is(Errno.ESRCH);
  }

  private void returnHome() {
    try {
      linux.setns(home.fd(), LinuxC.CLONE_NEWNET);
    } catch (SyscallException e) {
      // Then neither the result of the visit nor the thread may be used.
      throw new StrayThreadError(Thread.currentThread(), e);
    }
  }

  /** To be called when there is no visit and none will follow. */
  @Override
  public void close() {
    home.close();
    memory.close();
  }
}
