package io.listenbacklog.kernel.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaughtSignalsTest {

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "fffffffd7fc1fefd, Go 1.19 that ignores SIGINT",
    "fffffffd7fc1feff, Go 1.26",
    "fffffffd7ffbfefd, Go 1.26 with signal.Notify",
  })
  void aGoProgramIsKnownByThem(String mask, String program) {
    assertThat(CaughtSignals.inFile(status(mask)).orElseThrow().areThoseOfGo()).isTrue();
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "0000000000000000, one that catches none",
    "2000000101005ccf, Java",
    "0000000000004002, Python",
    "000000008a2f4eff, a shell with traps for all that it knows",
    "fffffffc00000000, one with handlers for all real-time signals and no others",
  })
  void othersAreNot(String mask, String program) {
    assertThat(CaughtSignals.inFile(status(mask)).orElseThrow().areThoseOfGo()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Name:\tx", "SigCgt:", "SigCgt:\tgo", "SigCgt:\t10000000000000000"})
  void whatIsNotInTheFileIsNotGuessed(String status) {
    assertThat(CaughtSignals.inFile(status)).isEmpty();
  }

  @Test
  void theyAreReadOfThisProcess() throws IOException {
    var own = CaughtSignals.inFile(Files.readString(Path.of("/proc/self/status")));

    // HotSpot handles SIGSEGV, for its null checks.
    long sigsegv = 1L << (11 - 1);
    assertThat(own).get().matches(each -> (each.mask() & sigsegv) != 0);
  }

  private static String status(String mask) {
    return "Name:\tserver\nSigIgn:\tffffffffffffffff\nSigCgt:\t" + mask + "\nCapInh:\t0\n";
  }
}
