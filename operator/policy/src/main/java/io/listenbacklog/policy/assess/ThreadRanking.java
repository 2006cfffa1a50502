package io.listenbacklog.policy.assess;

import io.listenbacklog.api.StalledThread;
import io.listenbacklog.api.ThreadActivity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Which threads of an application that does not accept say most of the reason. */
public final class ThreadRanking {
  /**
   * Threads in which a runtime compiles, by the 15 characters that Linux keeps of their names:
   * HotSpot's, GraalVM's, .NET's and V8's. They run for a while after each start and whenever there
   * is new work, and accept nothing. Those that collect garbage are none of them, for all others
   * wait for these.
   */
  private static final Set<String> COMPILERS =
      Set.of(
          "C1 CompilerThre",
          "C2 CompilerThre",
          "JVMCI CompilerT",
          "JVMCI-native Co",
          ".NET Tiered Com",
          "V8Worker",
          "V8 DefaultWorke");

  /**
   * Threads that wait all their life for something that is no client, by the same names: for
   * signals (Erlang's and .NET's, which read a pipe) and for children to end (Java's). Whoever
   * gives another thread such a name hides his own.
   */
  private static final Set<String> SERVICE =
      Set.of("sys_sig_dispatc", ".NET SigHandler", "process reaper");

  /**
   * Threads that the kernel makes in a process for its io_uring (io_uring/io-wq.c, sqpoll.c), with
   * the process's pid behind it.
   */
  private static final List<String> IO_URING = List.of("iou-wrk-", "iou-sqp-");

  private ThreadRanking() {}

  /**
   * Chooses those to report: one for all that do the same, the one whose peer is silent longest; no
   * idle ones where others are not, and none that compile or only look after a runtime.
   *
   * @param threads each alone; the first threads of processes come first
   * @param most to report
   * @return those that say most first
   */
  public static List<StalledThread> choose(List<StalledThread> threads, int most) {
    var alike = new LinkedHashMap<String, List<StalledThread>>();
    for (var each : threads) {
      if (compiles(each) || isService(each)) continue;
      var kind = "%s %s %s".formatted(each.activity(), each.call(), each.target());
      alike.computeIfAbsent(kind, _ -> new ArrayList<>()).add(each);
    }
    var all =
        alike.values().stream()
            .map(ThreadRanking::oneForAll)
            .sorted(Comparator.comparingInt(ThreadRanking::rank)) // stable: first threads first
            .toList();
    // Some calls may mean either: such a thread is told, and hides nobody. Ruby and Python wait for
    // work in a poll.
    boolean busy = all.stream().anyMatch(each -> !isPatient(each));
    return all.stream().filter(each -> !busy || !isIdle(each)).limit(most).toList();
  }

  private static boolean compiles(StalledThread thread) {
    return thread.activity() == ThreadActivity.RUNNING && COMPILERS.contains(thread.name());
  }

  private static boolean isService(StalledThread thread) {
    return SERVICE.contains(thread.name())
        || IO_URING.stream().anyMatch(kind -> thread.name().startsWith(kind));
  }

  private static StalledThread oneForAll(List<StalledThread> alike) {
    var most =
        alike.stream()
            .max(Comparator.comparingLong(it -> it.silentMillis() == null ? -1 : it.silentMillis()))
            .orElseThrow();
    // max() takes the last of equals, and the first thread is the one to name.
    var one =
        alike.stream()
            .filter(it -> Objects.equals(it.silentMillis(), most.silentMillis()))
            .findFirst()
            .orElse(most);
    return new StalledThread(
        one.pid(),
        one.thread(),
        one.name(),
        one.activity(),
        one.call(),
        one.fd(),
        one.target(),
        one.peer(),
        one.silentMillis(),
        alike.size());
  }

  /** The lower, the more it says. */
  private static int rank(StalledThread thread) {
    return switch (thread.activity()) {
      case FROZEN, STOPPED -> 0;
      case BLOCKED ->
          thread.peer() != null ? 1 : isPatient(thread) ? 6 : thread.fd() != null ? 4 : 5;
      case WAITING_FOR_DISK -> 2;
      case RUNNING -> 3;
      case WAITING_FOR_LOCK -> isIdle(thread) ? 7 : 4;
      case UNKNOWN -> 8;
    };
  }

  /** Whether it is idle, or may be. */
  private static boolean isPatient(StalledThread thread) {
    return isIdle(thread) || (thread.call() != null && BlockingCall.mayBeIdle(thread.call()));
  }

  /**
   * Who accepts from another listener has nothing to do either: a JVM has such threads for its
   * shutdown port, JMX, RMI and a debugger.
   */
  private static boolean isIdle(StalledThread thread) {
    return StalledThread.OTHER_LISTENER.equals(thread.target())
        || (thread.call() != null && BlockingCall.isIdle(thread.call()));
  }
}
