package io.listenbacklog.kernel.linux;

import static io.listenbacklog.kernel.testing.Need.GCC;
import static io.listenbacklog.kernel.testing.Need.GCC_ARM64;

import io.listenbacklog.kernel.testing.CHeaders;
import io.listenbacklog.kernel.testing.HeadersContract;
import io.listenbacklog.kernel.testing.Needs;
import org.junit.jupiter.api.Test;

class LayoutsTest implements HeadersContract {

  @Test
  @Needs(GCC)
  void theCallsWithANumberOfTheirOwnOnX86HaveIt() {
    callsOf("amd64").agree();
  }

  @Test
  @Needs(GCC_ARM64)
  void theCallsWithANumberOfTheirOwnOnArm64HaveIt() {
    callsOf("aarch64").agreeOnArm64();
  }

  private static CHeaders callsOf(String architecture) {
    var numbers = LibC.Numbers.of(architecture);
    return new CHeaders()
        .value("SYS_setresuid", numbers.setresuid())
        .value("SYS_setresgid", numbers.setresgid());
  }

  @Override
  public CHeaders said() {
    return new CHeaders()
        .struct("statx", LibC.STATX)
        .value("AT_EMPTY_PATH", 0x1000)
        .value("STATX_INO", 0x100)
        .fields("dirent64", KernelFiles.DIRENT64)
        .value("offsetof(struct dirent64, d_name)", KernelFiles.DIRENT64.byteSize())
        .value("SYS_pidfd_open", 434)
        .value("SYS_pidfd_getfd", 438)
        .value("O_EXCL", LinuxC.PIDFD_THREAD)
        .value("O_RDONLY", LinuxC.O_RDONLY)
        .value("O_WRONLY", LinuxC.O_WRONLY)
        .value("O_NONBLOCK", LinuxC.O_NONBLOCK)
        .value("O_CLOEXEC", LinuxC.O_CLOEXEC)
        .value("AF_UNIX", LinuxC.AF_UNIX)
        .value("AF_INET", LinuxC.AF_INET)
        .value("AF_INET6", LinuxC.AF_INET6)
        .value("AF_NETLINK", LinuxC.AF_NETLINK)
        .value("MSG_TRUNC", LinuxC.MSG_TRUNC)
        .value("MSG_DONTWAIT", LinuxC.MSG_DONTWAIT)
        .value("MSG_NOSIGNAL", LinuxC.MSG_NOSIGNAL)
        .struct("sockaddr_un", UnixDatagram.SOCKADDR_UN)
        .value("SOCK_DGRAM", LinuxC.SOCK_DGRAM)
        .value("SOCK_RAW", LinuxC.SOCK_RAW)
        .value("SOCK_CLOEXEC", LinuxC.SOCK_CLOEXEC)
        .value("CLONE_NEWNET", LinuxC.CLONE_NEWNET)
        .value("POLLIN", LinuxC.POLLIN)
        .value("EFD_CLOEXEC", LinuxC.EFD_CLOEXEC);
  }
}
