package io.listenbacklog.policy.report;

import io.listenbacklog.api.NodeListener;

/** What a listener is called in a sentence. */
final class ListenerNames {
  private static final int LONGEST_NAME = 128;

  /**
   * @param sockets how many there are of it, in a group of SO_REUSEPORT
   */
  static String name(NodeListener listener, int sockets) {
    String process = process(listener);
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

  static String address(NodeListener listener) {
    return CleanText.of(listener.address(), LONGEST_NAME);
  }

  static String container(String container) {
    return container.isEmpty() ? "" : " of container " + CleanText.of(container, LONGEST_NAME);
  }

  private ListenerNames() {}
}
