package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.NodeListener;
import io.listenbacklog.policy.text.CleanText;
import java.util.regex.Pattern;

/** What a listener is called in a sentence. */
public final class ListenerNames {
  private static final int LONGEST_NAME = 128;

  /** What the address of a UNIX listener begins with. */
  private static final String UNIX = "unix:";

  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  /**
   * @param sockets how many there are of it, in a group of SO_REUSEPORT
   */
  static String name(NodeListener listener, int sockets) {
    String process = process(listener);
    if (isUnix(listener)) {
      return (sockets == 1
              ? "UNIX listener "
              : "Each of the %d UNIX sockets at ".formatted(sockets))
          + address(listener).substring(UNIX.length())
          + container(listener.container())
          + (process.isEmpty() ? "" : " (" + process + ")");
    }
    return (sockets == 1 ? "Listener " : "Each of the %d sockets at ".formatted(sockets))
        + address(listener)
        + container(listener.container())
        + (process.isEmpty() ? "" : " (" + process + ")");
  }

  /** Whose listener it is, at the beginning of a sentence. */
  static String owner(NodeListener listener) {
    String process = process(listener);
    if (listener.container().isEmpty()) return process.isEmpty() ? "The application" : process;
    String container = "Container " + CleanText.of(listener.container(), LONGEST_NAME);
    return container + (process.isEmpty() ? "" : " (" + process + ")");
  }

  private static String process(NodeListener listener) {
    String process = CleanText.of(listener.process(), LONGEST_NAME);
    return process.isEmpty() ? "" : "%s, pid %d".formatted(process, listener.pid());
  }

  /** Whether it has a path and no port. */
  public static boolean isUnix(NodeListener listener) {
    return listener.address().startsWith(UNIX);
  }

  /** Whether an address is of the loopback: nobody outside of the pod reaches it. */
  public static boolean isLoopback(String address) {
    return address.startsWith("127.")
        || address.startsWith("[::1]")
        || address.startsWith("[::ffff:127.");
  }

  /** 0 where an address shows none; a UNIX path may end like one. */
  public static int port(String address) {
    if (address.startsWith(UNIX)) return 0;
    String digits = address.substring(address.lastIndexOf(':') + 1);
    return PORT.matcher(digits).matches() ? Integer.parseInt(digits) : 0;
  }

  public static String address(NodeListener listener) {
    return CleanText.of(listener.address(), LONGEST_NAME);
  }

  static String container(String container) {
    return container.isEmpty() ? "" : " of container " + CleanText.of(container, LONGEST_NAME);
  }

  private ListenerNames() {}
}
