package io.listenbacklog.kernel.threads;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * The same threads, those that ran looked at once more: that one runs at one moment says little,
   * for it may have woken for some milliseconds. One that is gone since is as it was.
   */
  default List<ThreadFacts> lookAgain(List<ThreadFacts> threads) throws IOException {
    var after = new ArrayList<ThreadFacts>(threads.size());
    for (var each : threads) {
      boolean ran = each.condition() == ThreadFacts.Condition.RUNNING;
      after.add(ran ? facts(each.pid(), each.thread()).orElse(each) : each);
    }
    return after;
  }

  /** Where a file descriptor of a process leads; empty if it has none of that number. */
  Optional<FdTarget> descriptor(int pid, int fd) throws IOException;
}
