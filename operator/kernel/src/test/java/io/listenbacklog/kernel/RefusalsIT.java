package io.listenbacklog.kernel;

import static io.listenbacklog.kernel.testing.Need.PYTHON;
import static io.listenbacklog.kernel.testing.Need.ROOT;
import static io.listenbacklog.kernel.testing.Need.UNSHARE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.kernel.linux.AlteredC;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.netns.StrayThreadError;
import io.listenbacklog.kernel.relisten.RelistenResult;
import io.listenbacklog.kernel.relisten.RelistenResult.Changed;
import io.listenbacklog.kernel.relisten.RelistenResult.Refused;
import io.listenbacklog.kernel.testing.Inhabitant;
import io.listenbacklog.kernel.testing.Needs;
import io.listenbacklog.kernel.testing.Seccomp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real kernel, but for one call that is refused, as by seccomp, an LSM or an old kernel. */
@Needs({ROOT, UNSHARE, PYTHON})
class RefusalsIT {
  private static final int PORT = 9876;

  @TempDir private Path folder;
  private Inhabitant inhabitant;
  private Inhabitant.Socket socket;

  @BeforeEach
  void settle() {
    inhabitant = Inhabitant.settle();
    socket = inhabitant.listen("0.0.0.0", PORT, 5);
  }

  @AfterEach
  void leave() {
    inhabitant.close();
  }

  @ParameterizedTest
  @CsvSource({
    "pidfd_open, 38, ENOSYS",
    "pidfd_getfd, 1, EPERM",
    "pidfd_getfd, 38, ENOSYS",
  })
  void aRefusedCallMakesRelistenUnavailableAndChangesNothing(String call, int errno, String name)
      throws IOException {
    try (var kernel = kernel(AlteredC.refusing(call, errno))) {
      assertThat(kernel.relisten().unavailable().orElseThrow())
          .hasMessageContaining(call)
          .hasMessageContaining(name);
      assertThat(raise(kernel))
          .isInstanceOfSatisfying(
              Refused.class,
              refused ->
                  assertThat(refused.cause())
                      .isInstanceOf(SyscallException.class)
                      .hasMessageContaining(call)
                      .hasMessageContaining("process " + inhabitant.pid())
                      .hasMessageContaining(name));
      assertThat(backlog(kernel)).isEqualTo(5);
    }
  }

  /** Not our own exception in its place, but the kernel's answer under a filter of seccomp(2). */
  @ParameterizedTest
  @CsvSource({"1, EPERM", "38, ENOSYS"})
  void aRealSeccompFilterIsToldByCallAndErrnoAndBreaksNothingElse(int errno, String name)
      throws Exception {
    new Seccomp(Seccomp.PIDFD_GETFD, errno)
        .under(
            () -> {
              // A filter is of the threads that are started under it.
              try (var kernel = kernel(new LibC())) {
                assertThat(kernel.relisten().unavailable().orElseThrow())
                    .hasMessageContaining("pidfd_getfd")
                    .hasMessageContaining("%s (%d)".formatted(name, errno));
                assertThat(raise(kernel))
                    .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                            assertThat(refused.cause())
                                .isInstanceOfSatisfying(
                                    SyscallException.class, e -> assertThat(e.is(errno)).isTrue())
                                .hasMessageContaining("pidfd_getfd")
                                .hasMessageContaining("process " + inhabitant.pid()));
                assertThat(backlog(kernel)).isEqualTo(5);
                return true;
              }
            });

