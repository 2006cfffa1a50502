package io.listenbacklog.kernel.process;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads {@code /proc/PID/limits} (fs/proc/base.c, proc_pid_limits). */
final class ResourceLimits {
  private static final Pattern OPEN_FILES =
      Pattern.compile("Max open files +([0-9]{1,10}) +[0-9a-z]+ +files *");

  private ResourceLimits() {}

  /** The soft limit of open files; empty where the file says none, or "unlimited". */
  static OptionalInt openFiles(String limits) {
    return PlainText.lines(limits)
        .map(OPEN_FILES::matcher)
        .filter(line -> line.matches())
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .filter(limit -> limit <= Integer.MAX_VALUE)
        .mapToInt(limit -> (int) limit)
        .findFirst();
  }
}
