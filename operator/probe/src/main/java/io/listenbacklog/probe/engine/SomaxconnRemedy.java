package io.listenbacklog.probe.engine;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Restoration;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.probe.journal.Entry;
import io.listenbacklog.probe.journal.Raised;
import io.listenbacklog.probe.spec.GovernedPod;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Raises {@code net.core.somaxconn} of a pod's own network namespace, keeps it, puts it back. */
final class SomaxconnRemedy {
  static final String NAME = "net.core.somaxconn";

  private static final Logger log = LoggerFactory.getLogger(SomaxconnRemedy.class);
  private static final long TRY_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private final Surroundings around;

  SomaxconnRemedy(Surroundings around) {
    this.around = around;
  }

  /** What a pod needs it to be, before its listeners are born and as they grow; 0: any will do. */
  static int needed(WatchedNamespace namespace, GovernedPod pod) {
    if (!pod.requirement().allows(Remedy.SYSCTL)) return 0;
    int needed = pod.requirement().neededSomaxconn();
    for (var each : namespace.listeners.values()) {
      if (pod.cgroupUid().equals(each.cgroupUid)) needed = Math.max(needed, each.growth.target());
    }
    return needed;
  }

  /** Reads it; where it cannot be read, what was read last stays. */
  int read(NamespaceView view, WatchedNamespace namespace) {
    String what = NAME + " of network namespace " + namespace.inode;
    try {
      namespace.somaxconn = view.somaxconn();
      around.troubles().over(what);
    } catch (IOException e) {
      around.troubles().failed(what, e);
    }
    return namespace.somaxconn;
  }

  /**
   * Raises it if it is lower than what a pod needs, if that is allowed, and never where others are
   * in the namespace too.
   *
   * @return what it is then
   */
  int ensure(NamespaceView view, WatchedNamespace namespace, GovernedPod pod) throws IOException {
    int current = read(view, namespace);
    int needed = needed(namespace, pod);
    Entry.Somaxconn entry = settle(namespace, pod.cgroupUid(), current).orElse(null);
    if (current >= needed) {
      if (!namespace.shared()) namespace.somaxconnHindrance = null;
      return current;
    }
    if (namespace.shared()) {
      hinder(namespace, EventReasons.REMEDY_UNAVAILABLE, shared(namespace));
    } else if (namespace.somaxconnContest.lost()) {
      hinder(
          namespace,
          EventReasons.BACKLOG_CONTESTED,
          "%s was set back to %d by another program after each of %d raises in ten minutes"
              .formatted(NAME, current, Contest.TRIES + 1));
    } else if (around.nanos() - namespace.nextSomaxconnTryNanos >= 0) {
      raise(view, namespace, pod, entry, current, needed);
    }
    return namespace.somaxconn;
  }

  /** Why it is not written in a namespace that is not the pod's alone. */
  static String shared(WatchedNamespace namespace) {
    return "%s is %d in the network namespace that the pod shares with %s; it is not changed there"
        .formatted(NAME, namespace.somaxconn, namespace.sharedWith);
  }

  private void raise(
      NamespaceView view,
      WatchedNamespace namespace,
      GovernedPod pod,
      Entry.@Nullable Somaxconn before,
      int current,
      int needed)
      throws IOException {
    var onDelete = pod.requirement().onDelete();
    var intent =
        new Entry.Somaxconn(
            pod.cgroupUid(),
            pod.pod().reference(),
            pod.requirement().policy(),
            namespace.inode,
            before == null
                ? Raised.intent(current, needed, around.now(), onDelete)
                : before.raised().intending(needed));
    around.journal().put(intent);
    int now;
    try {
      now = view.writeSomaxconn(needed);
    } catch (IOException e) {
      if (before == null) around.journal().forget(intent);
      else around.journal().put(before);
      around.tally().refused.incrementAndGet();
      namespace.nextSomaxconnTryNanos = around.nanos() + TRY_AGAIN_NANOS;
      hinder(
          namespace,
          EventReasons.REMEDY_UNAVAILABLE,
          "%s is %d and cannot be raised: %s".formatted(NAME, current, e.getMessage()));
      return;
    }
    around.journal().put(intent.with(intent.raised().took(now, around.now())));
    namespace.somaxconn = now;
    namespace.somaxconnHindrance = null;
    around.tally().somaxconnsRaised.incrementAndGet();
    log.atInfo()
        .addKeyValue(Keys.POD, Names.of(pod.pod().reference()))
        .addKeyValue(Keys.NETNS, namespace.inode)
        .addKeyValue(Keys.FROM, current)
        .addKeyValue(Keys.TO, now)
        .log("raised somaxconn");
  }

