package io.listenbacklog.probe.observe;

/** What of a namespace is looked at in one visit. */
public sealed interface VisitScope {

  /** The listeners that are known, by exact look-ups. */
  record Known() implements VisitScope {}

  /** All of them: finds those that births missed. */
  record Listing() implements VisitScope {}

  /** Nothing: what was seen before is judged, of which a step had no time. */
  record Rest() implements VisitScope {}

  /**
   * Those on one port: a listener was born there.
   *
   * @param pid the process that called listen()
   */
  record NewListener(int port, int pid) implements VisitScope {}

  /** The process that most likely holds what is new; 0: not known. */
  default int likelyPid() {
    return this instanceof NewListener(_, int pid) ? pid : 0;
  }
}
