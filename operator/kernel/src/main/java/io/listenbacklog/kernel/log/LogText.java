package io.listenbacklog.kernel.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text that {@code syslog(2)} gives: lines as {@code <6>[12719.772241] message}, without the
 * time where {@code printk.time} is off, with the caller behind it where CONFIG_PRINTK_CALLER is
 * on.
 */
final class LogText {
  private static final String KEY = ": Possible SYN flooding on port ";
  private static final int LONGEST_LINE = 512;

  /** How many flooded listeners at once are worth reporting one by one. */
  private static final int MOST = 1_000;

  /**
   * The level of the kernel's own lines is below 8: {@code /dev/kmsg} gives the lines of processes
   * another facility (kernel/printk/printk.c, devkmsg_write), so none can forge this.
   */
  private static final Pattern LINE =
      Pattern.compile(
          "<[0-7]>(?:\\[ *(\\d{1,12})\\.(\\d{6})\\])?(?:\\[ *[TC]\\d+\\])? *"
              + "TCP: [\\w.-]{1,64}: Possible SYN flooding on port "
              + "(?:(\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-f:.]{2,45}\\]):)?(\\d{1,5})\\. "
              + "(Sending cookies|Dropping request)\\..*");

  private LogText() {}

  static List<FloodWarning> floods(byte[] log) {
    var text = new String(log, ISO_8859_1); // one byte a character: decoding cannot fail
    var floods = new ArrayList<FloodWarning>();
    for (int at = text.indexOf(KEY);
        at >= 0 && floods.size() < MOST;
        at = text.indexOf(KEY, at + 1)) {
      int begin = text.lastIndexOf('\n', at) + 1;
      int end = text.indexOf('\n', at);
      if (end < 0) end = text.length();
      if (end - begin > LONGEST_LINE) continue;
      var line = LINE.matcher(text).region(begin, end);
      if (line.matches()) add(line, floods);
    }
    return floods;
  }

  private static void add(Matcher line, List<FloodWarning> floods) {
    int port = Integer.parseInt(line.group(4));
    if (port < 1 || port > 65535) return;
    long micros = -1;
    if (line.group(1) != null) {
      micros = Long.parseLong(line.group(1)) * 1_000_000 + Long.parseLong(line.group(2));
    }
    String address = line.group(3) == null ? "" : line.group(3);
    floods.add(new FloodWarning(micros, address, port, line.group(5).startsWith("Sending")));
  }
}
