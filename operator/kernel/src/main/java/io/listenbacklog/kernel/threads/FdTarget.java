package io.listenbacklog.kernel.threads;

import io.listenbacklog.kernel.process.PlainText;

/**
 * Where a file descriptor leads.
 *
 * @param kind {@code socket}, {@code pipe}, {@code eventpoll} and the like, or a path of at most
 *     255 characters
 * @param socket the inode of a socket; 0: it is none
 */
public record FdTarget(String kind, long socket) {
  private static final int LONGEST = 255;
  private static final String SOCKET = "socket:[";
  private static final String ANONYMOUS = "anon_inode:";

  /** By the link in {@code /proc/PID/fd}: {@code socket:[4711]}, {@code anon_inode:[eventpoll]}. */
  static FdTarget of(String link) {
    if (link.startsWith("/")) return new FdTarget(PlainText.of(link, LONGEST), 0);
    if (link.startsWith(SOCKET) && link.endsWith("]")) {
      return new FdTarget("socket", inode(link.substring(SOCKET.length(), link.length() - 1)));
    }
    if (link.startsWith(ANONYMOUS)) {
      var kind = link.substring(ANONYMOUS.length());
      return new FdTarget(PlainText.of(kind.replaceAll("[\\[\\]]", ""), LONGEST), 0);
    }
    int colon = link.indexOf(':');
    return new FdTarget(PlainText.of(colon < 0 ? link : link.substring(0, colon), LONGEST), 0);
  }

  private static long inode(String number) {
    try {
      return Math.max(0, Long.parseLong(number));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
