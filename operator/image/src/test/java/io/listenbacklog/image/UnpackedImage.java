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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the image holds, once for all tests.
 *
 * @param root its file system; links in it that are absolute look like the machine's files
 * @param config what it says of itself
 * @param layers what the file system was unpacked from
 */
record UnpackedImage(Path root, JsonNode config, List<Path> layers) {
  static final Path IMAGE = Path.of("target/listen-backlog-operator.tar");
  static final JsonMapper JSON = new JsonMapper();

  private static final String QEMU_AMD64 = "qemu-x86_64-static";
  private static final String QEMU_ARM64 = "qemu-aarch64-static";

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
    var layers =
        manifest
            .path("Layers")
            .valueStream()
            .map(layer -> UNPACKED.resolve(layer.asText()))
            .toList();
    for (Path layer : layers) {
      String file = layer.toString();
      run(List.of("tar", "--warning=no-unknown-keyword", "-xzf", file, "-C", root.toString()));
    }
    return new UnpackedImage(root, config, layers);
  }

  private static void remove() {
    try {
      run(List.of("rm", "-rf", UNPACKED.toString()));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("rm " + UNPACKED, e);
    }
  }

  /** Of an image for another kind of machine than this one: what runs its programs here. */
  Optional<Path> emulator() {
    String own = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    String architecture = config.path("architecture").asText();
    if (architecture.equals(own)) return Optional.empty();
    var emulator = Path.of("/usr/bin", architecture.equals("arm64") ? QEMU_ARM64 : QEMU_AMD64);
    require(Files.exists(emulator), emulator + " (Debian: qemu-user-static) is needed to run it");
    return Optional.of(emulator);
  }

  /** All that a program of the image prints, in the image's own root. */
  String runInside(String... command) throws IOException, InterruptedException {
    require(System.getProperty("user.name").equals("root"), "unshare and chroot need root");
    Path proc = Files.createDirectories(root.resolve("proc"));
    var all = new ArrayList<String>();
    var emulator = emulator();
    // The emulator is not in the image: it comes in as an open file.
    if (emulator.isPresent()) {
      all.addAll(List.of("sh", "-c", "exec \"$@\" 9<" + emulator.get(), "sh"));
    }
    all.addAll(List.of("unshare", "--pid", "--fork", "--mount-proc=" + proc));
    all.addAll(List.of("chroot", root.toString()));
    if (emulator.isPresent()) all.add("/proc/self/fd/9");
    all.addAll(List.of(command));
    return run(all);
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
