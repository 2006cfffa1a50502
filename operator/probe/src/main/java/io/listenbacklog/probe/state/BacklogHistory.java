package io.listenbacklog.probe.state;

/** What backlog a listener has, who set it, and under which somaxconn. */
public final class BacklogHistory {
  /** What the kernel holds. */
  private int backlog;

  /**
   * somaxconn when the application set its backlog: one of exactly that much was capped by it. Kept
   * while that backlog stays, raised or put back, for somaxconn may be raised later. 0: not known.
   */
  private int heardSomaxconn;

  /** What we have raised it to; 0: nothing. */
  private int raisedTo;

  /** somaxconn when we raised it. */
  private int raisedUnder;

  /** Whether its application had set a backlog: one of 0 is a door closed on purpose then. */
  private boolean wasOpen;

  /** The last backlog above 0 that its application had set; 0: none, as far as is known. */
  private int own;

  /**
   * Of a listener that is new to us.
   *
   * @param somaxconn when it was given its backlog; 0: not known
   */
  BacklogHistory(int backlog, int somaxconn) {
    this.backlog = backlog;
    heardSomaxconn = somaxconn;
    wasOpen = backlog > 0;
    own = backlog;
  }

  int backlog() {
    return backlog;
  }

  /** Whether the application had set one above 0. */
  boolean wasOpen() {
    return wasOpen;
  }

  /** somaxconn when the application set its backlog; 0: not known. */
  public int heardSomaxconn() {
    return heardSomaxconn;
  }

  /** The last backlog above 0 that its application had set; 0: none, as far as is known. */
  public int own() {
    return own;
  }

  /** somaxconn when the backlog that it has now was set; 0: not known. */
  public int cap() {
    return raisedTo != 0 && raisedTo == backlog ? raisedUnder : heardSomaxconn;
  }

  /** An earlier probe knew what somaxconn was when its backlog was set. */
  public void recallSomaxconn(int then) {
    heardSomaxconn = then;
  }

  void setByApplication(int now, int somaxconn) {
    backlog = now;
    heardSomaxconn = somaxconn;
    raisedTo = 0;
    if (now == 0) return;
    wasOpen = true;
    own = now;
  }

  void raised(int to, int somaxconn) {
    backlog = to;
    raisedTo = to;
    raisedUnder = somaxconn;
  }

  void restored(int to) {
    backlog = to;
    raisedTo = 0;
  }

  void recallOwn(int earlier, int raised, int somaxconn) {
    wasOpen |= earlier > 0;
    if (earlier > 0) own = earlier;
    if (raised == 0 || raised != backlog) return;
    if (earlier == 0) wasOpen = false;
    own = earlier;
    raisedTo = raised;
    raisedUnder = somaxconn;
  }
}
