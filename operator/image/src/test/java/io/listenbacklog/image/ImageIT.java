package io.listenbacklog.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image as the build made it, unpacked; nothing of the machine's is in it. */
class ImageIT {
  private static final Path IMAGE = Path.of("target/listen-backlog-operator.tar");
  private static final JsonMapper JSON = new JsonMapper();
  private static final long LIMIT_BYTES = 100_000_000;
  private static final List<String> ENTRY =
      List.of("/opt/java/bin/java", "-cp", "@jib-classpath-file");

  private static final Path UNPACKED = Path.of("target/image-unpacked").toAbsolutePath();

  private static Path root = Path.of("");
  private static JsonNode config = JSON.nullNode();

  @BeforeAll
  static void unpack() throws Exception {
    require(Files.exists(IMAGE), "no image: it was not built, see the build's output");
    remove();
    Files.createDirectory(UNPACKED);
    run(List.of("tar", "-xf", IMAGE.toAbsolutePath().toString(), "-C", UNPACKED.toString()));
    JsonNode manifest = json(UNPACKED.resolve("manifest.json")).get(0);
    config = json(UNPACKED.resolve(manifest.path("Config").asText()));
    root = Files.createDirectory(UNPACKED.resolve("root"));
    for (JsonNode layer : manifest.path("Layers")) {
      String file = UNPACKED.resolve(layer.asText()).toString();
      run(List.of("tar", "--warning=no-unknown-keyword", "-xzf", file, "-C", root.toString()));
    }
  }

  /** Not by JUnit's TempDir, to which the image's absolute links look like the machine's files. */
  @AfterAll
  static void remove() throws Exception {
    run(List.of("rm", "-rf", UNPACKED.toString()));
  }

  @Test
  void itIsWithinItsSizeEvenUnpacked() throws IOException {
    long bytes = 0;
    for (Path file : files()) bytes += Files.size(file);
    System.out.printf("image: %,d bytes packed, %,d unpacked%n", Files.size(IMAGE), bytes);
    assertThat(bytes).isLessThanOrEqualTo(LIMIT_BYTES);
  }

  @Test
  void itsUserIsNotRootAndItStartsJava() {
    JsonNode settings = config.path("config");
    assertThat(settings.path("User").asText()).isEqualTo("65532:65532");
    assertThat(settings.path("WorkingDir").asText()).isEqualTo("/opt/listen-backlog-operator");
    assertThat(settings.path("Entrypoint").valueStream().map(JsonNode::asText))
        .containsExactlyElementsOf(ENTRY);
  }

  @Test
  void javaIsTheOnlyProgramInIt() throws IOException {
    var programs = new ArrayList<String>();
    for (Path file : files()) {
      if (Files.isExecutable(file) && !file.getFileName().toString().contains(".so")) {
        programs.add(root.relativize(file).toString());
      }
    }
    assertThat(programs)
        .containsExactlyInAnyOrder("opt/java/bin/java", "opt/java/lib/jspawnhelper");
  }

  @Test
  void noFileIsWritableByOthersOrRunsAsItsOwner() throws IOException {
    for (Path file : files()) {
      int mode = (int) Files.getAttribute(file, "unix:mode");
      assertThat(mode & 06002).as("mode of %s", file).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"controller", "probe", "uninstall", "check"})
  void anEntryPointFindsItsFlagsItsClassesAndItsMain(String entryPoint) throws Exception {
    require(System.getProperty("user.name").equals("root"), "unshare and chroot need root");
    Path proc = Files.createDirectories(root.resolve("proc"));
    String directory = config.at("/config/WorkingDir").asText();
    var command =
        new ArrayList<>(
            List.of(
                "unshare", "--pid", "--fork", "--mount-proc=" + proc, "chroot", root.toString()));
    command.add(ENTRY.getFirst());
    command.addAll(List.of("--dry-run", "-cp", "@" + directory + "/jib-classpath-file"));
    command.add("@" + directory + "/" + entryPoint);
    assertThat(run(command)).isEmpty();
  }

  @Test
  void theProbeFindsItsJarsAndHasNoKubernetesClient() throws IOException {
    Path libs = root.resolve("opt/listen-backlog-operator/libs");
    try (var files = Files.newDirectoryStream(libs, "listen-backlog-probe-*.jar");
        var jar = new JarFile(files.iterator().next().toFile())) {
      var named = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      assertThat(named.split(" "))
          .isNotEmpty()
          .allSatisfy(name -> assertThat(libs.resolve(name)).isRegularFile())
          .noneMatch(name -> name.startsWith("kubernetes-"));
    }
  }

  private static List<Path> files() throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> Files.isRegularFile(file) && !Files.isSymbolicLink(file))
          .toList();
    }
  }

  private static void require(boolean condition, String reason) {
    if (Boolean.getBoolean("require.everything")) assertThat(condition).as(reason).isTrue();
    else assumeTrue(condition, reason);
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  /** All that it printed. */
  private static String run(List<String> command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().retainAll(Set.of("PATH")); // no JAVA_TOOL_OPTIONS of ours
    var process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    return output;
  }
}
