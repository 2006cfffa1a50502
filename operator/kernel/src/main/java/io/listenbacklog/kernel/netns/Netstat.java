package io.listenbacklog.kernel.netns;

import java.util.OptionalLong;

/** Reads {@code /proc/PID/net/netstat} and {@code snmp}: pairs of lines, names above numbers. */
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

  /** {@code Tcp: PassiveOpens} of {@code /proc/PID/net/snmp}; empty where it is not there. */
  static OptionalLong passiveOpens(String snmp) {
    var lines = snmp.lines().filter(line -> line.startsWith("Tcp: ")).limit(2).toList();
    if (lines.size() < 2) return OptionalLong.empty();
    var names = lines.getFirst().split(" ", -1);
    var numbers = lines.getLast().split(" ", -1);
    for (int column = 1; column < Math.min(names.length, numbers.length); column++) {
      if (names[column].equals("PassiveOpens")) return OptionalLong.of(number(numbers[column]));
    }
    return OptionalLong.empty();
  }

  private static long number(String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
