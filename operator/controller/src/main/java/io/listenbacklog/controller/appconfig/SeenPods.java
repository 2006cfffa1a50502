package io.listenbacklog.controller.appconfig;

import io.listenbacklog.appconfig.plan.Listening;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.Situation.Listeners;
import io.listenbacklog.appconfig.plan.Situation.Native;
import io.listenbacklog.appconfig.plan.Situation.Pod;
import io.listenbacklog.appconfig.plan.Situation.Undersized;
import io.listenbacklog.appconfig.plan.Situation.Unseen;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the probes see of the listeners of some pods of a workload.
 *
 * @param unseen the first that keeps it from being said; empty: nothing does
 * @param undersized the first listener that is too small by itself; empty: none is
 * @param capped how many are as large as net.core.somaxconn allowed
 * @param listening how many of the pods listen
 */
record SeenPods(String unseen, String undersized, int capped, Listening listening) {

  /** Of which nothing can be said. */
  static SeenPods unseen(String why) {
    return new SeenPods(why, "", 0, new Listening(0, List.of(), Set.of()));
  }

  /** These and others of the same workload. */
  SeenPods and(SeenPods others) {
    return new SeenPods(
        unseen.isEmpty() ? others.unseen : unseen,
        undersized.isEmpty() ? others.undersized : undersized,
        capped + others.capped,
        new Listening(
            listening.pods() + others.listening.pods(),
            Stream.concat(listening.silent().stream(), others.listening.silent().stream()).toList(),
            listening.containers()));
  }

  /**
   * Whether they have what they need by themselves.
   *
   * @param all the workload's pods
   * @param memory of a change of ours; null: there is none
   */
  Listeners verdict(Collection<Pod> all, @Nullable Memory memory, Instant now) {
    if (!unseen.isEmpty()) return new Unseen(unseen);
    String awaited = listening.awaited(all, memory, now);
    if (!awaited.isEmpty()) return new Unseen(awaited);
    return undersized.isEmpty()
        ? new Native(capped, listening)
        : new Undersized(undersized, listening);
  }
}
