package io.listenbacklog.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the build says to a library that nobody has looked at. */
class SbomTest {
  private static final Path SOURCE = Path.of("src/build").toAbsolutePath();
  private static final String LIBRARY = "pkg:maven/org.strange/strange@1.0";

  @TempDir Path folder;

  private record Ended(int status, String said) {}

  @BeforeEach
  void copyTheProgramWhichReadsItsTablesBesideIt() throws Exception {
    try (var files = Files.walk(SOURCE)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = folder.resolve("build").resolve(SOURCE.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    Files.writeString(
        folder.resolve("dependencies.json"),
        """
        {"groupId":"org.strange","artifactId":"whole","version":"1.0","children":[
          {"groupId":"org.strange","artifactId":"strange","version":"1.0"}]}
        """);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          ,                      has no line in licences.tsv
          AGPL-3.0-only,         'is under AGPL-3.0-only, which permitted-licences.txt has not'
          MIT AND AGPL-3.0-only, 'is under AGPL-3.0-only, which permitted-licences.txt has not'
          MIT,                   has no text of MIT
          """)
  void aLibraryIsRefusedThat(@Nullable String licence, String why) throws Exception {
    if (licence != null) allow(licence);
    jar("META-INF/NOTICE");

    var ended = run();

    assertThat(ended.said()).contains("strange").contains(why);
    assertThat(ended.status()).isEqualTo(1);
  }

  @Test
  void oneThatIsPermittedAndBringsItsTextIsListedWithIt() throws Exception {
    allow("MIT");
    jar("META-INF/LICENSE.txt");

    var ended = run();

    assertThat(ended).isEqualTo(new Ended(0, ""));
    assertThat(folder.resolve("out/licenses/strange/LICENSE.txt")).hasContent("a text");
    var sbom = new JsonMapper().readTree(folder.resolve("out/sbom.json").toFile());
    assertThat(sbom.at("/components/0/purl").asText()).isEqualTo(LIBRARY);
    assertThat(sbom.at("/components/0/externalReferences/0/url").asText())
        .isEqualTo("licenses/strange/LICENSE.txt");
    assertThat(sbom.at("/components/0/evidence/occurrences/0/location").asText())
        .isEqualTo("libs/strange-1.0.jar");
  }

  private void allow(String licence) throws IOException {
    Path table = folder.resolve("build/licences.tsv");
    Files.writeString(table, Files.readString(table) + LIBRARY + "\t" + licence + "\n");
  }

  private void jar(String entry) throws IOException {
    Path jar = folder.resolve("strange-1.0.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(entry));
      out.write("a text".getBytes(UTF_8));
    }
  }

  private Ended run() throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", jackson()));
    command.add(folder.resolve("build/Sbom.java").toString());
    command.addAll(List.of("name=whole", "version=1.0", "type=application"));
    command.addAll(List.of("time=2026-01-01T00:00:00Z"));
    command.add("dependencies=" + folder.resolve("dependencies.json"));
    command.add("jars=" + folder.resolve("strange-1.0.jar") + ":libs");
    command.add("licences=" + folder.resolve("out/licenses") + ":licenses");
    command.add("sbom=" + folder.resolve("out/sbom.json") + ":sbom.json");
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), said);
  }

  private static String jackson() {
    return Stream.of(JsonMapper.class, JsonParser.class, JsonProperty.class)
        .map(SbomTest::jarOf)
        .collect(Collectors.joining(":"));
  }

  private static String jarOf(Class<?> type) {
    // Not its getPath(), in which a space is %20.
    var location = type.getProtectionDomain().getCodeSource().getLocation();
    return Path.of(URI.create(location.toString())).toString();
  }
}
