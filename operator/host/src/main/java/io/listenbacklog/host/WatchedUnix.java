package io.listenbacklog.host;

import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerId;
import io.listenbacklog.policy.assess.UnixQueueEvidence;
import io.listenbacklog.policy.assess.WaitingConnection;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A UNIX listener while it is watched. */
final class WatchedUnix implements Watched {
  /** So many looks in a row at which its queue was full prove that it was: it has no counter. */
  private static final int FULL_LOOKS = 2;

  private final long namespace;
  private final int somaxconn;
  private UnixListener last;
  private int fullLooks;
  private boolean overflowed;
  private boolean gone;
  private @Nullable UnixQueueEvidence vigil;
  private @Nullable WaitingConnection stalled;

  /** Seen for the first time. */
  WatchedUnix(long namespace, int somaxconn, UnixListener first) {
    this.namespace = namespace;
    this.somaxconn = somaxconn;
    last = first;
  }

  @Override
  public long namespace() {
    return namespace;
  }

  @Override
  public int somaxconn() {
    return somaxconn;
  }

  @Override
  public UnixListenerId id() {
    return last.id();
  }

  @Override
  public long inode() {
    return last.inode();
  }

  @Override
  public int queue() {
    return last.queue();
  }

  @Override
  public int backlog() {
    return last.backlog();
  }

  @Override
  public @Nullable WaitingConnection stalled() {
    return stalled;
  }

  @Override
  public boolean isGone() {
    return gone;
  }

  /** It is not there any more. */
  void end() {
    gone = true;
  }

  /** Whether its queue was seen full for longer than one look. */
  boolean overflowed() {
    return overflowed;
  }

  /**
   * Seen again.
   *
   * @param now how it is; null: it is no more
   * @return whether somebody waits, so that it can be looked who
   */
  boolean see(@Nullable UnixListener now) {
    if (now != null) last = now;
    fullLooks = now != null && now.queue() > now.backlog() ? fullLooks + 1 : 0;
    overflowed |= fullLooks >= FULL_LOOKS;
    return now != null && now.queue() > 0;
  }

  /** It is not looked who waits: nobody does, or there is no time for it. */
  void lookAway() {
    vigil = null;
    stalled = null;
  }

  /**
   * Looks who waits in its queue, as it was seen last.
   *
   * @param at on a clock that never goes back
   * @param after for how long nothing must have been accepted
   */
  void lookWhoWaits(NamespaceView there, Duration at, Duration after) throws IOException {
    var now = last;
    var clients = there.unixListeners().clients(now);
    var before = vigil;
    if (before == null || before.isRefutedBy(clients, now.queue())) {
      judged(UnixQueueEvidence.begin(at, clients, now.queue()), at, after);
      return;
    }
    var goesOn = before.seen(clients, now.queue());
    // Where all that were seen have left before they proved anything, others may.
    judged(
        goesOn.certain() ? goesOn : UnixQueueEvidence.begin(at, clients, now.queue()), at, after);
  }

  private void judged(UnixQueueEvidence is, Duration at, Duration after) {
    vigil = is;
    stalled =
        is.isProven(at, after)
            ? new WaitingConnection(0, at.minus(is.begun()).toMillis(), 0)
            : null;
  }
}
