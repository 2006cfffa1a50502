package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive as a user gets it, who has no Java. Run by "mvn verify -Darchive" alone, which makes
 * it.
 */
class ArchiveCheck {
  private static final Path TARGET = Path.of("target");

  @TempDir private static Path folder;
  private static Path archive;
  private static Path unpacked;

  @BeforeAll
  static void unpack() throws Exception {
    try (var files = Files.list(TARGET)) {
      archive =
          files
              .filter(
                  each ->
                      each.getFileName()
                          .toString()
                          .matches("kubectl-backlog-linux-\\w+\\.tar\\.gz"))
              .findFirst()
              .orElseThrow();
    }
    new ProcessBuilder("tar", "-xzf", archive.toAbsolutePath().toString(), "-C", folder.toString())
        .inheritIO()
        .start()
        .waitFor();
    unpacked = folder.resolve(archive.getFileName().toString().replace(".tar.gz", ""));
  }

  private record Ran(int status, String said, double seconds) {}

  /** As on a machine that has nothing but a shell. */
  private static Ran run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(unpacked.resolve("kubectl-backlog").toString()));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().clear();
    process.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", folder.toString()));
    long begun = System.nanoTime();
    var running = process.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(running.waitFor(), said, (System.nanoTime() - begun) / 1e9);
  }

  @Test
  void itRunsWithoutAJavaAndStartsFasterTheSecondTime() throws Exception {
    assertThat(run("version", "--client").said()).isEqualTo("client:   " + Version.own() + "\n");
    var noCluster =
        run("doctor", "--kubeconfig", FakeApi.kubeconfig("https://127.0.0.1:1").toString());
    assertThat(noCluster.status()).isEqualTo(1);
    assertThat(noCluster.said()).contains("the API server cannot be reached").hasLineCount(1);
    assertThat(folder.resolve(".cache/kubectl-backlog").toFile().list()).hasSize(1);

    // The best of some that take turns: whatever else the machine does hits both.
    double cold = Double.MAX_VALUE;
    double warm = Double.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      cold = Math.min(cold, startWithoutSharedClasses());
      warm = Math.min(warm, run("version", "--client").seconds());
    }
    System.out.printf("start: %.2f s, %.2f of that without shared classes%n", warm, warm / cold);
  }

  /** Without what jlink and the first run have prepared. */
  private static double startWithoutSharedClasses() throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
            unpacked.resolve("java/bin/java").toString(),
            "-Xshare:off",
            "-XX:+UseSerialGC",
            "-jar",
            unpacked.resolve("lib/kubectl-backlog.jar").toString(),
            "version",
            "--client");
    long begun = System.nanoTime();
    assertThat(process.start().waitFor()).isZero();
    return (System.nanoTime() - begun) / 1e9;
  }

  @Test
  void kubectlsCompletionIsInIt() throws Exception {
    var process =
        new ProcessBuilder(unpacked.resolve("kubectl_complete-backlog").toString(), "rec").start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("recommend\n:4\n");
  }

  @Test
  void licenceAndNoticeAreInItAndItsSumIsThatOfTheManifest() throws Exception {
    assertThat(Files.readString(unpacked.resolve("LICENSE"))).contains("Apache License");
    assertThat(unpacked.resolve("NOTICE")).isNotEmptyFile();
    String sum =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive)));
    assertThat(Files.readString(Path.of(archive + ".sha256"))).startsWith(sum + "  ");

    Map<?, ?> manifest =
        new KubernetesSerialization()
            .unmarshal(Files.readString(TARGET.resolve("backlog.yaml")), Map.class);
    assertThat(manifest.get("kind")).isEqualTo("Plugin");
    assertThat(manifest.toString())
        .contains("name=backlog", "sha256=" + sum, "version=v" + Version.own())
        .contains("bin=" + unpacked.getFileName() + "/kubectl-backlog");
  }
}
