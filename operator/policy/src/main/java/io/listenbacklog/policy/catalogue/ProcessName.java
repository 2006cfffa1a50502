package io.listenbacklog.policy.catalogue;

import java.util.List;

/**
 * What a process is recognised by.
 *
 * @param executable the base name of its executable; of its first argument where that is unknown
 * @param commandLine its arguments with a space between
 */
record ProcessName(String executable, String commandLine) {

  /** What /proc/PID/exe has at its end when the file was replaced since (proc_pid_exe(5)). */
  private static final String DELETED = " (deleted)";

  static ProcessName of(String executable, List<String> arguments) {
    String path = executable;
    if (path.isEmpty() && !arguments.isEmpty()) path = arguments.getFirst();
    if (path.endsWith(DELETED)) path = path.substring(0, path.length() - DELETED.length());
    return new ProcessName(path.substring(path.lastIndexOf('/') + 1), String.join(" ", arguments));
  }
}
