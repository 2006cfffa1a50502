package io.listenbacklog.kernel.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Something that not every machine has. */
public enum Need {
  ROOT("user root with CAP_SYS_ADMIN, CAP_SYS_PTRACE and CAP_SYSLOG"),
  GCC("gcc and the kernel's headers (Debian: gcc, libc6-dev)"),
  GCC_ARM64("gcc for arm64 and its headers (Debian: gcc-aarch64-linux-gnu, libc6-dev-arm64-cross)"),
  PYTHON("python3"),
  UNSHARE("unshare (Debian: util-linux)"),
  DPKG("dpkg-deb (Debian: dpkg)"),
  NFT("nft and ip (Debian: nftables, iproute2)"),
  INITIAL_PID_NAMESPACE("the initial PID namespace (tracefs)"),
  TRACEFS("a kernel with tracefs, and the right to mount it"),
  MPTCP("a kernel with MPTCP"),
  EMULATOR(
      "x86_64, and QEMU with what boots a kernel in it (Debian: qemu-system-x86, busybox-static, cpio)");

  private final String what;

  Need(String what) {
    this.what = what;
  }

  String what() {
    return what;
  }

  boolean isThere() {
    return switch (this) {
      case ROOT -> isRoot();
      case GCC -> isOnPath("gcc");
      case GCC_ARM64 -> isOnPath("aarch64-linux-gnu-gcc");
      case PYTHON -> isOnPath("python3");
      case UNSHARE -> isOnPath("unshare");
      case DPKG -> isOnPath("dpkg-deb");
      case NFT -> isOnPath("nft") && isOnPath("ip");
      case INITIAL_PID_NAMESPACE -> leadsTo("/proc/self/ns/pid", "pid:[4026531836]");
      case MPTCP -> Files.isDirectory(Path.of("/proc/sys/net/mptcp"));
      case EMULATOR ->
          System.getProperty("os.arch").equals("amd64")
              && isOnPath("qemu-system-x86_64")
              && isOnPath("busybox")
              && isOnPath("cpio");
      case TRACEFS -> isRoot() && read("/proc/filesystems").contains("\ttracefs\n");
    };
  }

  private static boolean isRoot() {
    // CAP_SYS_PTRACE is 19, CAP_SYS_ADMIN 21, CAP_SYSLOG 34 (include/uapi/linux/capability.h).
    long wanted = (1L << 19) | (1L << 21) | (1L << 34);
    return read("/proc/self/status")
        .lines()
        .filter(line -> line.startsWith("CapEff:"))
        .map(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
        .anyMatch(capabilities -> (capabilities & wanted) == wanted);
  }

  private static String read(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean leadsTo(String link, String target) {
    try {
      return Files.readSymbolicLink(Path.of(link)).toString().equals(target);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isOnPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
