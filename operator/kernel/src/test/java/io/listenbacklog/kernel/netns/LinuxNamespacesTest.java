package io.listenbacklog.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LinuxNamespacesTest {
  private int setns;

  /** A Linux whose setns moves nobody, and fails from the second call on: on the way back. */
  private LinuxC withoutWayBack() {
    var real = new LibC();
    return (LinuxC)
        Proxy.newProxyInstance(
            LinuxC.class.getClassLoader(),
            new Class<?>[] {LinuxC.class},
            (_, method, arguments) -> {
              if (method.getName().equals("setns")) {
                if (++setns > 1) throw new SyscallException("setns", Errno.EPERM);
                return null;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void aThreadThatCannotComeBackMustEnd() throws IOException {
    int self = Math.toIntExact(ProcessHandle.current().pid());
    String link = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    long inode = Long.parseLong(link, "net:[".length(), link.length() - 1, 10);
    try (var namespaces = new LinuxNamespaces(withoutWayBack(), "/proc")) {

      assertThatThrownBy(() -> namespaces.visit(self, inode, _ -> "an answer"))
          .isInstanceOf(StrayThreadError.class)
          .hasMessageContaining(Thread.currentThread().getName())
          .hasRootCauseInstanceOf(SyscallException.class);

      assertThat(setns).isEqualTo(2);
    }
  }
}