    try (var kernel = kernel(new LibC())) {
      assertThat(kernel.relisten().unavailable()).isEmpty();
      assertThat(raise(kernel)).isEqualTo(new Changed(5, 64));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"getsockopt", "listen"})
  void whatIsRefusedOfTheCopyChangesNothingAndLeavesNoFd(String call) throws IOException {
    try (var kernel = kernel(AlteredC.refusing(call, Errno.EACCES))) {
      raise(kernel); // loads what it needs
      int before = openDescriptors();

      assertThat(raise(kernel)).isInstanceOf(Refused.class);

      assertThat(openDescriptors()).isEqualTo(before);
      assertThat(backlog(kernel)).isEqualTo(5);
    }
  }

  @Test
  void yamasScopeThreeIsNamed() throws IOException {
    var scope = Files.writeString(folder.resolve("ptrace_scope"), "3\n").toString();
    var real = new LibC();
    var ofOthersOnly =
        AlteredC.with(
            "pidfd_getfd",
            new AlteredC.Answer() {
              private int calls;

              @Override
              public Object to(Object[] arguments) throws SyscallException {
                int errno = ++calls == 1 ? Errno.EBADF : Errno.EPERM; // a process may trace itself
                throw new SyscallException("pidfd_getfd", errno);
              }
            });
    var restricted =
        AlteredC.with(
            ofOthersOnly,
            "open",
            call -> {
              boolean yama = call[0].equals("/proc/sys/kernel/yama/ptrace_scope");
              return real.open(yama ? scope : (String) call[0], (int) call[1]);
            });
    try (var kernel = kernel(restricted)) {
      assertThat(kernel.relisten().unavailable().orElseThrow())
          .hasMessageContaining("pidfd_getfd")
          .hasMessageEndingWith(" with kernel.yama.ptrace_scope = 3: EPERM (1)");
    }
  }

  @Test
  void aNamespaceWithoutSomaxconnOfItsOwnIsKnownAndSaid() throws IOException {
    var real = new LibC();
    var old =
        AlteredC.with(
            real,
            "open",
            call -> {
              var path = (String) call[0];
              if (path.endsWith("/somaxconn")) {
                throw new SyscallException("open(%s)".formatted(path), Errno.ENOENT);
              }
              return real.open(path, (int) call[1]);
            });
    try (var kernel = kernel(old)) {
      int pid = inhabitant.pid();
      long there = inhabitant.namespace();
      int somaxconn = kernel.namespaces().visit(pid, there, NamespaceView::somaxconn);
      assertThat(somaxconn).isEqualTo(4096);
      assertThatThrownBy(() -> kernel.namespaces().visit(pid, there, it -> it.writeSomaxconn(8192)))
          .hasMessage(
              "open(/proc/sys/net/core/somaxconn), which a network namespace of a user namespace"
                  + " lacks before Linux 6.5: ENOENT (2)");
      assertThat(raise(kernel)).isEqualTo(new Changed(5, 64));
    }
  }

  @Test
  void aNamespaceThatCannotBeEnteredIsAnErrorThatNamesIt() throws IOException {
    try (var kernel = kernel(AlteredC.refusing("setns", Errno.EPERM))) {
      assertThatThrownBy(() -> backlog(kernel))
          .isInstanceOf(SyscallException.class)
          .hasMessage(
              "setns(network namespace %d of pid %d): EPERM (1)"
                  .formatted(inhabitant.namespace(), inhabitant.pid()));
    }
  }

  @Test
  void aThreadThatCannotComeHomeIsTold() throws IOException {
    var linux =
        AlteredC.with(
            "setns",
            new AlteredC.Answer() {
              private int calls;

              @Override
              public @Nullable Object to(Object[] arguments) throws SyscallException {
                if (++calls == 2) throw new SyscallException("setns", Errno.ENOMEM);
                return null; // nobody moves: this thread is needed again
              }
            });
    try (var kernel = kernel(linux)) {
      assertThatThrownBy(() -> backlog(kernel))
          .isInstanceOf(StrayThreadError.class)
          .hasMessageContaining("cannot leave a network namespace");
    }
  }

  private LinuxKernel kernel(LinuxC linux) throws IOException {
    return new LinuxKernel(linux, new LinuxKernel.Paths(Path.of("/proc"), folder));
  }

  private RelistenResult raise(LinuxKernel kernel) throws IOException {
    int pid = inhabitant.pid();
    return kernel
        .namespaces()
        .visit(
            pid,
            inhabitant.namespace(),
            there ->
                kernel.relisten().raise(there, pid, socket.fd(), socket.inode(), socket.id(), 64));
  }

  private int backlog(LinuxKernel kernel) throws IOException {
    return kernel
        .namespaces()
        .visit(
            inhabitant.pid(),
            inhabitant.namespace(),
            there -> there.listeners().known(List.of(socket.id())))
        .getFirst()
        .backlog();
  }

  private static int openDescriptors() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return (int) descriptors.count();
    }
  }
}
