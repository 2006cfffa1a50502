package io.listenbacklog.kernel.events;

import io.listenbacklog.kernel.events.KernelEvent.CgroupMade;
import io.listenbacklog.kernel.events.KernelEvent.EventsLost;
import io.listenbacklog.kernel.events.KernelEvent.ListenerBorn;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a line of {@code trace_pipe}: {@code COMM-PID [CPU] FLAGS TIME: EVENT: FIELDS}.
 *
 * <p>The comm is chosen by the process and may contain anything, newlines and {@code -1 [000]}
 * included; but it has 15 characters at most, and the names of the events, with what is around
 * them, have more. So the first name of an event is the real one, and the last {@code -PID [CPU]}
 * before it is.
 */
final class TraceLine {
  private static final String BIRTH = ": inet_sock_set_state: ";
  private static final String CGROUP = ": cgroup_mkdir: ";
  private static final String PATH = " path=";

  private static final Pattern THREAD =
      // Of all characters: a carriage return in a comm ends nothing.
      Pattern.compile(".*-(\\d{1,9}) +(?:\\([^)]*\\) +)?\\[\\d+].*", Pattern.DOTALL);
  private static final Pattern PORT = Pattern.compile("(?:^| )sport=(\\d{1,5}) ");

  /** The whole of it: a comm may begin a line with some of it, and has room for 15 characters. */
  private static final Pattern LOST =
      Pattern.compile("CPU:\\d{1,5} \\[LOST (?:\\d{1,19} )?EVENTS]");

  private TraceLine() {}

  /** The event of a line; empty for any other line. */
  static Optional<KernelEvent> event(String line) {
    if (LOST.matcher(line).matches()) return Optional.of(new EventsLost());
    int birth = line.indexOf(BIRTH);
    int cgroup = line.indexOf(CGROUP);
    if (birth >= 0 && (cgroup < 0 || birth < cgroup)) {
      return born(line.substring(0, birth), line.substring(birth + BIRTH.length()));
    }
    return cgroup >= 0 ? made(line.substring(cgroup + CGROUP.length())) : Optional.empty();
  }

  private static Optional<KernelEvent> born(String header, String fields) {
    var thread = THREAD.matcher(header);
    var port = PORT.matcher(fields);
    if (!thread.matches() || !port.find()) return Optional.empty();
    int number = Integer.parseInt(port.group(1));
    if (number < 1 || number > 65535) return Optional.empty();
    return Optional.of(new ListenerBorn(Integer.parseInt(thread.group(1)), number));
  }

  private static Optional<KernelEvent> made(String fields) {
    int path = fields.indexOf(PATH);
    return path < 0
        ? Optional.empty()
        : Optional.of(new CgroupMade(fields.substring(path + PATH.length())));
  }
}
