package io.listenbacklog.kernel.netns;

/** Reads {@code /proc/PID/net/netstat}: pairs of lines, names above numbers. */
final class Netstat {
  private static final String PREFIX = "TcpExt: ";

  private Netstat() {}

  static NetCounters counters(String netstat) {
    var lines = netstat.lines().filter(line -> line.startsWith(PREFIX)).limit(2).toList();
    if (lines.size() < 2) return new NetCounters(0, 0, 0, 0);
    var names = lines.getFirst().split(" ", -1);
    var numbers = lines.getLast().split(" ", -1);
    long overflows = 0;
    long drops = 0;
    long cookies = 0;
    long requestDrops = 0;
    for (int column = 1; column < Math.min(names.length, numbers.length); column++) {
      switch (names[column]) {
        case "ListenOverflows" -> overflows = number(numbers[column]);
        case "ListenDrops" -> drops = number(numbers[column]);
        case "TCPReqQFullDoCookies" -> cookies = number(numbers[column]);
        case "TCPReqQFullDrop" -> requestDrops = number(numbers[column]);
        default -> {}
      }
    }
    return new NetCounters(overflows, drops, cookies, requestDrops);
  }

  private static long number(String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
