package io.listenbacklog.policy.published;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the sums of an SBOM cannot be missing or false unnoticed. */
class PublishedSbomTest {
  /** Of the bytes "one" and of the bytes "two": as sha256sum says. */
  private static final String ONE =
      "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";

  private static final String TWO =
      "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3";

  @TempDir private Path root;

  @BeforeEach
  void publish() throws IOException {
    Files.writeString(root.resolve("one.jar"), "one");
    Files.writeString(root.resolve("two.jar"), "two");
    Files.writeString(root.resolve("release"), "MODULES=\"java.base ours.all\"\n");
    Files.createDirectory(root.resolve("java"));
    Files.writeString(root.resolve("java/release"), "MODULES=\"java.base ours.all\"\n");
    Files.writeString(root.resolve("java/jrt-fs.jar"), "the JDK's");
  }

  private PublishedSbom sbom(String own, String... components) throws IOException {
    return new PublishedSbom(
        root,
        new JsonMapper()
            .readTree(
                """
                {"metadata": {"component": {%s}}, "components": [%s]}
                """
                    .formatted(own, String.join(", ", components))));
  }

  private static String files(String... files) {
    var locations = new StringBuilder();
    for (String each : files) {
      locations
          .append(locations.isEmpty() ? "" : ", ")
          .append("{\"location\": \"%s\"}".formatted(each));
    }
    return "\"evidence\": {\"occurrences\": [%s]}".formatted(locations);
  }

  private static String library(String name, String sum, String... files) {
    return "{\"bom-ref\": \"pkg:maven/x/%s@1\", \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"%s\"}], %s}"
        .formatted(name, sum, files(files));
  }

  private static String runtime(String... modules) {
    var parts = new StringBuilder();
    for (String each : modules) {
      parts
          .append(parts.isEmpty() ? "" : ", ")
          .append("{\"bom-ref\": \"openjdk/%1$s\", \"name\": \"%1$s\"}".formatted(each));
    }
    return "{\"bom-ref\": \"pkg:generic/openjdk@25\", \"name\": \"openjdk\", %s, \"components\": [%s]}"
        .formatted(files("java/release", "java/jrt-fs.jar"), parts);
  }

  @Test
  void trueSumsAreTakenOfJarsAndOfWhatWasLinkedTogether() throws IOException {
    var jars = sbom("", library("one", ONE, "one.jar"), library("two", TWO, "two.jar"));
    var linked = sbom("", library("one", ONE), library("two", TWO), runtime("java.base"));

    assertThatCode(jars::tellsTheSumsOfJars).doesNotThrowAnyException();
    assertThatCode(linked::tellsTheSumsOfJars).doesNotThrowAnyException();
  }

  @Test
  void aFalseSumIsFound() throws IOException {
    isFound(sbom("", library("one", ONE, "one.jar"), library("two", ONE, "two.jar")));
    isFound(sbom("", library("one", "", "one.jar")));
  }

  @Test
  void aLibraryOfSeveralFilesOrOfNoneBesideOthersIsFound() throws IOException {
    isFound(sbom("", library("one", ONE, "one.jar", "two.jar")));
    isFound(sbom("", library("one", ONE, "one.jar"), library("two", TWO)));
  }

  @Test
  void whatIsSaidToBeLinkedAndIsNotIsFound() throws IOException {
    isFound(sbom("", library("one", ONE)));
    isFound(sbom("", library("one", ONE), runtime("java.base", "ours.all")));
  }

  @Test
  void aJarThatIsNoLibrarysIsFound() throws IOException {
    isFound(sbom(files("two.jar"), library("one", ONE, "one.jar")));
    isFound(
        sbom("", library("one", ONE, "one.jar"), "{%s}".formatted(files("release", "two.jar"))));
  }

  @Test
  void nothingIsNoProof() throws IOException {
    isFound(sbom(""));
  }

  private static void isFound(PublishedSbom sbom) {
    assertThatThrownBy(sbom::tellsTheSumsOfJars).isInstanceOf(AssertionError.class);
  }
}
