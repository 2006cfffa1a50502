package io.listenbacklog.probe.loop;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.core.Appender;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.fake.FakeKernel;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.probe.ImageFlags;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whatever the pods of a node do, together, the budgets of a probe fit into its heap. */
class FullBudgetsTest {
  private static final int HEAP_MIB = 26;

  private record Told(int exit, List<String> lines) {}

  @Test
  void aProbeLivesThoughAllOfThemAreFullAtOnce() throws Exception {
    var world = run("-Xmx256m", "world");
    assertThat(world.exit()).isZero();
    // The kernel that is emulated has room of its own, as the real one has.
    long kernelMiB = (Long.parseLong(world.lines().getLast()) >> 20) + 1;

    var probe = run("-Xmx%dm".formatted(HEAP_MIB + kernelMiB), "probe");

    assertThat(probe.exit()).isZero();
    var raised = probe.lines().stream().filter(each -> each.endsWith(" raised")).toList();
    assertThat(raised).hasSize(3);
    assertThat(number(raised.get(0))).isGreaterThanOrEqualTo(12_000);
    assertThat(number(raised.get(1))).isGreaterThanOrEqualTo(12_000);
    assertThat(number(raised.get(2))).isZero();
    assertThat(probe.lines()).anySatisfy(each -> assertThat(each).isEqualTo("1200 told"));
  }

  private static int number(String line) {
    return Integer.parseInt(line.substring(0, line.indexOf(' ')));
  }

  /** In a JVM with the flags of the image, but for the size of its heap. */
  private static Told run(String heap, String what) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    var flags = ImageFlags.ofProbe();
    assertThat(flags).contains("-Xmx%dm".formatted(HEAP_MIB), "-XX:+ExitOnOutOfMemoryError");
    command.addAll(flags);
    command.add(heap); // the last one holds
    command.addAll(List.of("-cp", classPath(), FullBudgets.class.getName(), what));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Told(
        process.waitFor(), told.lines().filter(line -> line.matches("\\d+( \\w+)?")).toList());
  }

  /** Where the classes are, whoever runs this. */
  private static String classPath() {
    var classes =
        Stream.of(
                FullBudgets.class,
                Engine.class,
                FakeKernel.class,
                NodeKernel.class,
                NodeBacklogStatus.class,
                EventPlanner.class,
                Catalogue.class,
                ObjectMapper.class,
                JsonFactory.class,
                JsonProperty.class,
                JavaTimeModule.class,
                LoggerFactory.class,
                ch.qos.logback.classic.Logger.class,
                Appender.class)
            .map(FullBudgetsTest::place);
    return Stream.concat(classes, resources())
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Those of the catalogue lie beside its classes, or in a folder of their own. */
  private static Stream<String> resources() {
    String name = Catalogue.class.getPackageName().replace('.', '/') + "/applications.tsv";
    var found = Objects.requireNonNull(Catalogue.class.getClassLoader().getResource(name));
    if (!found.getProtocol().equals("file")) return Stream.empty();
    String path = found.getPath();
    return Stream.of(path.substring(0, path.length() - name.length()));
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
