package io.listenbacklog.probe.engine;

/** What of a namespace is looked at in one visit. */
sealed interface Scope {

  /** The listeners that are known, by exact look-ups. */
  record Known() implements Scope {}

  /** All of them: finds those that births missed. */
  record Listing() implements Scope {}

  /** Nothing: what was seen before is judged, of which a step had no time. */
  record Rest() implements Scope {}

  /**
   * Those on one port: a listener was born there.
   *
   * @param pid the process that called listen()
   */
  record Born(int port, int pid) implements Scope {}
}
