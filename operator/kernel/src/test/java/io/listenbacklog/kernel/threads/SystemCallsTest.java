package io.listenbacklog.kernel.threads;

import static io.listenbacklog.kernel.testing.Need.GCC;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.testing.Needs;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SystemCallsTest {

  @Test
  void theCallsThatServersWaitInAreKnown() {
    var x86 = SystemCalls.of("amd64");
    var arm = SystemCalls.of("aarch64");

    assertThat(x86.numbered(45)).contains(new SystemCall("recvfrom", 0));
    assertThat(arm.numbered(207)).contains(new SystemCall("recvfrom", 0));
    assertThat(x86.numbered(202)).contains(new SystemCall("futex", -1));
    assertThat(arm.numbered(98)).contains(new SystemCall("futex", -1));
    assertThat(x86.numbered(7)).contains(new SystemCall("poll", -1));
    assertThat(arm.numbered(7)).contains(new SystemCall("fsetxattr", 0));
    assertThat(arm.numbered(22)).contains(new SystemCall("epoll_pwait", 0));
  }

  @Test
  void ofAnotherArchitectureNothingIsKnown() {
    assertThat(SystemCalls.of("riscv64").numbered(45)).isEmpty();
    assertThat(SystemCalls.of("amd64").numbered(0x40000000L | 45)).isEmpty(); // x32
  }

  @Test
  @Needs(GCC)
  void theHeaderOfX86Agrees() throws IOException, InterruptedException {
    agree(SystemCalls.of("amd64"), defined("#include <asm/unistd_64.h>\n"));
  }

  @Test
  @Needs(GCC)
  void theHeaderOfArmAgrees() throws IOException, InterruptedException {
    // arch/arm64/include/uapi/asm/unistd.h
    var header =
        """
        #define __BITS_PER_LONG 64
        #define __ARCH_WANT_RENAMEAT
        #define __ARCH_WANT_NEW_STAT
        #define __ARCH_WANT_SET_GET_RLIMIT
        #define __ARCH_WANT_TIME32_SYSCALLS
        #define __ARCH_WANT_SYS_CLONE3
        #define __ARCH_WANT_MEMFD_SECRET
        #include <asm-generic/unistd.h>
        """;
    var calls = defined(header);
    calls.remove("syscalls");
    calls.remove("arch_specific_syscall");
    agree(SystemCalls.of("aarch64"), calls);
  }

  /** Both ways; newer ones than the header has are beyond its last. */
  private static void agree(SystemCalls ours, Map<String, Long> theirs) {
    long last = theirs.values().stream().mapToLong(it -> it).max().orElseThrow();
    assertThat(theirs).hasSizeGreaterThan(300);
    theirs.forEach(
        (name, number) -> {
          // Newer headers than ours may have calls that no table here has.
          if (number <= 462 && !ours.numbered(number).isEmpty()) {
            assertThat(ours.numbered(number).orElseThrow().name()).isEqualTo(name);
          } else {
            assertThat(number).as(name).isGreaterThan(450);
          }
        });
    ours.all()
        .forEach(
            (number, call) -> {
              if (number <= last && number <= 450) {
                assertThat(theirs).containsEntry(call.name(), number);
              }
            });
  }

  private static Map<String, Long> defined(String source) throws IOException, InterruptedException {
    var gcc =
        new ProcessBuilder("gcc", "-E", "-dM", "-x", "c", "-").redirectErrorStream(true).start();
    try (var input = gcc.outputWriter(UTF_8)) {
      input.write(source);
    }
    var text = new HashMap<String, String>();
    for (var line : gcc.inputReader(UTF_8).readAllLines()) {
      if (!line.startsWith("#define __NR")) continue;
      var fields = line.split(" ", 3);
      text.put(fields[1], fields[2]);
    }
    assertThat(gcc.waitFor()).isZero();
    var numbers = new HashMap<String, Long>();
    for (var each : text.entrySet()) {
      if (!each.getKey().startsWith("__NR_")) continue;
      var value = each.getValue();
      while (text.containsKey(value)) value = text.get(value); // __NR_lseek is __NR3264_lseek
      if (value.chars().allMatch(Character::isDigit)) {
        numbers.put(each.getKey().substring("__NR_".length()), Long.valueOf(value));
      }
    }
    return numbers;
  }
}
