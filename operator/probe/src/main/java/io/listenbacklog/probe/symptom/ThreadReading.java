package io.listenbacklog.probe.symptom;

import io.listenbacklog.api.StalledThread;
import io.listenbacklog.api.ThreadActivity;
import io.listenbacklog.kernel.socket.Connection;
import io.listenbacklog.kernel.threads.BlockedCall;
import io.listenbacklog.kernel.threads.ThreadFacts;
import io.listenbacklog.policy.assess.BlockingCall;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one thread of a process that does not accept is said to do. */
public final class ThreadReading {
  private ThreadReading() {}

  /**
   * What it does.
   *
   * @param listener inode of the socket that it does not accept from
   * @param peers the connections that threads wait for, by inode
   */
  public static StalledThread of(ThreadFacts facts, long listener, Map<Long, Connection> peers) {
    var call = facts.call();
    var target = call == null ? null : call.target();
    var peer = target == null ? null : peers.get(target.socket());
    boolean elsewhere =
        call != null
            && target != null
            && BlockingCall.accepts(call.name())
            && target.socket() != 0
            && target.socket() != listener;
    return new StalledThread(
        facts.pid(),
        facts.thread(),
        facts.name(),
        activity(facts.condition(), call),
        call == null ? null : call.name(),
        call == null || call.fd() < 0 ? null : call.fd(),
        target == null ? null : elsewhere ? StalledThread.OTHER_LISTENER : target.kind(),
        peer == null ? null : peer.peer().text(),
        peer == null ? null : peer.silentMillis(),
        1);
  }

  private static ThreadActivity activity(
      ThreadFacts.Condition condition, @Nullable BlockedCall call) {
    return switch (condition) {
      case RUNNING -> ThreadActivity.RUNNING;
      case STOPPED -> ThreadActivity.STOPPED;
      case FROZEN -> ThreadActivity.FROZEN;
      case UNINTERRUPTIBLE -> ThreadActivity.WAITING_FOR_DISK;
      case SLEEPING -> {
        if (call == null) yield ThreadActivity.UNKNOWN;
        yield BlockingCall.isLock(call.name())
            ? ThreadActivity.WAITING_FOR_LOCK
            : ThreadActivity.BLOCKED;
      }
    };
  }
}
