package io.listenbacklog.kernel.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.threads.SyscallLine.InCall;
import io.listenbacklog.kernel.threads.SyscallLine.InNone;
import io.listenbacklog.kernel.threads.SyscallLine.Running;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyscallLineTest {

  @Test
  void aCallIsReadWithItsArguments() {
    var line =
        "45 0x4 0x7f741e611d00 0x64 0x0 0x0 0xffffffffffffffff 0x7ffe8a193c08 0x7f741e928929\n";

    assertThat(SyscallLine.parse(line))
        .contains(
            new InCall(45, List.of(4L, 0x7f741e611d00L, 0x64L, 0L, 0L, -1L), 0x7ffe8a193c08L));
  }

  @Test
  void whoRunsOrWaitsOutsideOfAnyCallIsInNone() {
    assertThat(SyscallLine.parse("running\n")).contains(new Running());
    assertThat(SyscallLine.parse("-1 0x7ffe8a193c08 0x7f741e928929\n")).contains(new InNone());
  }

  @Test
  void a32BitProgramIsKnownByItsStack() {
    var line = "3 0x0 0xff8a5000 0x400 0x0 0x0 0x0 0xff8a4c20 0xf7f2a579";

    assertThat(SyscallLine.parse(line))
        .hasValueSatisfying(it -> assertThat(((InCall) it).is32Bit()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "run",
        "45 0x4",
        "x 0x0 0x0 0x0 0x0 0x0 0x0 0x0 0x0",
        "1 0 0 0 0 0 0 0 0",
        "1 0x0 0x0 0x0 0x0 0x0 0x0 0x0 0x0 0x0",
        "1 0x0 0x0 0x0 0x0 0x0 0x0 0x11112222333344445 0x0",
        "99999999999999999999 0x0 0x0 0x0 0x0 0x0 0x0 0x0 0x0"
      })
  void whatIsNoSuchLineIsNothing(String line) {
    assertThat(SyscallLine.parse(line)).isEmpty();
  }

  @Test
  void noTextMakesItFail() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var letters = "0123456789abcdefx- \n";
    for (int round = 0; round < 20_000; round++) {
      var line = new StringBuilder();
      for (int at = random.nextInt(60); at > 0; at--) {
        line.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertThat(SyscallLine.parse(line.toString())).as("seed %d", seed).isNotNull();
    }
  }
}
