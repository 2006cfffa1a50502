package io.listenbacklog.probe.symptom;

import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerId;
import io.listenbacklog.policy.assess.UnixQueueEvidence;
import io.listenbacklog.probe.observe.VisitContext;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;

/**
 * Looks who waits at UNIX listeners, in the visits of sweeps: an exact look-up for each at which
 * somebody waits. {@link StallDetector} tells what that proves.
 */
public final class UnixQueueLooks implements SymptomDetector {
  /** So many listeners of a namespace are looked at after a sweep, in turn. */
  private static final int LOOKS_A_VISIT = 16;

  private final Clocks clocks;
  private final RecurringErrors errors;

  public UnixQueueLooks(Clocks clocks, RecurringErrors errors) {
    this.clocks = clocks;
    this.errors = errors;
  }

  @Override
  public void look(VisitContext visit) {
    var spec = visit.spec();
    var namespace = visit.namespace();
    if (spec == null || namespace.unix.isEmpty()) return;
    long now = clocks.nanos();
    var due =
        namespace.unix.values().stream()
            .filter(each -> each.queue() > 0 && StallDetector.patience(each, spec) != null)
            .sorted(Comparator.comparingLong(each -> each.queueWatch.lookedNanos()))
            .limit(LOOKS_A_VISIT)
            .toList();
    if (due.isEmpty()) return;
    String what = "queues of UNIX listeners in network namespace " + namespace.inode;
    try {
      for (var each : due) look(visit.view(), each, now);
      errors.over(what);
    } catch (IOException e) {
      errors.failed(what, e);
    }
  }

  private static void look(NamespaceView view, ListenerState listener, long now)
      throws IOException {
    var watch = listener.queueWatch;
    var id = (UnixListenerId) listener.id;
    int queue = listener.queue();
    var clients =
        view.unixListeners()
            .clients(new UnixListener(id, listener.inode, queue, listener.backlog()));
    watch.look(now);
    var before = watch.unixVigil();
    if (before != null && before.isRefutedBy(clients, queue)) {
      watch.watchUnix(null); // the sweep sees that it is over, the next look begins anew
      return;
    }
    var is = before == null ? null : before.seen(clients, queue);
    // Where all that were seen have left before they proved anything, others may.
    boolean anew = is == null || (!is.certain() && !watch.stalled());
    watch.watchUnix(anew ? UnixQueueEvidence.begin(Duration.ofNanos(now), clients, queue) : is);
  }
}
