package io.listenbacklog.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
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

  // include/uapi/linux/elf.h, elf-em.h
  private static final int ELF_MAGIC = 0x464c457f;
  private static final int E_MACHINE = 0x12;
  private static final int EM_X86_64 = 62;
  private static final int EM_AARCH64 = 183;

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
    String directory = config.at("/config/WorkingDir").asText();
    assertThat(
            UnpackedImage.get()
                .runInside(
                    ENTRY.getFirst(),
                    "--dry-run",
                    "-cp",
                    "@" + directory + "/jib-classpath-file",
                    "@" + directory + "/" + entryPoint))
        .isEmpty();
  }

  /** Java ends where it has been told to use prepared classes and cannot. */
  @Test
  void itsClassesArePreparedForTheFlagsOfTheEntryPoints() throws Exception {
    UnpackedImage.get()
        .runInside(
            ENTRY.getFirst(),
            "-Xshare:on",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-version");
  }

  @Test
  void eachProgramAndLibraryIsForItsArchitecture() throws Exception {
    int machine =
        switch (config.path("architecture").asText()) {
          case "amd64" -> EM_X86_64;
          case "arm64" -> EM_AARCH64;
          default -> throw new AssertionError(config);
        };
    var found = new TreeSet<String>();
    for (Path file : UnpackedImage.get().files()) {
      byte[] head = new byte[20];
      try (var in = Files.newInputStream(file)) {
        if (in.readNBytes(head, 0, head.length) < head.length) continue;
      }
      var header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      if (header.getInt(0) != ELF_MAGIC) continue;
      assertThat(header.getShort(E_MACHINE)).as("e_machine of %s", file).isEqualTo((short) machine);
      found.add(file.getFileName().toString());
    }
    assertThat(found).contains("java", "libjvm.so", "libc.so.6");
  }

  /** It would be for one architecture, and the others would miss it when they run. */
  @Test
  void noJarHoldsALibraryForAnArchitecture() throws Exception {
    try (var jars =
        Files.newDirectoryStream(root.resolve("opt/listen-backlog-operator/libs"), "*.jar")) {
      for (Path each : jars) {
        try (var jar = new JarFile(each.toFile())) {
          assertThat(jar.stream().map(JarEntry::getName))
              .as("%s", each)
              .noneMatch(name -> name.matches(".*[.](so|dll|dylib|jnilib)"));
        }
      }
    }
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
