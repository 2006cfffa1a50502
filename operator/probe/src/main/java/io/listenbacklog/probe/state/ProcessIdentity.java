package io.listenbacklog.probe.state;

import org.jspecify.annotations.Nullable;

/**
 * Whose listener it is, for people.
 *
 * @param container empty where unknown
 * @param process command name; empty where unknown
 * @param pid on the node; 0 where unknown
 * @param programImage changes when the process becomes another program
 * @param application key in the catalogue; null: not recognised
 */
public record ProcessIdentity(
    String container, String process, int pid, long programImage, @Nullable String application) {
  /** Nothing is known (yet). */
  static final ProcessIdentity UNKNOWN = new ProcessIdentity("", "", 0, 0, null);

  /** Whether it is of this program: of the process, and of what that executes now. */
  public boolean isOf(int process, long image) {
    return pid == process && programImage == image;
  }
}
