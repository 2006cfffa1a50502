package io.listenbacklog.kernel.netns;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code /proc/PID/net/netstat} and {@code snmp}: pairs of lines, names above numbers. Read
 * often, so nothing is made of the hundred columns that nobody asks for.
 */
final class Netstat {
  private static final String[] COUNTERS = {
    "ListenOverflows", "ListenDrops", "TCPReqQFullDoCookies", "TCPReqQFullDrop"
  };

  private Netstat() {}

  static NetCounters counters(String netstat) {
    var found = columns(netstat, "TcpExt: ", COUNTERS);
    return new NetCounters(orZero(found[0]), orZero(found[1]), orZero(found[2]), orZero(found[3]));
  }

  /** {@code Tcp: PassiveOpens} of {@code /proc/PID/net/snmp}; empty where it is not there. */
  static OptionalLong passiveOpens(String snmp) {
    var found = columns(snmp, "Tcp: ", "PassiveOpens")[0];
    return found == null ? OptionalLong.empty() : OptionalLong.of(found);
  }

  private static long orZero(@Nullable Long value) {
    return value == null ? 0 : value;
  }

  /**
   * The numbers below some names.
   *
   * @param prefix of both lines
   * @return in the order of the names; null: there is none
   */
  private static @Nullable Long[] columns(String text, String prefix, String... wanted) {
    var found = new @Nullable Long[wanted.length];
    int name = afterPrefix(text, prefix, 0);
    int number = afterPrefix(text, prefix, name);
    while (name < text.length() && number < text.length()) {
      int nameEnd = endOfWord(text, name);
      int numberEnd = endOfWord(text, number);
      for (int index = 0; index < wanted.length; index++) {
        boolean same =
            nameEnd - name == wanted[index].length() && text.startsWith(wanted[index], name);
        if (same) found[index] = number(text.substring(number, numberEnd));
      }
      if (isEndOfLine(text, nameEnd) || isEndOfLine(text, numberEnd)) break;
      name = nameEnd + 1;
      number = numberEnd + 1;
    }
    return found;
  }

  /** Where the first word of the next line with a prefix begins; the end: there is no such line. */
  private static int afterPrefix(String text, String prefix, int from) {
    int line = from;
    while (line < text.length()) {
      boolean isFirst = line == 0 || text.charAt(line - 1) == '\n';
      if (isFirst && text.startsWith(prefix, line)) return line + prefix.length();
      int end = text.indexOf('\n', line);
      if (end < 0) break;
      line = end + 1;
    }
    return text.length();
  }

  private static int endOfWord(String text, int from) {
    int end = from;
    while (!isEndOfLine(text, end) && text.charAt(end) != ' ') end++;
    return end;
  }

  private static boolean isEndOfLine(String text, int at) {
    return at == text.length() || text.charAt(at) == '\n';
  }

  private static long number(String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
