package io.listenbacklog.probe.engine;

import org.jspecify.annotations.Nullable;

/**
 * Whose listener it is, for people.
 *
 * @param container empty where unknown
 * @param process command name; empty where unknown
 * @param pid on the node; 0 where unknown
 * @param application key in the catalogue; null: not recognised
 */
record Attribution(String container, String process, int pid, @Nullable String application) {
  /** Nothing is known (yet). */
  static final Attribution UNKNOWN = new Attribution("", "", 0, null);
}
