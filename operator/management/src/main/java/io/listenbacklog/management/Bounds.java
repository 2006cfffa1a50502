package io.listenbacklog.management;

import java.time.Duration;

/**
 * Limits on what clients may use of a server, together and each.
 *
 * @param connections at a time; one more ends the oldest of the address that has most
 * @param connectionsPerAddress likewise, of one client address: one more ends its oldest
 * @param headBytes of a request, up to the empty line: 256 to 65536
 * @param requestTime from the connection to the end of its request's head
 * @param answerTime from there to the last byte of the answer that the client has taken
 */
public record Bounds(
    int connections,
    int connectionsPerAddress,
    int headBytes,
    Duration requestTime,
    Duration answerTime) {

  /**
   * For the kubelet: it sends its request as soon as it is connected, and reads a short response at
   * once. Many cheap connections: the more are allowed, the longer each survives a flood.
   */
  public static final Bounds HEALTH =
      new Bounds(256, 64, 4096, Duration.ofSeconds(2), Duration.ofSeconds(2));

  /** For scrapers: room for a bearer token, and time for a slow reader of some megabytes. */
  public static final Bounds METRICS =
      new Bounds(64, 16, 16_384, Duration.ofSeconds(5), Duration.ofSeconds(30));

  public Bounds {
    if (connections < 1 || connectionsPerAddress < 1) {
      throw new IllegalArgumentException("connections: " + connections);
    }
    if (headBytes < 256 || headBytes > 65_536) {
      throw new IllegalArgumentException("headBytes: " + headBytes);
    }
  }
}
