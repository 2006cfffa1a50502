package io.listenbacklog.probe.symptom;

import io.listenbacklog.api.DescriptorUse;
import io.listenbacklog.api.Stall;
import io.listenbacklog.kernel.process.OpenFiles;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.policy.assess.DescriptorEvidence;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.observe.SocketHolders;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches addresses at which connections wait for a process that can open no more files. Its queue
 * need not stand still: a server may accept in the place of what it closes, keep a spare descriptor
 * to turn clients away with, or open its listener anew.
 */
public final class DescriptorWatch {
  /** So many addresses are watched; the one that was seen longest ago is forgotten for another. */
  private static final int MOST = 256;

  /** Where it is not known who listens, so many processes of its pod are asked. */
  private static final int MOST_ASKED = 16;

  /** One that was not seen for so long begins anew: some sweeps, for its turn may come late. */
  private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();

  private final Clocks clocks;
  private final Processes processes;
  private final ProcessIndex processIndex;
  private final RecurringErrors errors;
  private final SocketHolders holders;
  private final Map<Place, Watched> watched = new LinkedHashMap<>();

  public DescriptorWatch(
      Clocks clocks,
      Processes processes,
      ProcessIndex processIndex,
      RecurringErrors errors,
      SocketHolders holders) {
    this.clocks = clocks;
    this.processes = processes;
    this.processIndex = processIndex;
    this.errors = errors;
    this.holders = holders;
  }

  private record Place(long namespace, String address) {}

  private record Watched(DescriptorEvidence evidence, int pid, Instant begun, long seenNanos) {}

  /**
   * Sees a listener at which connections wait.
   *
   * @return its holder, if that could open no more files for as long as it takes and the queue did
   *     not stand still meanwhile, which is another's to prove; null: nothing is proven
   */
  @Nullable DescriptorUse see(
      NamespaceState namespace, ListenerState listener, Duration after, long now) {
    var place = new Place(namespace.inode, listener.id.text());
    var holder = holderAtLimit(listener);
    var before = watched.remove(place);
    if (holder == null) return null;
    boolean goesOn =
        before != null && before.pid == holder.pid() && now - before.seenNanos <= KEPT_NANOS;
    long cookie = listener.id.cookie();
    var is =
        goesOn && before != null
            ? new Watched(before.evidence.seen(cookie), before.pid, before.begun, now)
            : new Watched(
                DescriptorEvidence.begin(cookie, Duration.ofNanos(now)),
                holder.pid(),
                clocks.now(),
                now);
    remember(place, is);
    var evidence = is.evidence;
    if (!evidence.isProven(Duration.ofNanos(now), after)) return null;
    var vigil = listener.queueWatch.vigil();
    boolean standsStill = vigil != null && vigil.begun().compareTo(evidence.begun()) <= 0;
    if (standsStill) return null;
    return new DescriptorUse(
        holder.pid(),
        holder.open(),
        holder.limit(),
        is.begun,
        evidence.reopened() == 0 ? null : evidence.reopened());
  }

  private void remember(Place place, Watched is) {
    watched.put(place, is);
    if (watched.size() <= MOST) return;
    Iterator<Place> all = watched.keySet().iterator();
    all.next();
    all.remove();
  }

  /** Whether a stall that was told for this reason lasts: it can open no more files. */
  boolean lasts(Stall told) {
    var descriptors = told.descriptors();
    return told.until() == null
        && descriptors != null
        && descriptors.since() != null
        && atLimit(descriptors.pid()).isPresent();
  }

  /** The process that alone holds a listener, if it can open no more files. */
  private @Nullable DescriptorUse holderAtLimit(ListenerState listener) {
    String pod = listener.cgroupUid();
    if (pod == null) return null;
    var owner = listener.owner();
    var suspects =
        owner != null
            ? List.of(owner.pid())
            : processIndex.pids(pod).stream().limit(MOST_ASKED).toList();
    for (int pid : suspects) {
      var files = atLimit(pid);
      if (files.isEmpty()) continue;
      var holders = this.holders.of(listener);
      // Of several one at its limit may be no reason: the others accept.
      if (!holders.whole() || holders.owners().size() != 1) return null;
      return holders.owners().getFirst().pid() == pid
          ? new DescriptorUse(pid, files.get().open(), files.get().limit())
          : null;
    }
    return null;
  }

  private Optional<OpenFiles> atLimit(int pid) {
    String what = "open files of process " + pid;
    try {
      var files = processes.atLimitOfFiles(pid);
      errors.over(what);
      return files;
    } catch (IOException e) {
      errors.failed(what, e);
      return Optional.empty();
    }
  }
}
