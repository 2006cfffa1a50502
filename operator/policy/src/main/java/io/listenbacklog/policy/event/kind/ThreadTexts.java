package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.api.ThreadActivity.FROZEN;
import static io.listenbacklog.api.ThreadActivity.STOPPED;

import io.listenbacklog.api.Stall;
import io.listenbacklog.api.StalledThread;
import io.listenbacklog.policy.assess.BlockingCall;
import io.listenbacklog.policy.text.CleanText;
import io.listenbacklog.policy.text.Phrases;
import java.util.List;
import java.util.stream.Collectors;

/** What the threads of a stalled application do, and what would help: in sentences. */
final class ThreadTexts {
  /** Threads that are described; more would be cut. */
  private static final int MOST_THREADS = 3;

  private static final int LONGEST_NAME = 128;

  private static final String NONE_OPEN =
      "none of its open connections came by this listener: what accepts here has ended, was never"
          + " begun, or waits for something (a dump of its threads shows it), or others have used up"
          + " a limit of the whole process (HAProxy's global maxconn, worker_connections).";

  private static final String OR_A_LOCK =
      ", or the thread that accepts waits for a lock or a free worker (a dump of its threads shows it).";

  /**
   * Such as "Thread 71 waits in …."; empty where no thread could be read.
   *
   * @param process that the listener is said to be of
   */
  static String doing(Stall stall, String process) {
    if (nobodyAsks(stall)) return nobody(stall);
    return stall.threads().stream()
        .limit(MOST_THREADS)
        .map(thread -> sentence(thread, stall, process))
        .collect(Collectors.joining(" "));
  }

  /** Whether all of several threads wait as idle ones do: then no single one is the reason. */
  private static boolean nobodyAsks(Stall stall) {
    return stall.workers() > 1
        && stall.threads().stream().allMatch(ThreadTexts::isIdle)
        && !stall.threads().isEmpty();
  }

  private static boolean isIdle(StalledThread thread) {
    String call = thread.call();
    return call != null
        && (isAtOtherListener(thread)
            || BlockingCall.mayBeIdle(call)
            || BlockingCall.isFutex(call));
  }

  private static boolean isAtOtherListener(StalledThread thread) {
    return StalledThread.OTHER_LISTENER.equals(thread.target());
  }

  private static String nobody(Stall stall) {
    String those =
        stall.threads().stream()
            .map(
                thread ->
                    "%d in %s%s"
                        .formatted(
                            thread.alike(),
                            call(thread),
                            isAtOtherListener(thread) ? " on other listeners" : ""))
            .collect(Collectors.joining(", "));
    return "No thread waits for this listener: of %s there wait %s."
        .formatted(counted(stall.workers(), stall.processes()), those);
  }

  private static String counted(int workers, int processes) {
    return workers + (processes > 1 ? " in %d processes".formatted(processes) : "");
  }

  private static String sentence(StalledThread thread, Stall stall, String process) {
    int workers = Math.max(stall.workers(), thread.alike());
    String which = thread.thread() + ofAnother(thread, process);
    if (workers == 1) return "Thread %s %s.".formatted(which, does(thread));
    String of = "of " + counted(workers, stall.processes());
    return thread.alike() > 1
        ? "%d threads %s do the same: thread %s %s."
            .formatted(thread.alike(), of, which, does(thread))
        : "Thread %s (one %s) %s.".formatted(which, of, does(thread));
  }

  /** What the process is called, by its first thread, where that is another than was named. */
  private static String ofAnother(StalledThread thread, String process) {
    String name = CleanText.of(thread.name(), LONGEST_NAME);
    boolean another = thread.thread() == thread.pid() && !name.isEmpty() && !name.equals(process);
    return another ? " of " + name : "";
  }

  /** Whether its only thread waits for the clients of another listener: then it has started. */
  static boolean servesAnotherAlone(Stall stall) {
    return stall.workers() == 1
        && stall.threads().stream().anyMatch(ThreadTexts::isAtOtherListener);
  }

  private static String noMoreAsked(Stall stall) {
    Integer open = stall.open();
    return "it has stopped asking for connections, as at a connection limit (maxConnections,"
        + " worker_connections: compare that with its open connections"
        + (open == null ? "" : ", %d of which came by this listener".formatted(open))
        + ")";
  }

  private static boolean hasNoneOpen(Stall stall) {
    Integer open = stall.open();
    return open != null && open == 0;
  }

  private static String does(StalledThread thread) {
    return switch (thread.activity()) {
      case BLOCKED -> waits(thread);
      case RUNNING -> "runs on a CPU, or waits for one";
      case WAITING_FOR_DISK -> waitsUninterruptibly(thread);
      case WAITING_FOR_LOCK -> waitsForLock(thread);
      case STOPPED -> "is stopped by a signal or a debugger";
      case FROZEN -> "is frozen: its container is paused";
      case UNKNOWN -> "does what cannot be told";
    };
  }

