package io.listenbacklog.kernel.threads;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.listenbacklog.kernel.linux.MemoryFiles;
import io.listenbacklog.kernel.threads.ThreadFacts.Condition;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class ThreadFilesFuzzTest {
  private static final String TASK = "/proc/8/task/9/";
  private static final String CALL =
      "45 0x3 0x7f00 0x2000 0x0 0x0 0x0 0x7ffd00000000 0x7f0000000000\n";

  static Stream<byte[]> seeds() {
    return Stream.of(
            CALL,
            "running\n",
            "-1 0x7ffd00000000 0x7f0000000000\n",
            "a) R (",
            "9 (python3) S 1 2 3\n",
            "do_freezer_trap",
            "[<0>] __refrigerator+0x50/0x90\n",
            "socket:[4711]",
            "anon_inode:[eventpoll]",
            "\0".repeat(16) + " \0\u0004" + "99999999999\0\0")
        .map(seed -> seed.getBytes(ISO_8859_1));
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatAThreadWritesOfItselfNeitherLiesNorBreaksAnything(byte[] bytes) throws IOException {
    aNameIsNoState(bytes);
    anyContentIsReadOrRefused(bytes);
  }

  private static void aNameIsNoState(byte[] bytes) throws IOException {
    var name = new String(bytes, ISO_8859_1).replaceAll("(?s)\0.*", "");
    name = name.substring(0, Math.min(15, name.length()));
    var files = new HashMap<String, byte[]>();
    files.put(TASK + "stat", "9 (%s) S 1 71 71 0\n".formatted(name).getBytes(ISO_8859_1));
    files.put(TASK + "wchan", "sk_wait_data".getBytes(ISO_8859_1));
    files.put(TASK + "syscall", CALL.getBytes(ISO_8859_1));
    files.put(TASK + "fd/3", bytes);

    var facts = threads(files).facts(8, 9).orElseThrow();

    assertThat(facts.condition()).isEqualTo(Condition.SLEEPING);
    assertIsShown(facts.name(), 15);
    var call = facts.call();
    assertThat(call).isNotNull();
    if (call == null) return;
    assertThat(call.name()).isEqualTo("recvfrom");
    assertThat(call.fd()).isEqualTo(3);
    if (call.target() != null) assertIsATarget(call.target());
  }

  private static void anyContentIsReadOrRefused(byte[] bytes) throws IOException {
    var files = new HashMap<String, byte[]>();
    for (var file : new String[] {"stat", "wchan", "stack", "syscall"})
      files.put(TASK + file, bytes);
    files.put("/proc/8/task", bytes);
    files.put("/proc/8/fd/3", bytes);
    var threads = threads(files);

    assertThat(Arrays.stream(threads.of(8, 10))).isSorted().allMatch(thread -> thread >= 0);
    threads.descriptor(8, 3).ifPresent(ThreadFilesFuzzTest::assertIsATarget);
    try {
      threads.facts(8, 9).ifPresent(facts -> assertIsShown(facts.name(), 15));
    } catch (IOException e) {
      assertThat(e).hasMessageStartingWith(TASK + "stat: ");
    }
    files.put(TASK + "stat", "9 (a) D 1\n".getBytes(ISO_8859_1));
    assertThat(threads(files).facts(8, 9)).isPresent();
  }

  private static void assertIsATarget(FdTarget target) {
    assertIsShown(target.kind(), 255);
    assertThat(target.socket()).isNotNegative();
  }

  private static void assertIsShown(String text, int most) {
    assertThat(text.codePointCount(0, text.length())).isLessThanOrEqualTo(most);
    assertThat(text.codePoints()).noneMatch(Character::isISOControl);
  }

  private static LinuxThreads threads(Map<String, byte[]> files) {
    return new LinuxThreads(MemoryFiles.with(files), "/proc", "amd64");
  }
}
