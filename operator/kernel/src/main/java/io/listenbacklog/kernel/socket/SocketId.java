package io.listenbacklog.kernel.socket;

import java.util.HexFormat;

/** A listening socket, of any family. */
public sealed interface SocketId permits ListenerId, UnixListenerId {

  /** {@code SO_COOKIE}: never used again by another socket of this boot. */
  long cookie();

  /** Where it listens, for people. */
  String text();

  /** The cookie as 16 hexadecimal digits. */
  default String cookieText() {
    return HexFormat.of().toHexDigits(cookie());
  }
}