  /** The last word on what becomes of it is that of the requirement that governs now. */
  void underThePolicyOfNow(WatchedNamespace namespace, GovernedPod pod) throws IOException {
    var entry = around.journal().somaxconn(pod.cgroupUid(), namespace.inode).orElse(null);
    if (entry == null) return;
    around.journal().put(entry.with(entry.raised().with(pod.requirement().onDelete())));
  }

  /** Puts the original value back, if nobody has set another since. */
  void undo(NamespaceView view, WatchedNamespace namespace, String cgroupUid) throws IOException {
    int current = read(view, namespace);
    Entry.Somaxconn entry = settle(namespace, cgroupUid, current).orElse(null);
    if (entry == null) {
      namespace.somaxconnHindrance = null;
      return;
    }
    var raised = entry.raised();
    if (raised.onDelete() == OnDelete.KEEP) {
      around.journal().forget(entry);
      return;
    }
    if (around.nanos() - namespace.nextSomaxconnTryNanos < 0) return;
    try {
      namespace.somaxconn = view.writeSomaxconn(raised.original());
    } catch (IOException e) {
      around.tally().refused.incrementAndGet();
      namespace.nextSomaxconnTryNanos = around.nanos() + TRY_AGAIN_NANOS;
      hinder(
          namespace,
          EventReasons.REMEDY_UNAVAILABLE,
          "%s is %d and cannot be put back: %s".formatted(NAME, current, e.getMessage()));
      return;
    }
    around.journal().forget(entry);
    namespace.somaxconnHindrance = null;
    around.tally().restored.incrementAndGet();
    around
        .restorations()
        .add(
            new Restoration(
                entry.pod(), "", NAME, raised.applied(), namespace.somaxconn, around.now()));
    log.atInfo()
        .addKeyValue(Keys.POD, Names.of(entry.pod()))
        .addKeyValue(Keys.NETNS, namespace.inode)
        .addKeyValue(Keys.FROM, raised.applied())
        .addKeyValue(Keys.TO, namespace.somaxconn)
        .log("restored somaxconn");
  }

  /** The entry, if the value is still the one that we set; else there is none from now on. */
  private Optional<Entry.Somaxconn> settle(
      WatchedNamespace namespace, String cgroupUid, int current) throws IOException {
    var entry = around.journal().somaxconn(cgroupUid, namespace.inode).orElse(null);
    if (entry == null || current == 0) return Optional.ofNullable(entry);
    var raised = entry.raised();
    if (!raised.isOurs(current)) {
      around.journal().forget(entry);
      if (current < raised.applied()) namespace.somaxconnContest.setBack(around.nanos());
      return Optional.empty();
    }
    if (raised.intended() == 0) return Optional.of(entry);
    var settled = entry.with(raised.settledAt(current));
    around.journal().put(settled);
    return Optional.of(settled);
  }

  private void hinder(WatchedNamespace namespace, String reason, String message) {
    var before = namespace.somaxconnHindrance;
    namespace.somaxconnHindrance = around.hindrance(before, reason, message);
    if (before != null && before.reason().equals(reason)) return;
    log.atWarn()
        .addKeyValue(Keys.NETNS, namespace.inode)
        .addKeyValue(Keys.WHY, message)
        .log("somaxconn not changed");
  }
}
