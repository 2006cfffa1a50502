package io.listenbacklog.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image as the build made it, unpacked; nothing of the machine's is in it. */
class ImageIT {
  private static final long LIMIT_BYTES = 80_000_000;
  private static final List<String> ENTRY =
      List.of("/opt/java/bin/java", "-cp", "@jib-classpath-file");

  private static Path root = Path.of("");
  private static JsonNode config = MissingNode.getInstance();

  @BeforeAll
  static void unpack() throws Exception {
    var image = UnpackedImage.get();
    root = image.root();
    config = image.config();
  }

  @Test
  void itIsWithinItsSizeEvenUnpacked() throws Exception {
    long bytes = 0;
    for (Path file : UnpackedImage.get().files()) bytes += Files.size(file);
    System.out.printf(
        "image: %,d bytes packed, %,d unpacked%n", Files.size(UnpackedImage.IMAGE), bytes);
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
  void javaIsTheOnlyProgramInIt() throws Exception {
    var programs = new ArrayList<String>();
    for (Path file : UnpackedImage.get().files()) {
      if (Files.isExecutable(file) && !file.getFileName().toString().contains(".so")) {
        programs.add(root.relativize(file).toString());
      }
    }
    assertThat(programs)
        .containsExactlyInAnyOrder("opt/java/bin/java", "opt/java/lib/jspawnhelper");
  }

  @Test
  void noFileIsWritableByOthersOrRunsAsItsOwner() throws Exception {
    for (Path file : UnpackedImage.get().files()) {
      int mode = (int) Files.getAttribute(file, "unix:mode");
      assertThat(mode & 06002).as("mode of %s", file).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"controller", "probe", "uninstall", "check"})
  void anEntryPointFindsItsFlagsItsClassesAndItsMain(String entryPoint) throws Exception {
    UnpackedImage.require(
        System.getProperty("user.name").equals("root"), "unshare and chroot need root");
    Path proc = Files.createDirectories(root.resolve("proc"));
    String directory = config.at("/config/WorkingDir").asText();
    var command =
        new ArrayList<>(
            List.of(
                "unshare", "--pid", "--fork", "--mount-proc=" + proc, "chroot", root.toString()));
    command.add(ENTRY.getFirst());
    command.addAll(List.of("--dry-run", "-cp", "@" + directory + "/jib-classpath-file"));
    command.add("@" + directory + "/" + entryPoint);
    assertThat(UnpackedImage.run(command)).isEmpty();
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
}
