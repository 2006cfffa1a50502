package io.listenbacklog.kernel.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** Sends datagrams to a UNIX socket, unix(7), of which the JDK knows streams alone. */
public final class UnixDatagram {
  /** include/uapi/linux/un.h. */
  static final StructLayout SOCKADDR_UN =
      MemoryLayout.structLayout(
          JAVA_SHORT.withName("sun_family"),
          MemoryLayout.sequenceLayout(108, JAVA_BYTE).withName("sun_path"));

  private static final long SUN_PATH = SOCKADDR_UN.byteOffset(PathElement.groupElement("sun_path"));

  private final LinuxC linux;
  private final String address;
  private final byte[] name;

  private UnixDatagram(LinuxC linux, String address, byte[] name) {
    this.linux = linux;
    this.address = address;
    this.name = name;
  }

  /**
   * One that sends to a socket; nothing is sent yet.
   *
   * @param address its path, from the root, or {@code @} and an abstract name
   * @throws SyscallException ENAMETOOLONG where no socket can be called so
   * @throws IOException where it is of another form, such as {@code vsock:2:1234}
   */
  public static UnixDatagram to(LinuxC linux, String address) throws IOException {
    boolean isAbstract = address.startsWith("@");
    if (!isAbstract && !address.startsWith("/")) {
      throw new IOException(
          "%s is no path of a UNIX socket, and no abstract name".formatted(address));
    }
    byte[] name = address.getBytes(UTF_8);
    if (isAbstract) name[0] = 0;
    // Of a path the last byte is 0, of an abstract name none has a meaning.
    long room = SOCKADDR_UN.byteSize() - SUN_PATH - (isAbstract ? 0 : 1);
    if (name.length > room) {
      throw new SyscallException("sendto(%s)".formatted(address), Errno.ENAMETOOLONG);
    }
    return new UnixDatagram(linux, address, name);
  }

  /**
   * Sends one; waits where the receiver's queue is full.
   *
   * @throws SyscallException named with the address: ENOENT or ECONNREFUSED where nobody receives
   */
  public void send(byte[] message) throws SyscallException {
    int type = LinuxC.SOCK_DGRAM | LinuxC.SOCK_CLOEXEC;
    try (var arena = Arena.ofConfined();
        var socket = new Descriptor(linux, linux.socket(LinuxC.AF_UNIX, type, 0))) {
      var buffer = arena.allocate(message.length);
      MemorySegment.copy(message, 0, buffer, JAVA_BYTE, 0, message.length);
      linux.sendto(socket.fd(), buffer, LinuxC.MSG_NOSIGNAL, sockaddr(arena));
    } catch (SyscallException e) {
      throw e.withCall("sendto(%s)".formatted(address));
    }
  }

  /** As long as the name: of an abstract one each byte counts. */
  private MemorySegment sockaddr(Arena arena) {
    var sockaddr = arena.allocate(SOCKADDR_UN);
    sockaddr.set(JAVA_SHORT, 0, (short) LinuxC.AF_UNIX);
    MemorySegment.copy(name, 0, sockaddr, JAVA_BYTE, SUN_PATH, name.length);
    return sockaddr.asSlice(0, SUN_PATH + name.length + (name[0] == 0 ? 0 : 1));
  }
}
