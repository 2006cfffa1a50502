package io.listenbacklog.kernel.socket;

/** Which socket that listens, of whichever family. */
public sealed interface SocketId permits ListenerId, UnixListenerId {

  /** {@code SO_COOKIE}: never used again by another socket of this boot. */
  long cookie();

  /** Where it listens, for people. */
  String text();

  /** The cookie as 16 hexadecimal digits. */
  default String cookieText() {
    return "%016x".formatted(cookie());
  }
}
