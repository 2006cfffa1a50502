package io.listenbacklog.policy.report;

import static io.listenbacklog.api.ThreadActivity.FROZEN;
import static io.listenbacklog.api.ThreadActivity.STOPPED;

import io.listenbacklog.api.Stall;
import io.listenbacklog.api.StalledThread;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the threads of a stalled application do, and what would help: in sentences. */
final class ThreadTexts {
  /** So many things that threads do are told: more would be cut. */
  private static final int MOST_THREADS = 3;

  private static final int LONGEST_NAME = 128;

  private static final Set<String> WRITING =
      Set.of("write", "writev", "pwrite64", "sendto", "sendmsg", "sendmmsg", "sendfile", "send");
  private static final Set<String> POLLING =
      Set.of(
          "poll",
          "ppoll",
          "select",
          "pselect6",
          "epoll_wait",
          "epoll_pwait",
          "epoll_pwait2",
          "io_uring_enter");
  private static final Set<String> SLEEPING = Set.of("nanosleep", "clock_nanosleep", "pause");
  private static final Set<String> WAITING_FOR_CHILD = Set.of("wait4", "waitid", "waitpid");

  /** Such as "Thread 71 waits in …."; empty where no thread could be looked at. */
  static String doing(Stall stall) {
    return stall.threads().stream()
        .limit(MOST_THREADS)
        .map(thread -> sentence(thread, stall))
        .collect(Collectors.joining(" "));
  }

  private static String sentence(StalledThread thread, Stall stall) {
    int workers = Math.max(stall.workers(), thread.alike());
    if (workers == 1) return "Thread %d %s.".formatted(thread.thread(), does(thread));
    String of =
        "of %d%s"
            .formatted(
                workers, stall.processes() > 1 ? " in " + stall.processes() + " processes" : "");
    return thread.alike() > 1
        ? "%d threads %s do the same: thread %d %s."
            .formatted(thread.alike(), of, thread.thread(), does(thread))
        : "Thread %d (one %s) %s.".formatted(thread.thread(), of, does(thread));
  }

  private static String does(StalledThread thread) {
    return switch (thread.activity()) {
      case BLOCKED -> waits(thread);
      case RUNNING -> "runs on a CPU, or waits for one";
      case WAITING_FOR_DISK -> "waits for a disk" + in(thread);
      case WAITING_FOR_LOCK -> "waits for a lock that another thread holds (futex)";
      case STOPPED -> "is stopped by a signal or a debugger";
      case FROZEN -> "is frozen: its container is paused";
      case UNKNOWN -> "does what cannot be told";
    };
  }

  private static String in(StalledThread thread) {
    return thread.call() == null ? "" : " (in %s%s)".formatted(call(thread), on(thread));
  }

  private static String waits(StalledThread thread) {
    String call = thread.call();
    if (call == null) return "waits in a system call";
    if (SLEEPING.contains(call)) return "sleeps (%s)".formatted(call);
    if (WAITING_FOR_CHILD.contains(call)) return "waits in %s for another process".formatted(call);
    if (POLLING.contains(call)) {
      return "waits in %s, and not for this listener or it would accept".formatted(call);
    }
    if (thread.peer() == null) return "waits in " + call(thread) + on(thread);
    String peer = CleanText.of(thread.peer(), LONGEST_NAME);
    String silence =
        thread.silentMillis() == null
            ? ""
            : ", which has sent nothing for " + Phrases.millis(thread.silentMillis());
    return WRITING.contains(call)
        ? "waits in %s for %s to read what it is sent".formatted(call, peer)
        : "waits in %s for %s%s".formatted(call(thread), peer, silence);
  }

  private static String call(StalledThread thread) {
    return CleanText.of(String.valueOf(thread.call()), LONGEST_NAME);
  }

  private static String on(StalledThread thread) {
    String fd = thread.fd() == null ? "" : "fd " + thread.fd();
    if (thread.target() == null) return fd.isEmpty() ? "" : " on " + fd;
    String target = CleanText.of(thread.target(), LONGEST_NAME);
    String what = target.startsWith("/") ? target : "a " + target;
    return " on " + what + (fd.isEmpty() ? "" : " (" + fd + ")");
  }

  /** What would cure it, in the words of somebody who looks at these threads. */
  static String cure(Stall stall) {
    List<StalledThread> threads = stall.threads();
    if (threads.isEmpty()) return "find out what its threads wait for.";
    for (StalledThread each : threads) {
      if (each.activity() == FROZEN) return "the container has to be resumed.";
      if (each.activity() == STOPPED) {
        return "let it go on (kill -CONT %d, or end the debugger).".formatted(each.pid());
      }
    }
    boolean alone = stall.workers() <= 1;
    StalledThread first = threads.getFirst();
    return switch (first.activity()) {
      case BLOCKED -> cure(first, alone);
      case RUNNING ->
          "give it more CPU if it is throttled, or do long work in other threads than the one that"
              + " accepts.";
      case WAITING_FOR_DISK -> "look at the storage that it waits for.";
      case WAITING_FOR_LOCK -> "a dump of its threads shows who holds the lock.";
      case STOPPED, FROZEN, UNKNOWN -> "find out what its threads wait for.";
    };
  }

  private static String cure(StalledThread thread, boolean alone) {
    String call = thread.call();
    String room = alone ? "serve requests in threads" : "serve requests in more threads";
    if (call == null) return "find out what its threads wait for.";
    if (POLLING.contains(call)) {
      return "it has stopped asking for connections, as at a connection limit.";
    }
    if (SLEEPING.contains(call)) return "do not sleep in the thread that accepts.";
    if (WAITING_FOR_CHILD.contains(call)) return "do not wait in the thread that accepts.";
    if (WRITING.contains(call)) return room + ", or set a write timeout.";
    if (thread.peer() != null) return room + ", or set a read timeout.";
    return room + ", or limit how long it waits there.";
  }

  private ThreadTexts() {}
}
