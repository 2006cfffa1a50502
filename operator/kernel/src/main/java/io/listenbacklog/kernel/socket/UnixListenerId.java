package io.listenbacklog.kernel.socket;

/**
 * Which UNIX listener.
 *
 * @param path as it was bound, perhaps relative, or {@code @} and an abstract name: untrusted,
 *     without control characters, at most 108 characters (unix(7))
 * @param cookie {@code SO_COOKIE}: never used again by another socket of this boot
 */
public record UnixListenerId(String path, long cookie) implements SocketId {

  /** Such as {@code unix:/run/php.sock}. */
  @Override
  public String text() {
    return "unix:" + path;
  }
}
