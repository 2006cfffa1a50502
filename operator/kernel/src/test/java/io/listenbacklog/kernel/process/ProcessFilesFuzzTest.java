package io.listenbacklog.kernel.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.listenbacklog.kernel.linux.MemoryFiles;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class ProcessFilesFuzzTest {
  private static final Container OURS =
      new Container("6f1c2b1e-9a3d-4c5e-8f70-0123456789ab", "0123456789abcdef".repeat(4));
  private static final String CGROUP =
      "0::/kubepods/pod%s/%s\n".formatted(OURS.podUid(), OURS.containerId());
  private static final String MOUNT =
      "3 1 8:1 /v/pods/%s/containers/api/7f0c /dev/termination-log rw - e e rw\n"
          .formatted(OURS.podUid());

  private static final List<String> WRITTEN_BY_ITSELF =
      List.of("comm", "cmdline", "exe", "stat", "status", "maps", "environ", "ns/net", "mountinfo");

  static Stream<byte[]> seeds() {
    return Stream.of(
            "\rTgid:\t1",
            "Name:\tpython3\nTgid:\t71\nNgid:\t0\n",
            "71 (a) b) S 1 71 71 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 9 8 7\n",
            "71 (a) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 x 20\n",
            "python3\0-m\0\0http.server\0",
            "PATH=/bin\0LISTEN_FDS=2\0SERVER_STARTER_PORT=8080=5;[::]:81=6\0EINHORN_FD_0=7\0",
            "7f2c44000000-7f2c44021000 r-xp 00000000 08:01 2971     /usr/lib/libcoreclr.so\n",
            "socket:[4711]",
            "net:[4026531840]",
            "net:[-1]",
            // Two entries of a folder, the second one where the kernel never puts one.
            "\0".repeat(16)
                + "\u0015\0\u0004"
                + "8\0"
                + "\0".repeat(16)
                + "\u0018\0\u0004"
                + "71\0\0\0",
            MOUNT)
        .map(seed -> seed.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatAProcessWritesOfItselfNeitherLiesNorBreaksAnything(byte[] bytes) throws IOException {
    aNameIsNoOtherField(bytes);
    anyContentIsReadOrRefused(bytes);
  }

  /** A process may call itself what it likes (prctl(2), PR_SET_NAME): 15 bytes. */
  private static void aNameIsNoOtherField(byte[] bytes) throws IOException {
    var name = new String(bytes, ISO_8859_1).replaceAll("(?s)\0.*", "");
    name = name.substring(0, Math.min(15, name.length()));
    // As proc_task_name() of fs/proc/array.c writes it.
    var escaped = name.replace("\\", "\\\\").replace("\n", "\\n");
    var files = new TreeMap<String, byte[]>();
    files.put(
        "/proc/8/status",
        "Name:\t%s\nUmask:\t0022\nTgid:\t71\nPid:\t8\n".formatted(escaped).getBytes(ISO_8859_1));
    files.put(
        "/proc/8/stat",
        "8 (%s) S 1 71 71 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 9 8\n"
            .formatted(name)
            .getBytes(ISO_8859_1));
    var processes = processes(files);

    assertThat(processes.threadGroup(8)).hasValue(71);
    assertThat(processes.startTicks(8)).hasValue(123456);
  }

  private static void anyContentIsReadOrRefused(byte[] bytes) throws IOException {
    var files = new TreeMap<String, byte[]>();
    for (var file : WRITTEN_BY_ITSELF) files.put("/proc/8/" + file, bytes);
    files.put("/proc/8/cgroup", CGROUP.getBytes(UTF_8));
    files.put("/proc/8/fd", new byte[0]);
    files.put("/proc", bytes);
    var processes = processes(files);

    processes.threadGroup(8);
    processes.networkNamespace(8).ifPresent(inode -> assertThat(inode).isNotNegative());
    assertThat(Arrays.stream(processes.pids())).isSorted().allMatch(pid -> pid >= 0);
    try {
      processes.startTicks(8);
      processes.parent(8);
    } catch (IOException e) {
      assertThat(e).hasMessageStartingWith("/proc/8/stat: ");
    }
    try {
      processes.programImage(8);
    } catch (IOException e) {
      assertThat(e).hasMessageStartingWith("/proc/8/stat: ");
    }
    assertThat(processes.mappedFiles(8))
        .hasSizeLessThanOrEqualTo(4096)
        .allMatch(name -> name.length() <= 255);
    assertThat(processes.handedOver(8))
        .hasSizeLessThanOrEqualTo(1024)
        .allMatch(descriptor -> descriptor >= 0);
    var facts = processes.facts(8).orElseThrow();
    assertIsShown(facts.command(), 15);
    assertIsShown(facts.executable(), 4096);
    assertIsShown(facts.containerName(), 63);
    assertThat(facts.arguments()).hasSizeLessThanOrEqualTo(64);
    assertIsShown(String.join("", facts.arguments()), 4096);
  }

  private static void assertIsShown(String text, int most) {
    assertThat(text.codePointCount(0, text.length())).isLessThanOrEqualTo(most);
    assertThat(text.codePoints()).noneMatch(Character::isISOControl);
    assertThat(new String(text.getBytes(UTF_8), UTF_8)).isEqualTo(text);
  }

  private static LinuxProcesses processes(Map<String, byte[]> files) {
    return new LinuxProcesses(MemoryFiles.with(files), "/proc");
  }
}
