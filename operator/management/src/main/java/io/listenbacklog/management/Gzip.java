package io.listenbacklog.management;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A body as RFC 1952 compresses it, piece by piece. No piece refers to an earlier one, so that all
 * bodies of a server, however many are half sent, share one {@link Deflater}, a quarter of a
 * megabyte of memory: each holds but its sum and its length.
 */
final class Gzip {
  /** Magic number, deflate, no flags, no time, no extra flags, an unknown system. */
  private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  /** An empty block that is the last one (RFC 1951, 3.2.6): every piece ends with a whole byte. */
  private static final byte[] LAST_BLOCK = {3, 0};

  private static final int TAIL = LAST_BLOCK.length + 2 * Integer.BYTES;

  /** zlib: what cannot be compressed is kept in blocks of 5 more bytes; what ends a flush is 5. */
  private static final int MOST_ADDED = 64;

  private final CRC32 sum = new CRC32();
  private long length;
  private boolean isBegun;

  /**
   * The next piece.
   *
   * @param deflater without zlib's own head; whatever it did before is forgotten
   * @param last whether no other follows
   */
  byte[] piece(Deflater deflater, byte[] plain, boolean last) {
    var piece = new byte[HEAD.length + plain.length + plain.length / 1024 + MOST_ADDED + TAIL];
    int size = 0;
    if (!isBegun) size = put(HEAD, piece, size);
    isBegun = true;
    sum.update(plain);
    length += plain.length;
    if (plain.length > 0) {
      deflater.reset();
      deflater.setInput(plain);
      size += deflater.deflate(piece, size, piece.length - TAIL - size, Deflater.FULL_FLUSH);
    }
    if (last) {
      size = put(LAST_BLOCK, piece, size);
      size = put(littleEndian(sum.getValue()), piece, size);
      size = put(littleEndian(length), piece, size);
    }
    return Arrays.copyOf(piece, size);
  }

  private static int put(byte[] bytes, byte[] to, int at) {
    System.arraycopy(bytes, 0, to, at, bytes.length);
    return at + bytes.length;
  }

  private static byte[] littleEndian(long value) {
    return new byte[] {
      (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)
    };
  }
}
