package io.listenbacklog.kernel.socket;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Addresses from their text, for tests. */
public final class Addresses {
  private static final String MAPPED = "::ffff:";

  private Addresses() {}

  /** A numeric address; {@code ::ffff:1.2.3.4} stays an IPv6 one. */
  public static IpAddress of(String text) {
    if (text.startsWith(MAPPED) && text.contains(".")) {
      return IpAddress.v6(0, (0xffffL << 32) | of(text.substring(MAPPED.length())).low());
    }
    var bytes = ByteBuffer.wrap(InetAddress.ofLiteral(text).getAddress());
    return bytes.remaining() == 4
        ? IpAddress.v4(bytes.getInt())
        : IpAddress.v6(bytes.getLong(), bytes.getLong());
  }
}
