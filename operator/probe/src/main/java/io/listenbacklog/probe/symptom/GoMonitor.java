package io.listenbacklog.probe.symptom;

import io.listenbacklog.kernel.process.ProcessFacts;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.threads.ThreadFacts;
import io.listenbacklog.policy.assess.BlockingCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * The thread of Go's runtime that looks after all others (sysmon, runtime/proc.go): it sleeps up to
 * 10 ms between two looks. A goroutine that sleeps sleeps in no thread, so in a Go program who is
 * in nanosleep is this one; never the first thread.
 */
public final class GoMonitor {
  private GoMonitor() {}

  /**
   * Leaves it out of the threads of stalled processes. What a process is is asked for only where
   * another than its first thread sleeps.
   *
   * @throws IOException if what a process is cannot be read
   */
  public static List<ThreadFacts> leftOut(List<ThreadFacts> threads, Processes processes)
      throws IOException {
    var go = new HashMap<Integer, Boolean>();
    var rest = new ArrayList<ThreadFacts>(threads.size());
    for (var each : threads) {
      boolean sleeps =
          !each.isMain() && each.call() != null && BlockingCall.sleeps(each.call().name());
      if (sleeps && !go.containsKey(each.pid())) {
        go.put(each.pid(), processes.facts(each.pid()).filter(ProcessFacts::goRuntime).isPresent());
      }
      if (!sleeps || !go.getOrDefault(each.pid(), false)) rest.add(each);
    }
    return rest;
  }
}
