package io.listenbacklog.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.linux.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the parts belong together, with a folder for procfs. */
@Timeout(60)
class LinuxKernelTest {
  private static final String POD = "6f1c2b1e-9a3d-4c5e-8f70-0123456789ab";
  private static final String OTHER = "7a2d3c2f-0b4e-4d6f-9a81-123456789abc";

  @TempDir private Path proc;

  @BeforeEach
  void procfs() throws IOException {
    Files.createSymbolicLink(
        proc.resolve("self"), Path.of(Long.toString(ProcessHandle.current().pid())));
    write("thread-self/ns/net", "");
  }

  private void write(String path, String content) throws IOException {
    Files.createDirectories(proc.resolve(path).getParent());
    Files.writeString(proc.resolve(path), content);
  }

  private void process(int pid, String podUid) throws IOException {
    write(pid + "/comm", "server\n");
    write(pid + "/cgroup", "0::/kubepods/burstable/pod%s/%s\n".formatted(podUid, "c".repeat(64)));
    Files.createSymbolicLink(proc.resolve(pid + "/exe"), Path.of("/usr/sbin/server"));
  }

  /** A FIFO that nobody writes to stands for a process that keeps its memory locked. */
  private void hangs(int pid, String podUid) throws IOException, InterruptedException {
    process(pid, podUid);
    var made = new ProcessBuilder("mkfifo", proc.resolve(pid + "/cmdline").toString()).start();
    assertThat(made.waitFor()).isZero();
  }

  private void runs(int pid, String podUid) throws IOException {
    process(pid, podUid);
    write(pid + "/cmdline", "server\0");
  }

  @Test
  void processesThatDoNotAnswerTakeTheShareOfThePodThatTheirCgroupsName() throws Exception {
    hangs(71, POD);
    hangs(72, POD);
    runs(73, POD);
    runs(74, OTHER);
    try (var kernel = new LinuxKernel(new LibC(), new LinuxKernel.Paths(proc, null))) {
      for (int pid = 71; pid <= 73; pid++) assertThat(arguments(kernel, pid)).isEmpty();
      assertThat(arguments(kernel, 74)).containsExactly("server");
      // So that what reads them ends.
      for (int pid = 71; pid <= 72; pid++) write(pid + "/cmdline", "late");
    }
  }

  private static List<String> arguments(LinuxKernel kernel, int pid) throws IOException {
    return kernel.processes().facts(pid).orElseThrow().arguments();
  }
}
