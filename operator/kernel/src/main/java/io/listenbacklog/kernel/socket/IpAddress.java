package io.listenbacklog.kernel.socket;

/**
 * An IP address as a socket holds it.
 *
 * <p>Not an {@code InetAddress}: that one turns {@code ::ffff:127.0.0.1}, which an AF_INET6 socket
 * can be bound to, into an IPv4 address, and the kernel would look for another socket.
 *
 * @param ipv6 whether it is AF_INET6
 * @param high the upper 64 bits of an IPv6 address; 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address; an IPv4 address in its lower 32
 */
public record IpAddress(boolean ipv6, long high, long low) {
  private static final long MAPPED = 0xffffL;

  public IpAddress {
    if (!ipv6 && (high != 0 || low >>> 32 != 0)) {
      throw new IllegalArgumentException("IPv4 has 32 bits: %x %x".formatted(high, low));
    }
  }

  /** An IPv4 address, its first byte the highest. */
  public static IpAddress v4(int bits) {
    return new IpAddress(false, 0, Integer.toUnsignedLong(bits));
  }

  /** An IPv6 address. */
  public static IpAddress v6(long high, long low) {
    return new IpAddress(true, high, low);
  }

  /** Whether it is an IPv6 address that stands for an IPv4 one: {@code ::ffff:10.0.3.7}. */
  public boolean isMapped() {
    return ipv6 && high == 0 && low >>> 32 == MAPPED;
  }

  /** Whether it stands for all addresses: {@code 0.0.0.0}, {@code ::}, {@code ::ffff:0.0.0.0}. */
  public boolean isWildcard() {
    return high == 0 && (isMapped() ? (int) low == 0 : low == 0);
  }

  /** Whether it is one of its own host alone: 127.0.0.0/8, mapped or not, and {@code ::1}. */
  public boolean isLoopback() {
    if (!ipv6 || isMapped()) return ((int) low >>> 24) == 127;
    return high == 0 && low == 1;
  }

  /**
   * As {@code ss} prints it, which is as glibc's inet_ntop does: IPv6 lower case, the longest run
   * of zeroes compressed, IPv4-mapped ones with dots, no brackets.
   */
  public String text() {
    if (!ipv6) return dotted((int) low);
    if (isMapped()) return "::ffff:" + dotted((int) low);
    // inet_ntop writes IPv4-compatible addresses so, whose first 16 of the last 32 bits are set.
    if (high == 0 && low >>> 32 == 0 && low >>> 16 != 0) return "::" + dotted((int) low);
    return compressed();
  }

  private static String dotted(int bits) {
    // Not formatted(): a status has thousands of them.
    return (bits >>> 24)
        + "."
        + ((bits >>> 16) & 0xff)
        + "."
        + ((bits >>> 8) & 0xff)
        + "."
        + (bits & 0xff);
  }

  private int group(int index) {
    return (int) ((index < 4 ? high : low) >>> (48 - index % 4 * 16)) & 0xffff;
  }

  private String compressed() {
    int runStart = -1;
    int runLength = 1; // a single zero group is not compressed
    for (int start = 0; start < 8; start++) {
      int length = 0;
      while (start + length < 8 && group(start + length) == 0) length++;
      if (length > runLength) {
        runStart = start;
        runLength = length;
      }
    }
    var text = new StringBuilder(39);
    for (int index = 0; index < 8; index++) {
      if (index == runStart) {
        text.append("::");
        index += runLength - 1;
        continue;
      }
      if (index > 0 && text.charAt(text.length() - 1) != ':') text.append(':');
      text.append(Integer.toHexString(group(index)));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return text();
  }
}
