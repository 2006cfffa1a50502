package io.listenbacklog.probe.engine;

import io.listenbacklog.api.OnDelete;
import io.listenbacklog.probe.journal.Contest;
import io.listenbacklog.probe.journal.Entry;
import io.listenbacklog.probe.journal.Raised;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether what was raised still is, and how often somebody set it back: from the journal,
 * so that a probe that restarts tries no more often than one that does not.
 */
final class Contests {
  private final Surroundings around;

  Contests(Surroundings around) {
    this.around = around;
  }

  /**
   * What the journal says was raised, if the value is still the one that we set. If it is not,
   * somebody else has set it: that one is the original from now on.
   *
   * @param current what the kernel holds
   */
  Optional<Raised> settle(Entry entry, int current) throws IOException {
    var raised = entry.raised();
    if (raised.onlyContested()) return Optional.empty();
    if (!raised.isOurs(current)) {
      letGo(entry, current);
      return Optional.empty();
    }
    if (raised.intended() == 0) return Optional.of(raised);
    var settled = raised.settledAt(current);
    around.journal().confirm(entry, entry.with(settled));
    return Optional.of(settled);
  }

  /** One line in place of another: what was raised no longer is, and the contest goes on. */
  private void letGo(Entry entry, int current) throws IOException {
    var raised = entry.raised();
    var contest = about(entry);
    // To less or to more: who sets it to more now and to less the next time fights no less.
    if (raised.applied() != 0) contest = contest.setBackAt(around.kernel().uptime());
    if (contest.equals(Contest.NONE)) around.journal().forget(entry);
    else {
      around
          .journal()
          .put(entry.with(Raised.contested(current, raised.at(), raised.onDelete(), contest)));
    }
  }

  /** The contest about what an entry is of, with those who are there now. */
  Contest about(@Nullable Entry entry) throws IOException {
    var contest = entry == null ? null : entry.raised().contest();
    if (entry == null || contest == null) return Contest.NONE;
    return contest.pid() == 0 || lives(contest.pid(), entry.cgroupUid()) ? contest : Contest.NONE;
  }

  /**
   * What is to be written down before a raise.
   *
   * @param before what the journal holds, settled
   * @param current what the kernel holds
   * @param pid of the process whose listener it is; 0: it is not of one process
   */
  Raised intent(@Nullable Entry before, int current, int target, OnDelete onDelete, int pid)
      throws IOException {
    var raised =
        before == null || before.raised().onlyContested()
            ? Raised.intent(current, target, around.now(), onDelete)
            : before.raised().intending(target);
    return raised.with(about(before).with(pid));
  }

  /**
   * What was about to be done, where the raise overwrote another value than was seen before it:
   * somebody had just set that one, so it is the original from now on.
   *
   * @param was what the raise overwrote
   */
  Raised overwrote(Entry intent, int was) throws IOException {
    var raised = intent.raised();
    if (raised.applied() == 0) return raised.overwriting(was);
    if (raised.applied() == was) return raised;
    return raised.overwriting(was).with(about(intent).setBackAt(around.kernel().uptime()));
  }

  private boolean lives(int pid, String cgroupUid) throws IOException {
    if (around.discovery().pids(cgroupUid).contains(pid)) return true;
    // Right after a start not all processes are discovered yet.
    var container = around.kernel().processes().container(pid);
    return container.isPresent() && container.get().podUid().equals(cgroupUid);
  }
}
