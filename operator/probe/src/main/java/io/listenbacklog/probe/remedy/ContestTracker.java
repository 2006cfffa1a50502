package io.listenbacklog.probe.remedy;

import io.listenbacklog.api.OnDelete;
import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.policy.assess.Contest;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.journal.RaisedValue;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether what was raised still is, and how often somebody set it back: from the journal,
 * so that a probe that restarts tries no more often than one that does not.
 */
public final class ContestTracker {
  private final Clocks clocks;
  private final NodeKernel kernel;
  private final ProcessIndex processIndex;
  private final Journal journal;

  /** Tells a process that listens as it starts from somebody who fights. */
  interface Starts {
    /** Whether what was raised was opened anew since, which sets it back by itself. */
    boolean openedAnew();

    /**
     * The oldest process that holds the socket, began after this uptime, and is accepted; empty:
     * none.
     */
    Optional<Contest.Starting> oldestSince(Duration uptime, Predicate<Contest.Starting> accepted)
        throws IOException;
  }

  public ContestTracker(
      Clocks clocks, NodeKernel kernel, ProcessIndex processIndex, Journal journal) {
    this.clocks = clocks;
    this.kernel = kernel;
    this.processIndex = processIndex;
    this.journal = journal;
  }

  /**
   * What the journal says was raised, if the value is still the one that we set. If it is not,
   * somebody else has set it: that one is the original from now on.
   *
   * @param current what the kernel holds
   * @param starts asked where somebody else has set it
   */
  Optional<RaisedValue> settle(JournalEntry entry, int current, Starts starts) throws IOException {
    var raised = entry.raised();
    if (raised.onlyContested()) return Optional.empty();
    if (!raised.isOurs(current)) {
      letGo(entry, current, starts);
      return Optional.empty();
    }
    if (raised.intended() == 0) return Optional.of(raised);
    var settled = raised.settledAt(current);
    journal.confirm(entry, entry.with(settled));
    return Optional.of(settled);
  }

  /** One line in place of another: what was raised no longer is, and the contest goes on. */
  private void letGo(JournalEntry entry, int current, Starts starts) throws IOException {
    var raised = entry.raised();
    var contest = about(entry);
    // To less or to more: who sets it to more now and to less the next time fights no less. What
    // was
    // only about to be raised when the probe was killed was so, most likely: of a contest, where
    // that counts, each raise is written down twice.
    boolean wasRaised = raised.applied() != 0 || raised.contest() == null;
    if (wasRaised) contest = another(contest, raised, starts);
    // A door that is closed is known by what there was before, also by the next probe.
    int own = current == 0 ? raised.original() : current;
    if (contest.equals(Contest.NONE)) journal.forget(entry);
    else {
      journal.put(entry.with(RaisedValue.contested(own, raised.at(), raised.onDelete(), contest)));
    }
  }

  /** What was raised has another value now. */
  private Contest another(Contest contest, RaisedValue raised, Starts starts) throws IOException {
    var uptime = kernel.uptime();
    var now = clocks.now();
    var ago = Duration.between(raised.at(), now);
    int had = raised.applied() == 0 ? raised.intended() : raised.applied();
    if (starts.openedAnew()) return contest.startedAt(uptime, now, had, null);
    var from = contest.newHoldersFrom(uptime, ago);
    return starts
        .oldestSince(from, contest::mayExcuse)
        .map(who -> contest.startedAt(uptime, now, had, who))
        .orElseGet(() -> contest.setBackAt(uptime, now, had));
  }

  /** The contest about what an entry is of, with those who are there now. */
  Contest about(@Nullable JournalEntry entry) throws IOException {
    var contest = entry == null ? null : entry.raised().contest();
    if (entry == null || contest == null) return Contest.NONE;
    contest = contest.asOf(kernel.uptime());
    return contest.pid() == 0 || lives(contest.pid(), entry.cgroupUid())
        ? contest
        : contest.ofAnotherProcess();
  }

  /** Whether what an entry is of may be raised now, for all that it was set back. */
  boolean mayRaise(@Nullable JournalEntry entry) throws IOException {
    return entry == null || about(entry).mayRaise(kernel.uptime());
  }

  /**
   * What is to be written down before a raise.
   *
   * @param before what the journal holds, settled
   * @param current what the kernel holds
   * @param pid of the process whose listener it is; 0: it is not of one process
   */
  RaisedValue intent(
      @Nullable JournalEntry before, int current, int target, OnDelete onDelete, int pid)
      throws IOException {
    var raised =
        before == null
            ? RaisedValue.intent(current, target, clocks.now(), onDelete)
            : before.raised().onlyContested() && isAsBefore(before.raised(), target)
                ? RaisedValue.intent(current, target, before.raised().at(), onDelete)
                : before.raised().onlyContested()
                    ? RaisedValue.intent(current, target, clocks.now(), onDelete)
                    : before.raised().intending(target);
    return raised.with(about(before).with(pid));
  }

  /**
   * What was about to be done, where the raise overwrote another value than was seen before it:
   * somebody had just set that one, so it is the original from now on.
   *
   * @param was what the raise overwrote
   */
  RaisedValue overwrote(JournalEntry intent, int was, Starts starts) throws IOException {
    var raised = intent.raised();
    if (raised.applied() == 0) return raised.overwriting(was);
    if (raised.applied() == was) return raised;
    return raised.overwriting(was).with(another(about(intent), raised, starts));
  }

  /** Raised again to what it was raised to before, which is no news. */
  private static boolean isAsBefore(RaisedValue contested, int target) {
    var contest = contested.contest();
    return contest != null && contest.applied() == target;
  }

  private boolean lives(int pid, String cgroupUid) throws IOException {
    if (processIndex.pids(cgroupUid).contains(pid)) return true;
    // Right after a start not all processes are discovered yet.
    var container = kernel.processes().container(pid);
    return container.isPresent() && container.get().podUid().equals(cgroupUid);
  }
}
