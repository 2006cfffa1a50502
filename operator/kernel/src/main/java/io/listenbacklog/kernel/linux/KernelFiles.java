package io.listenbacklog.kernel.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads and writes the small files of procfs and tracefs, opened by the calling thread, whose
 * namespaces decide what some of them show.
 */
public final class KernelFiles {
  private static final int CHUNK = 8192;

  /** {@code struct linux_dirent64} without its name, include/linux/dirent.h. */
  static final StructLayout DIRENT64 =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_LONG.withName("d_ino"),
          ValueLayout.JAVA_LONG.withName("d_off"),
          JAVA_SHORT.withName("d_reclen"),
          JAVA_BYTE.withName("d_type"));

  private static final long RECLEN = DIRENT64.byteOffset(PathElement.groupElement("d_reclen"));

  private final LinuxC linux;

  public KernelFiles(LinuxC linux) {
    this.linux = linux;
  }

  /**
   * Reads a file.
   *
   * @param limit bytes; what is beyond it is not read
   */
  public byte[] read(String path, int limit) throws SyscallException {
    try (var file = Descriptor.open(linux, path, LinuxC.O_RDONLY);
        var arena = Arena.ofConfined()) {
      var chunk = arena.allocate(Math.min(limit, CHUNK));
      var content = new ByteArrayOutputStream();
      while (content.size() < limit) {
        int room = (int) Math.min(limit - content.size(), chunk.byteSize());
        int count = linux.read(file.fd(), chunk.asSlice(0, room));
        if (count == 0) break;
        content.write(chunk.asSlice(0, count).toArray(JAVA_BYTE), 0, count);
      }
      return content.toByteArray();
    }
  }

  /** Reads a file of a process: empty where the process is gone. */
  public Optional<byte[]> readIfThere(String path, int limit) throws SyscallException {
    try {
      return Optional.of(read(path, limit));
    } catch (SyscallException e) {
      if (isGone(e)) return Optional.empty();
      throw e;
    }
  }

  /** The inode of a file of a process: empty where the process is gone. */
  public OptionalLong inodeIfThere(String path) throws IOException {
    try (var file = Descriptor.open(linux, path, LinuxC.O_RDONLY)) {
      return OptionalLong.of(file.inode());
    } catch (SyscallException e) {
      if (isGone(e)) return OptionalLong.empty();
      throw e;
    }
  }

  /** Writes a value to a file that is there, in one call. */
  public void write(String path, String value) throws IOException {
    try (var file = Descriptor.open(linux, path, LinuxC.O_WRONLY);
        var arena = Arena.ofConfined()) {
      var bytes = arena.allocateFrom(value);
      int length = (int) bytes.byteSize() - 1; // without the terminating null byte
      int written;
      try {
        written = linux.write(file.fd(), bytes.asSlice(0, length));
      } catch (SyscallException e) {
        throw e.withCall("write(%s, %s)".formatted(path, value));
      }
      if (written != length) {
        throw new IOException("write(%s, %s): %d bytes".formatted(path, value, written));
      }
    }
  }

  /** Where a symbolic link leads, at most 4 KiB of it; empty where it or its process is gone. */
  public Optional<String> link(String path) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      return link(path, arena.allocate(4096));
    }
  }

  /** As {@link #link(String)}, through a buffer; what does not fit is cut off. */
  public Optional<String> link(String path, MemorySegment buffer) throws SyscallException {
    try {
      int length = linux.readlink(path, buffer);
      return Optional.of(new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), UTF_8));
    } catch (SyscallException e) {
      if (isGone(e)) return Optional.empty();
      throw e;
    }
  }

  /**
   * The names in a folder, without {@code .} and {@code ..}; empty where its process is gone.
   *
   * @param limit at most so many
   */
  public Optional<List<String>> names(String path, int limit) throws SyscallException {
    return names(path, limit, 0);
  }

  /**
   * As {@link #names(String, int)}, from somewhere in the folder on.
   *
   * @param offset as the folder's file system understands it; 0: from the beginning
   */
  public Optional<List<String>> names(String path, int limit, long offset) throws SyscallException {
    var names = new ArrayList<String>();
    try (var folder = Descriptor.open(linux, path, LinuxC.O_RDONLY);
        var arena = Arena.ofConfined()) {
      if (offset != 0) linux.lseek(folder.fd(), offset);
      var buffer = arena.allocate(32 * 1024, 8);
      while (names.size() < limit) {
        int length = linux.getdents64(folder.fd(), buffer);
        if (length == 0) break;
        addNames(buffer.asSlice(0, length), names, limit);
      }
      return Optional.of(names);
    } catch (SyscallException e) {
      if (isGone(e)) return Optional.empty();
      throw e;
    }
  }

  /**
   * How many names in a folder are numbers below a bound, which is also how many are looked at; 0
   * where its process is gone. Makes no text of them: they may be a million.
   */
  public int numbersBelow(String path, int bound) throws SyscallException {
    try (var folder = Descriptor.open(linux, path, LinuxC.O_RDONLY);
        var arena = Arena.ofConfined()) {
      var buffer = arena.allocate(32 * 1024, 8);
      int count = 0;
      while (count < bound) {
        int length = linux.getdents64(folder.fd(), buffer);
        if (length == 0) break;
        count += numbersBelow(buffer.asSlice(0, length), bound);
      }
      return count;
    } catch (SyscallException e) {
      if (isGone(e)) return 0;
      throw e;
    }
  }

  /** The names in a folder that are numbers, in its order; empty where its process is gone. */
  public Optional<int[]> numbers(String path) throws SyscallException {
    try (var folder = Descriptor.open(linux, path, LinuxC.O_RDONLY);
        var arena = Arena.ofConfined()) {
      var buffer = arena.allocate(32 * 1024, 8);
      var numbers = new int[1024];
      int count = 0;
      while (true) {
        int length = linux.getdents64(folder.fd(), buffer);
        if (length == 0) return Optional.of(Arrays.copyOf(numbers, count));
        int most = count + length / (int) DIRENT64.byteSize();
        if (most > numbers.length) numbers = Arrays.copyOf(numbers, Math.max(most, 2 * count));
        count = addNumbers(buffer.asSlice(0, length), numbers, count);
      }
    } catch (SyscallException e) {
      if (isGone(e)) return Optional.empty();
      throw e;
    }
  }

  private static int addNumbers(MemorySegment entries, int[] numbers, int from) {
    int count = from;
    long at = 0;
    while (at + DIRENT64.byteSize() < entries.byteSize()) {
      int length = Short.toUnsignedInt(entries.get(JAVA_SHORT_UNALIGNED, at + RECLEN));
      if (length <= DIRENT64.byteSize() || at + length > entries.byteSize()) break;
      long number = number(entries, at + DIRENT64.byteSize(), at + length);
      if (number >= 0 && number <= Integer.MAX_VALUE) numbers[count++] = (int) number;
      at += length;
    }
    return count;
  }

  private static int numbersBelow(MemorySegment entries, int bound) {
    int count = 0;
    long at = 0;
    while (at + DIRENT64.byteSize() < entries.byteSize()) {
      int length = Short.toUnsignedInt(entries.get(JAVA_SHORT_UNALIGNED, at + RECLEN));
      if (length <= DIRENT64.byteSize() || at + length > entries.byteSize()) break;
      long number = number(entries, at + DIRENT64.byteSize(), at + length);
      if (number >= 0 && number < bound) count++;
      at += length;
    }
    return count;
  }

  /** -1: it is none. */
  private static long number(MemorySegment text, long from, long end) {
    long number = 0;
    long at = from;
    for (; at < end && text.get(JAVA_BYTE, at) != 0; at++) {
      int digit = text.get(JAVA_BYTE, at) - '0';
      if (digit < 0 || digit > 9 || number > Integer.MAX_VALUE) return -1;
      number = number * 10 + digit;
    }
    return at == from ? -1 : number;
  }

  private static void addNames(MemorySegment entries, List<String> names, int limit) {
    long at = 0;
    while (at + DIRENT64.byteSize() < entries.byteSize() && names.size() < limit) {
      int length = Short.toUnsignedInt(entries.get(JAVA_SHORT_UNALIGNED, at + RECLEN));
      if (length <= DIRENT64.byteSize() || at + length > entries.byteSize()) return;
      var name = entries.asSlice(at + DIRENT64.byteSize(), length - DIRENT64.byteSize());
      var text = text(name);
      if (!text.equals(".") && !text.equals("..")) names.add(text);
      at += length;
    }
  }

  private static String text(MemorySegment padded) {
    int end = 0;
    while (end < padded.byteSize() && padded.get(JAVA_BYTE, end) != 0) end++;
    return new String(padded.asSlice(0, end).toArray(JAVA_BYTE), UTF_8);
  }

  /** ESRCH: the process ended between open and read. ENOENT: before. */
  private static boolean isGone(SyscallException e) {
    return e.is(Errno.ENOENT) || e.is(Errno.ESRCH);
  }
}
