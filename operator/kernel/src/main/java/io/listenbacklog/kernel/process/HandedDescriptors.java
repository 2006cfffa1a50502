package io.listenbacklog.kernel.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Descriptors that were handed over, from the environment of a process. Nothing else of it is
 * parsed or kept: it may hold secrets.
 */
final class HandedDescriptors {
  /** Of systemd and systemfd: descriptors from 3 on, so many; sd_listen_fds(3). */
  private static final String LISTEN_FDS = "LISTEN_FDS=";

  /** Of Server::Starter: {@code address:port=fd}, with {@code ;} between; Server::Starter(3pm). */
  private static final String SERVER_STARTER_PORT = "SERVER_STARTER_PORT=";

  /** Of Einhorn: {@code EINHORN_FD_0} and so on, one descriptor each; its README. */
  private static final String EINHORN_FD = "EINHORN_FD_";

  private static final int LISTEN_FDS_START = 3;
  private static final int MOST = 1024;
  private static final int LONGEST = 16 * 1024;

  private HandedDescriptors() {}

  static Set<Integer> inEnvironment(byte[] environment) {
    var descriptors = new TreeSet<Integer>();
    int from = 0;
    for (int at = 0; at <= environment.length; at++) {
      if (at < environment.length && environment[at] != 0) continue;
      take(environment, from, at, descriptors);
      from = at + 1;
    }
    return descriptors;
  }

  private static void take(byte[] environment, int from, int to, Set<Integer> descriptors) {
    if (begins(environment, from, to, LISTEN_FDS)) {
      number(text(environment, from + LISTEN_FDS.length(), to))
          .ifPresent(
              count -> {
                for (int each = 0; each < Math.min(count, MOST); each++) {
                  descriptors.add(LISTEN_FDS_START + each);
                }
              });
    } else if (begins(environment, from, to, SERVER_STARTER_PORT)) {
      for (var each : text(environment, from + SERVER_STARTER_PORT.length(), to).split(";", MOST)) {
        add(each.substring(each.lastIndexOf('=') + 1), descriptors);
      }
    } else if (begins(environment, from, to, EINHORN_FD)) {
      String each = text(environment, from, to);
      add(each.substring(each.indexOf('=') + 1), descriptors);
    }
  }

  private static void add(String number, Set<Integer> descriptors) {
    if (descriptors.size() < MOST) number(number).ifPresent(descriptors::add);
  }

  private static boolean begins(byte[] environment, int from, int to, String name) {
    if (to - from < name.length()) return false;
    for (int at = 0; at < name.length(); at++) {
      if (environment[from + at] != name.charAt(at)) return false;
    }
    return true;
  }

  private static String text(byte[] environment, int from, int to) {
    return new String(environment, from, Math.min(to - from, LONGEST), UTF_8);
  }

  private static OptionalInt number(String text) {
    try {
      int number = Integer.parseInt(text);
      return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
