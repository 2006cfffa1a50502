package io.listenbacklog.kernel.events;

import static io.listenbacklog.kernel.testing.Need.INITIAL_PID_NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.kernel.linux.AlteredC;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.process.LinuxProcesses;
import io.listenbacklog.kernel.testing.Needs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracefsTest {
  @TempDir private Path folder;

  @Test
  @Needs(INITIAL_PID_NAMESPACE)
  void withoutAFolderToMountItInItIsSaid() {
    assertThatThrownBy(() -> tracefs(new LibC(), null).open())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "no tracefs that can be written at %s, and no folder to mount one",
            folder.resolve("none"));
  }

  @Test
  @Needs(INITIAL_PID_NAMESPACE)
  void thatItMayNotBeMountedIsSaid() {
    var linux = AlteredC.refusing("mount", Errno.EPERM);

    assertThatThrownBy(() -> tracefs(linux, folder).open()).hasMessageContaining("EPERM");
  }

  @Test
  @Needs(INITIAL_PID_NAMESPACE)
  void aKernelWithoutTracefsIsSaid() {
    var linux = AlteredC.refusing("mount", Errno.ENODEV);

    assertThatThrownBy(() -> tracefs(linux, folder).open())
        .isInstanceOf(IOException.class)
        .hasMessage("this kernel has no tracefs");
  }

  @Test
  @Needs(INITIAL_PID_NAMESPACE)
  void thatTracingIsLockedDownIsSaidAndTheEmptyMountTakenBack() throws IOException {
    var proc = Files.createDirectories(folder.resolve("proc"));
    Files.createDirectories(proc.resolve("self/ns"));
    Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[4026531836]"));
    var security = Files.createDirectories(proc.resolve("1/root/sys/kernel/security"));
    Files.writeString(security.resolve("lockdown"), "none integrity [confidentiality]\n");
    var mounts = new ArrayList<String>();
    var mounting = AlteredC.with("mount", arguments -> mounts.add("mount " + arguments[1]));
    var linux =
        AlteredC.with(mounting, "umount2", arguments -> mounts.add("umount " + arguments[0]));
    var own = folder.resolve("own");
    var tracefs =
        new Tracefs(
            linux,
            new LinuxProcesses(linux, proc.toString()),
            proc.toString(),
            folder.resolve("none"),
            own);

    for (int tries = 1; tries <= 2; tries++) {
      assertThatThrownBy(tracefs::open)
          .hasMessageStartingWith("tracing is off on this node (kernel lockdown: ")
          .hasMessageEndingWith("): tracefs is empty");
    }
    assertThat(mounts)
        .containsExactly("mount " + own, "umount " + own, "mount " + own, "umount " + own);
  }

  @Test
  @Needs(INITIAL_PID_NAMESPACE)
  void anEmptyOneThatIsMountedAlreadyIsNoNewReason() throws IOException {
    var busy = AlteredC.refusing("mount", Errno.EBUSY);
    var unmounted = new ArrayList<String>();
    var linux = AlteredC.with(busy, "umount2", arguments -> unmounted.add((String) arguments[0]));

    assertThatThrownBy(() -> tracefs(linux, folder).open())
        .hasMessageStartingWith("tracing is off on this node");
    assertThat(unmounted).containsExactly(folder.toString());
  }

  @Test
  void aPidNamespaceOfItsOwnIsSaid() {
    var real = new LibC();
    var linux =
        AlteredC.with(
            real,
            "readlink",
            arguments -> {
              var buffer = (MemorySegment) arguments[1];
              if (!arguments[0].equals("/proc/self/ns/pid")) {
                return real.readlink((String) arguments[0], buffer);
              }
              buffer.setString(0, "pid:[4026532123]");
              return "pid:[4026532123]".length();
            });

    assertThatThrownBy(() -> tracefs(linux, folder).open())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("pid:[4026532123], not to the initial PID namespace");
  }

  private Tracefs tracefs(LinuxC linux, @Nullable Path mountPoint) {
    return new Tracefs(
        linux, new LinuxProcesses(linux, "/proc"), "/proc", folder.resolve("none"), mountPoint);
  }
}
