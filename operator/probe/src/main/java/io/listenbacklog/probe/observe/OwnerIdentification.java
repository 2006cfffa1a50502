package io.listenbacklog.probe.observe;

import io.listenbacklog.catalogue.Listened;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.discover.ApplicationRecognizer;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.journal.RaisedValue;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.ProcessIdentity;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Finds out what the process is that holds a listener: its names, and which application. */
public final class OwnerIdentification {
  /** No program has this one: it is a place on a stack. */
  private static final long UNKNOWN_IMAGE = -1;

  private final Clocks clocks;
  private final StepBudget step;
  private final Processes processes;
  private final Journal journal;
  private final ApplicationRecognizer recogniser;
  private final RecurringErrors errors;

  public OwnerIdentification(
      Clocks clocks,
      StepBudget step,
      Processes processes,
      Journal journal,
      ApplicationRecognizer recogniser,
      RecurringErrors errors) {
    this.clocks = clocks;
    this.step = step;
    this.processes = processes;
    this.journal = journal;
    this.recogniser = recogniser;
    this.errors = errors;
  }

  /** Owners that are to be identified yet. */
  public static final class Outstanding {
    private final Iterator<Map.Entry<Integer, List<ListenerState>>> byPid;

    private Outstanding(Map<Integer, List<ListenerState>> byPid) {
      this.byPid = byPid.entrySet().iterator();
    }

    /** Whether there are none any more. */
    public boolean isEmpty() {
      return !byPid.hasNext();
    }
  }

  /**
   * The owners of those listeners that have one are to be identified: again where one became
   * another program since (systemd's socket activation listens, and then executes the server).
   */
  public Outstanding of(Collection<ListenerState> listeners) {
    var byPid = new HashMap<Integer, List<ListenerState>>();
    for (var each : listeners) {
      if (each.owner() != null) {
        byPid.computeIfAbsent(each.owner().pid(), _ -> new ArrayList<>()).add(each);
      }
    }
    return new Outstanding(byPid);
  }

  /** Identifies one at least, and others while this step of the loop has time. */
  public void identify(Outstanding outstanding) {
    while (outstanding.byPid.hasNext()) {
      var owner = outstanding.byPid.next();
      identify(owner.getKey(), owner.getValue());
      if (step.spent()) return;
    }
  }

  /** Identifies the owner of one listener, if it has one. */
  public void identify(ListenerState listener) {
    var owner = listener.owner();
    if (owner != null) identify(owner.pid(), List.of(listener));
  }

  private void identify(int pid, List<ListenerState> listeners) {
    String what = "facts of process " + pid;
    try {
      var image = processes.programImage(pid);
      var wanting =
          listeners.stream()
              .filter(each -> isHeldBy(pid, each))
              .filter(each -> !each.ownership.attribution().isOf(pid, image.orElse(0)))
              .toList();
      if (wanting.isEmpty()) return;
      var facts = processes.facts(pid);
      if (image.isEmpty() || facts.isEmpty()) {
        wanting.forEach(each -> each.ownership.lose(clocks.nanos()));
        return;
      }
      var is = facts.get();
      var recognised = recogniser.recognise(is);
      // One whose command line could not be read, for its memory is locked, is asked again.
      long known = is.arguments().isEmpty() ? UNKNOWN_IMAGE : image.getAsLong();
      for (var each : wanting) {
        var owner = Objects.requireNonNull(each.owner());
        var application = recognised.application(asked(each), owner.fd()).orElse(null);
        each.ownership.identified(
            new ProcessIdentity(is.containerName(), is.command(), pid, known, application),
            is.executable().isEmpty() ? 0 : is.executable().hashCode());
      }
      errors.over(what);
    } catch (IOException e) {
      errors.failed(what, e);
    }
  }

  /** It may have got another owner since. */
  private static boolean isHeldBy(int pid, ListenerState listener) {
    var owner = listener.owner();
    return owner != null && owner.pid() == pid;
  }

  private Listened asked(ListenerState listener) {
    int backlog =
        journal
            .backlog(listener.id.cookie())
            .map(JournalEntry::raised)
            .filter(raised -> !raised.onlyContested())
            .map(RaisedValue::original)
            .orElse(listener.backlog());
    int port = listener.place() instanceof Place.Port(int number, _) ? number : 0;
    return new Listened(backlog, port, listener.backlogs.heardSomaxconn());
  }
}
