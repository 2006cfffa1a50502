package io.listenbacklog.kernel.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibCTest {
  private final LibC linux = new LibC();
  private final KernelFiles files = new KernelFiles(linux);

  @TempDir private Path folder;

  @Test
  void aFailureNamesTheCallItsArgumentAndTheErrno() {
    String none = folder.resolve("none").toString();
    assertThatThrownBy(() -> linux.open(none, LinuxC.O_RDONLY))
        .isInstanceOf(SyscallException.class)
        .hasMessage("open(" + none + "): ENOENT (2)");
    assertThatThrownBy(() -> linux.listen(-1, 5)).hasMessage("listen(fd -1, 5): EBADF (9)");
    assertThatThrownBy(() -> linux.pidfd_getfd(-1, 3, 0))
        .hasMessage("pidfd_getfd(pidfd -1, fd 3): EBADF (9)");
  }

  @Test
  void theInodeIsTheOneThatOthersSee() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "x");
    try (var descriptor = Descriptor.open(linux, file.toString(), LinuxC.O_RDONLY)) {
      assertThat(descriptor.inode()).isEqualTo(Files.getAttribute(file, "unix:ino"));
    }
  }

  @Test
  void aFileIsReadUpToTheLimit() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "0123456789".repeat(5000)).toString();

    assertThat(files.read(file, 1_000_000)).hasSize(50_000);
    assertThat(new String(files.read(file, 13), UTF_8)).isEqualTo("0123456789012");
    assertThat(files.readIfThere(file + "x", 10)).isEmpty();
  }

  @Test
  void aFolderTellsAllItsNamesUpToTheLimit() throws IOException {
    for (int file = 0; file < 3000; file++) {
      Files.createFile(folder.resolve("a-name-that-is-rather-long-" + file));
    }

    var names = files.names(folder.toString(), 10_000).orElseThrow();
    assertThat(names).hasSize(3000).contains("a-name-that-is-rather-long-2999");
    assertThat(files.names(folder.toString(), 10).orElseThrow()).hasSize(10);
    assertThat(files.names(folder.resolve("none").toString(), 10)).isEmpty();
  }

  @Test
  void aValueIsWrittenToAFileThatIsThere() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "");

    files.write(file.toString(), "4096");

    assertThat(file).hasContent("4096");
    assertThatThrownBy(() -> files.write(folder.resolve("none").toString(), "1"))
        .isInstanceOfSatisfying(
            SyscallException.class, e -> assertThat(e.is(Errno.ENOENT)).isTrue());
  }

  @Test
  void aLinkIsRead() throws IOException {
    var link = Files.createSymbolicLink(folder.resolve("link"), Path.of("somewhere"));

    assertThat(files.link(link.toString())).contains("somewhere");
    assertThat(files.link(folder.resolve("none").toString())).isEmpty();
    try (var arena = Arena.ofConfined()) {
      assertThat(files.link(link.toString(), arena.allocate(1))).contains("s");
    }
  }

  @Test
  void anFdThatIsClosedTwiceIsABug() throws IOException {
    var descriptor = Descriptor.open(linux, "/dev/null", LinuxC.O_RDONLY);
    // Not closed twice for real: between the two, the number may become another thread's file.
    descriptor.close();
    assertThatThrownBy(() -> new Descriptor(linux, -1).close())
        .hasMessageContaining("close(fd -1): EBADF");
  }
}
