package io.listenbacklog.kernel.netns;

import java.io.IOException;

/** Enters network namespaces, each through a process that is in it. */
public interface NetworkNamespaces {

  /**
   * Runs a visit inside a network namespace: on the calling thread, or on one that may stay in it
   * no longer than the visit lasts. Afterwards nothing of the namespace is held: no fd, no thread.
   * During a visit there can be no other on that thread: whoever has something to do in the
   * namespace is handed its view.
   *
   * @param pid a process that is in it
   * @param inode the namespace's: verified before the visit, because the pid may have been reused
   * @throws NamespaceGoneException if the process is gone or in another namespace
   * @throws io.listenbacklog.kernel.linux.SyscallException if it cannot be entered
   * @throws IllegalStateException during another visit
   * @throws StrayThreadError if the thread cannot leave it: then it must end
   */
  <T> T visit(int pid, long inode, Visit<T> visit) throws IOException;

  /** What to do inside a namespace. */
  @FunctionalInterface
  interface Visit<T> {
    T in(NamespaceView namespace) throws IOException;
  }
}
