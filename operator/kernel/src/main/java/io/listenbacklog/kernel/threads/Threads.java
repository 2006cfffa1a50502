package io.listenbacklog.kernel.threads;

import java.io.IOException;
import java.util.Optional;

/** The threads of the processes of a node. What is gone is an empty answer, never an exception. */
public interface Threads {

  /**
   * The threads of a process, ascending; empty if it is gone.
   *
   * @param most so many at most
   */
  int[] of(int pid, int most) throws IOException;

  /**
   * What a thread does; empty if it is gone or dead. In which system call it waits may stay
   * unknown, as with Yama's ptrace_scope 3 or a 32-bit program.
   */
  Optional<ThreadFacts> facts(int pid, int thread) throws IOException;

  /** Where a file descriptor of a process leads; empty if it has none of that number. */
  Optional<FdTarget> descriptor(int pid, int fd) throws IOException;
}
