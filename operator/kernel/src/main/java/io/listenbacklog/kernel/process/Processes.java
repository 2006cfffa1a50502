package io.listenbacklog.kernel.process;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** The processes of a node. A process that is gone is an empty answer, never an exception. */
public interface Processes {

  /** All thread groups, ascending. */
  int[] pids() throws IOException;

  /**
   * Why {@link #pids()} may be incomplete; empty: it is complete. A process that is not listed may
   * still exist.
   */
  Optional<String> unlisted() throws IOException;

  /** Whether this process has the capabilities to inspect others. */
  boolean mayTrace() throws IOException;

  /**
   * The container that a process belongs to; empty for one that is gone, and for one outside all
   * pods.
   */
  Optional<Container> container(int pid) throws IOException;

  /**
   * The service of the machine that a process is of, whether in a pod or not; empty if it is gone.
   */
  Optional<ServiceFacts> service(int pid) throws IOException;

  /**
   * Inode of the network namespace a process is in; empty if it is gone.
   *
   * @throws io.listenbacklog.kernel.linux.SyscallException EACCES or EPERM where it is there and a
   *     security module does not let us look at it
   */
  OptionalLong networkNamespace(int pid) throws IOException;

  /**
   * A number that two processes share if and only if they are in one network namespace: available
   * also for those whose namespace may not be read. Empty if the process is gone.
   */
  OptionalLong networkMark(int pid) throws IOException;

  /**
   * Inodes of the network namespaces that are mounted in the mount namespace of a process: they
   * live on without any process in them (CRI-O keeps a pod's so). Empty if the process is gone.
   */
  Set<Long> mountedNamespaces(int pid) throws IOException;

  /**
   * Of a process whose main thread has ended while others live: one of these. Empty where the main
   * thread lives, and where all is gone.
   */
  OptionalInt livingThread(int pid) throws IOException;

  /** The thread group of a thread (tracefs names threads); empty if it is gone. */
  OptionalInt threadGroup(int thread) throws IOException;

  /**
   * When a process started, in clock ticks since boot (100 a second): with its pid it names one
   * process of this boot. Empty if it is gone.
   */
  OptionalLong startTicks(int pid) throws IOException;

  /**
   * The process that started another, or has inherited it since (init, or a subreaper). Empty if it
   * is gone, and where there is none in the PID namespace of the node.
   */
  OptionalInt parent(int pid) throws IOException;

  /** What a process is; empty if it is gone. */
  Optional<ProcessFacts> facts(int pid) throws IOException;

  /** Receives one socket that a process holds. */
  @FunctionalInterface
  interface HeldSocket {
    void at(long inode, int fd);
  }

  /**
   * Some of the sockets that a process holds, by ascending fd: a process may hold a million files,
   * at some 2 µs each.
   *
   * @param from the first fd to look at
   * @param most descriptors to look at, 1 or more
   * @return the fd to go on from; -1 where there are no more, as where the process is gone
   */
  int sockets(int pid, int from, int most, HeldSocket each) throws IOException;

  /** All sockets that a process holds, inode to the lowest fd; empty if it is gone. */
  default Map<Long, Integer> sockets(int pid) throws IOException {
    var sockets = new TreeMap<Long, Integer>();
    int from = 0;
    while (from >= 0) {
      from = sockets(pid, from, 1024, (inode, fd) -> sockets.merge(inode, fd, Math::min));
    }
    return sockets;
  }

  /**
   * How many descriptors a process has open, if it has no other left; empty if it has, if it is
   * gone, or if its limit cannot be told. The usual answer costs two small reads, however many it
   * has open.
   */
  Optional<OpenFiles> atLimitOfFiles(int pid) throws IOException;

  /**
   * A number that changes when a process calls execve(2); 0 where that is unknown. Empty if it is
   * gone.
   */
  OptionalLong programImage(int pid) throws IOException;

  /**
   * Base names of the files that a process has mapped, its executable and libraries among them: at
   * most 4,096. Empty if it is gone, or may not be looked at.
   */
  Set<String> mappedFiles(int pid) throws IOException;

  /**
   * The descriptors that another program opened and handed over, as the environment that a process
   * began with says. Empty if there are none, it is gone, or may not be looked at.
   */
  Set<Integer> handedOver(int pid) throws IOException;
}
