package io.listenbacklog.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the image holds, once for all tests.
 *
 * @param root its file system; links in it that are absolute look like the machine's files
 * @param config what it says of itself
 */
record UnpackedImage(Path root, JsonNode config) {
  static final Path IMAGE = Path.of("target/listen-backlog-operator.tar");
  static final JsonMapper JSON = new JsonMapper();

  /** Not a TempDir of JUnit's, which would follow the image's absolute links. */
  private static final Path UNPACKED = Path.of("target/image-unpacked").toAbsolutePath();

  private static @Nullable UnpackedImage unpacked;

  static synchronized UnpackedImage get() throws IOException, InterruptedException {
    if (unpacked == null) {
      require(Files.exists(IMAGE), "no image: it was not built, see the build's output");
      unpacked = unpack();
      Runtime.getRuntime().addShutdownHook(new Thread(UnpackedImage::remove));
    }
    return unpacked;
  }

  private static UnpackedImage unpack() throws IOException, InterruptedException {
    remove();
    Files.createDirectory(UNPACKED);
    run(List.of("tar", "-xf", IMAGE.toAbsolutePath().toString(), "-C", UNPACKED.toString()));
    JsonNode manifest = JSON.readTree(UNPACKED.resolve("manifest.json").toFile()).get(0);
    JsonNode config = JSON.readTree(UNPACKED.resolve(manifest.path("Config").asText()).toFile());
    Path root = Files.createDirectory(UNPACKED.resolve("root"));
    for (JsonNode layer : manifest.path("Layers")) {
      String file = UNPACKED.resolve(layer.asText()).toString();
      run(List.of("tar", "--warning=no-unknown-keyword", "-xzf", file, "-C", root.toString()));
    }
    return new UnpackedImage(root, config);
  }

  private static void remove() {
    try {
      run(List.of("rm", "-rf", UNPACKED.toString()));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("rm " + UNPACKED, e);
    }
  }

  /** All that are no links, nor of the test that started something there. */
  List<Path> files() throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> Files.isRegularFile(file) && !Files.isSymbolicLink(file))
          .toList();
    }
  }

  /** Skips the test, or fails it where nothing may be skipped. */
  static void require(boolean condition, String reason) {
    if (Boolean.getBoolean("require.everything")) assertThat(condition).as(reason).isTrue();
    else assumeTrue(condition, reason);
  }

  /** All that it printed. */
  static String run(List<String> command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().retainAll(Set.of("PATH")); // no JAVA_TOOL_OPTIONS of ours
    var process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    return output;
  }
}
