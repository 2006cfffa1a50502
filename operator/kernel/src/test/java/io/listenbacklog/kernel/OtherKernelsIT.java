package io.listenbacklog.kernel;

import static io.listenbacklog.kernel.testing.Need.EMULATOR;
import static io.listenbacklog.kernel.testing.Need.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same on other kernels than the one of this machine, booted in an emulator: {@code
 * operator/kernel/kernels/run}. One kernel and everything once where nothing is asked for; all
 * kernels and all contract tests with {@code -Dkernels}.
 */
@Needs({ROOT, EMULATOR})
class OtherKernelsIT {
  /** The kernels of Debian's releases: the oldest that is to be had, and each since. */
  enum Kernel {
    V5_10("5.10", "bullseye-security", "5.10"),
    V6_1("6.1", "bookworm", "6.1"),
    V6_12("6.12", "trixie", "6.12"),
    NEWEST("sid", "sid", "-");

    private final String name;
    private final String suite;
    private final String version;

    Kernel(String name, String suite, String version) {
      this.name = name;
      this.suite = suite;
      this.version = version;
    }
  }

  @Test
  void everythingOnceOnAKernelOfAnOrdinaryNode() throws Exception {
    // A mirror may announce a package that it has not got yet.
    var first = run(Kernel.V6_1, "self-check");
    var result = first.exit == 0 ? first : run(Kernel.V6_12, "self-check");

    assertThat(result.exit).as(first.output + result.output).isZero();
    assertThat(result.output).contains("all is as it should be");
  }

  @ParameterizedTest
  @EnumSource
  @Tag("kernels")
  void theContractHoldsOn(Kernel kernel) throws Exception {
    var result =
        run(
            kernel,
            LinuxKernelContractIT.class.getName(),
            LinuxKernelIT.class.getName(),
            UnixListenersIT.class.getName(),
            RefusalsIT.class.getName(),
            "io.listenbacklog.kernel.events.KernelEventsIT",
            "io.listenbacklog.kernel.threads.LinuxThreadsIT");

    assertThat(result.exit).as(result.output).isZero();
    assertThat(result.output).containsPattern("\\d+ tests passed, 0 failed");
  }

  private record Result(int exit, String output) {}

  private static Result run(Kernel kernel, String... checks) throws Exception {
    var command = new ArrayList<String>();
    command.add(sources().resolve("operator/kernel/kernels/run").toString());
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(kernel.name, kernel.suite, kernel.version));
    command.addAll(List.of(checks));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("TIMEOUT", "1800");
    var output = Files.createTempFile("kernel", ".log");
    try {
      var process = builder.redirectOutput(output.toFile()).start();
      if (!process.waitFor(45, TimeUnit.MINUTES)) {
        process.destroy();
        throw new AssertionError("it does not end: " + Files.readString(output));
      }
      return new Result(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  private static Path sources() throws IOException {
    for (var dir = Path.of("").toRealPath(); dir != null; dir = dir.getParent()) {
      if (Files.isExecutable(dir.resolve("operator/kernel/kernels/run"))) return dir;
    }
    throw new AssertionError("not in the source tree: " + Path.of("").toRealPath());
  }
}
