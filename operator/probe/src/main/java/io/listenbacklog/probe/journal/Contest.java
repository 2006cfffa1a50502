package io.listenbacklog.probe.journal;

import static java.util.Objects.requireNonNullElse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How often a value that we raised was set anew by somebody else. After the first raise there are
 * three more tries in ten minutes; then hands off, for good: two programs that overwrite each other
 * help nobody.
 *
 * @param pid through which it was raised last: another process starts afresh; 0: whoever it is
 * @param setBack when, in uptimes of the node: the journal is of one boot too, and while that lasts
 *     its uptime does not jump as the time of day may
 * @param lost whether it was set back once too often
 */
public record Contest(int pid, List<Duration> setBack, boolean lost) {
  /** Tries after the first raise. */
  public static final int TRIES = 3;

  /** Nobody set it back. */
  public static final Contest NONE = new Contest(0, List.of(), false);

  private static final Duration WINDOW = Duration.ofMinutes(10);

  public Contest {
    setBack = List.copyOf(requireNonNullElse(setBack, List.of()));
  }

  /** One that an earlier probe lost against a process. */
  public static Contest lostTo(int pid) {
    return new Contest(pid, List.of(), true);
  }

  /** Somebody has set another value. */
  public Contest setBackAt(Duration uptime) {
    var lately = new ArrayList<Duration>();
    for (var each : setBack) {
      if (uptime.minus(each).compareTo(WINDOW) < 0) lately.add(each);
    }
    if (lately.size() >= TRIES) return new Contest(pid, lately, true);
    lately.add(uptime);
    return new Contest(pid, lately, lost);
  }

  /** As before, and the next raise goes through this process. */
  public Contest with(int raisedThrough) {
    return equals(NONE) ? NONE : new Contest(raisedThrough, setBack, lost);
  }
}
