package io.listenbacklog.catalogue;

/**
 * What a program asked for when it called listen().
 *
 * @param backlog as far as somaxconn allowed
 * @param port that it listens on
 * @param somaxconn what net.core.somaxconn was then; 0: not known
 * @param handedOver whether another program opened the socket and handed it over
 */
public record Listened(int backlog, int port, int somaxconn, boolean handedOver) {

  /** One that the program opened itself. */
  public Listened(int backlog, int port, int somaxconn) {
    this(backlog, port, somaxconn, false);
  }

  /** The same, opened by another program or not. */
  public Listened handedOver(boolean byAnother) {
    return new Listened(backlog, port, somaxconn, byAnother);
  }

  /** Whether it was clamped, so that the number does not show what it asked for. */
  boolean capped() {
    return backlog == somaxconn;
  }
}
