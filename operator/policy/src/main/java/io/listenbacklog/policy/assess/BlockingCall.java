package io.listenbacklog.policy.assess;

import java.util.Set;

/**
 * What it means that a thread is blocked in a system call, by the call's name: decided here, for
 * the choice of threads that are reported and for the sentences about them.
 */
public final class BlockingCall {
  private static final Set<String> ACCEPT = Set.of("accept", "accept4");
  private static final Set<String> FUTEX = Set.of("futex", "futex_wait", "futex_waitv");
  private static final Set<String> FILE_LOCK_OR_SEMAPHORE =
      Set.of("flock", "fcntl", "semop", "semtimedop");
  private static final Set<String> POLL = Set.of("poll", "ppoll", "select", "pselect6");
  private static final Set<String> EPOLL = Set.of("epoll_wait", "epoll_pwait", "epoll_pwait2");
  private static final String IO_URING = "io_uring_enter";
  private static final Set<String> EVENTS = Set.of("io_getevents", "io_pgetevents");
  private static final String RESTARTED = "restart_syscall";
  private static final Set<String> SLEEP = Set.of("nanosleep", "clock_nanosleep");
  private static final Set<String> SIGNAL = Set.of("rt_sigsuspend", "rt_sigtimedwait", "pause");
  private static final Set<String> CHILD = Set.of("wait4", "waitid", "waitpid");
  private static final Set<String> START = Set.of("vfork", "clone", "clone3");
  private static final Set<String> WRITE =
      Set.of("write", "writev", "pwrite64", "sendto", "sendmsg", "sendmmsg", "sendfile", "send");

  private BlockingCall() {}

  /** It waits for a connection. */
  public static boolean accepts(String call) {
    return ACCEPT.contains(call);
  }

  /** What locks are made of, and pools of threads that wait for work. */
  public static boolean isFutex(String call) {
    return FUTEX.contains(call);
  }

  /** It waits for a lock, or, in a futex, perhaps for work. */
  public static boolean isLock(String call) {
    return isFutex(call) || FILE_LOCK_OR_SEMAPHORE.contains(call);
  }

  /** It waits for any of several descriptors. */
  public static boolean polls(String call) {
    return POLL.contains(call) || EPOLL.contains(call) || IO_URING.equals(call);
  }

  /** It waits for a signal, and for nothing else. */
  public static boolean waitsForSignal(String call) {
    return SIGNAL.contains(call);
  }

  /** It goes on with a wait that a signal had interrupted; which one that was is not told. */
  public static boolean isRestarted(String call) {
    return RESTARTED.equals(call);
  }

  /** How threads wait that have nothing to do, mostly: in an event loop, or in a pool. */
  public static boolean isIdle(String call) {
    return EPOLL.contains(call) || isFutex(call);
  }

  /**
   * It waits for whatever comes: of descriptors, signals, or what the kernel was asked to do. A
   * thread waits so that has nothing to do or looks after others (nginx's master, MySQL's signal
   * handler), and so does one that is to be woken by something.
   */
  public static boolean mayBeIdle(String call) {
    return polls(call) || waitsForSignal(call) || EVENTS.contains(call) || isRestarted(call);
  }

  /** It waits for time to pass. */
  public static boolean sleeps(String call) {
    return SLEEP.contains(call);
  }

  /** It waits for another process to end. */
  public static boolean waitsForChild(String call) {
    return CHILD.contains(call);
  }

  /** It waits for a child that it started to run a program, or to end: vfork(2). */
  public static boolean startsChild(String call) {
    return START.contains(call);
  }

  /** It waits for the other end to read. */
  public static boolean writes(String call) {
    return WRITE.contains(call);
  }
}