  /** A futex is what locks are made of, and pools of threads that wait for work. */
  private static String waitsForLock(StalledThread thread) {
    String call = thread.call();
    if (call == null) return "waits for a lock";
    return BlockingCall.isFutex(call)
        ? "waits in %s, for a lock or for something to do".formatted(call)
        : "waits in %s%s for a lock".formatted(call(thread), on(thread));
  }

  /** Not even a signal wakes it: for a disk mostly, a network file system or FUSE among them. */
  private static String waitsUninterruptibly(StalledThread thread) {
    return "waits uninterruptibly%s%s"
        .formatted(
            in(thread),
            startsChild(thread) ? " for a child that it starts" : ", mostly for a disk");
  }

  private static boolean startsChild(StalledThread thread) {
    return thread.call() != null && BlockingCall.startsChild(thread.call());
  }

  private static String in(StalledThread thread) {
    return thread.call() == null ? "" : " (in %s%s)".formatted(call(thread), on(thread));
  }

  private static String waits(StalledThread thread) {
    String call = thread.call();
    if (call == null) return "waits in a system call";
    if (BlockingCall.sleeps(call)) return "sleeps (%s)".formatted(call);
    if (BlockingCall.waitsForChild(call)) return "waits in %s for another process".formatted(call);
    if (BlockingCall.polls(call)) {
      return "waits in %s, and not for this listener or it would accept".formatted(call);
    }
    if (BlockingCall.waitsForSignal(call)) return "waits in %s for a signal".formatted(call);
    if (BlockingCall.isRestarted(call)) {
      return "waits in %s: it goes on with a wait that a signal had interrupted".formatted(call);
    }
    if (thread.peer() == null) return "waits in " + call(thread) + on(thread);
    String peer = CleanText.of(thread.peer(), LONGEST_NAME);
    String silence =
        thread.silentMillis() == null
            ? ""
            : ", which has sent nothing for " + Phrases.millis(thread.silentMillis());
    return BlockingCall.writes(call)
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
    String what =
        isAtOtherListener(thread)
            ? "another listener"
            : target.startsWith("/") ? target : "a " + target;
    return " on " + what + (fd.isEmpty() ? "" : " (" + fd + ")");
  }

  /** What would cure it, judging by these threads. */
  static String cure(Stall stall) {
    List<StalledThread> threads = stall.threads();
    if (threads.isEmpty()) return "find out what its threads wait for.";
    for (StalledThread each : threads) {
      if (each.activity() == FROZEN) return "the container has to be resumed.";
      if (each.activity() == STOPPED) {
        return "let it go on (kill -CONT %d, or end the debugger).".formatted(each.pid());
      }
    }
    if (servesAnotherAlone(stall)) {
      return "its only thread waits for clients of another listener: serve each listener in a thread"
          + " of its own, or wait for all of them (poll).";
    }
    if (nobodyAsks(stall)) return hasNoneOpen(stall) ? NONE_OPEN : noMoreAsked(stall) + OR_A_LOCK;
    StalledThread first = threads.getFirst();
    return switch (first.activity()) {
      case BLOCKED -> cure(first, stall);
      case RUNNING ->
          "give it more CPU if it is throttled, or do long work in other threads than the one that"
              + " accepts.";
      case WAITING_FOR_DISK ->
          startsChild(first)
              ? "find out what the child waits for before it runs its program."
              : "look at the storage that it waits for, or, where there is none, at what keeps it"
                  + " in the kernel (memory.high, FUSE).";
      case WAITING_FOR_LOCK ->
          "a dump of its threads shows who holds the lock, or what it waits for.";
      case STOPPED, FROZEN, UNKNOWN -> "find out what its threads wait for.";
    };
  }

  private static String cure(StalledThread thread, Stall stall) {
    String call = thread.call();
    String room =
        stall.processes() > 1
            ? "serve requests in more threads or processes"
            : stall.workers() > 1 ? "serve requests in more threads" : "serve requests in threads";
    if (call == null) return "find out what its threads wait for.";
    if (stall.workers() == 1 && BlockingCall.waitsForSignal(call)) {
      return "its only thread waits for signals: what accepts has ended, or was never begun.";
    }
    if (BlockingCall.mayBeIdle(call) || isAtOtherListener(thread)) {
      return hasNoneOpen(stall) ? NONE_OPEN : noMoreAsked(stall) + ".";
    }
    if (BlockingCall.sleeps(call)) {
      return stall.workers() > 1
          ? room + ", or do not sleep in those that serve."
          : "do not sleep in the thread that accepts.";
    }
    if (BlockingCall.waitsForChild(call)) return "do not wait in the thread that accepts.";
    if (BlockingCall.writes(call)) return room + ", or set a write timeout.";
    if (thread.peer() != null) return room + ", or set a read timeout.";
    return room + ", or limit how long it waits there.";
  }

  private ThreadTexts() {}
}
