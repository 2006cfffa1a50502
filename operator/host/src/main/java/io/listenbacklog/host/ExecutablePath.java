package io.listenbacklog.host;

import io.listenbacklog.kernel.process.ProcessFacts;

/** Where the program of a process is, or was until it was upgraded. */
final class ExecutablePath {
  private static final String DELETED = " (deleted)"; // the file was replaced since it was started

  private ExecutablePath() {}

  /** Its path; empty where that cannot be told. */
  static String of(ProcessFacts process) {
    String path = process.executable();
    return path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
  }
}
