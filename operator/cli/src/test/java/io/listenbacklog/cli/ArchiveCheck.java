package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.policy.published.PublishedSbom;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
  private static Path plain;

  /** For other architectures than this machine's, where they were made. */
  private static List<Path> foreign;

  @BeforeAll
  static void unpack() throws Exception {
    String own = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    archive = TARGET.resolve("kubectl-backlog-linux-" + own + ".tar.gz");
    try (var files = Files.list(TARGET)) {
      foreign =
          files
              .filter(
                  each ->
                      each.getFileName()
                          .toString()
                          .matches("kubectl-backlog-linux-\\w+\\.tar\\.gz"))
              .filter(each -> !each.equals(archive))
              .toList();
    }
    unpacked = unpack(archive, "-x");
    plain = unpack(TARGET.resolve("kubectl-backlog-java25.tar.gz"), "-x");
  }

  private static Path unpack(Path tar, String... how) throws Exception {
    Path to = Files.createTempDirectory(folder, "unpacked");
    var command = new ArrayList<>(List.of("tar"));
    command.addAll(List.of(how));
    command.addAll(List.of("-zf", tar.toAbsolutePath().toString(), "-C", to.toString()));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    return to.resolve(tar.getFileName().toString().replace(".tar.gz", ""));
  }

  private record Ran(int status, String said) {}

  /** As on a machine that has nothing but a shell. */
  private static Ran run(String... arguments) throws IOException, InterruptedException {
    return run(unpacked, Map.of(), arguments);
  }

  private static Ran run(Path installed, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(installed.resolve("kubectl-backlog").toString()));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().clear();
    process.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", home().toString()));
    process.environment().putAll(environment);
    var running = process.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(running.waitFor(), said);
  }

  private static Path home() {
    return folder.resolve("home");
  }

  private static final String VERSION = "client:   " + Version.own() + "\n";

  @Test
  void itRunsWithoutAJavaAndLeavesNothingAtItsUsers() throws Exception {
    assertThat(run("version", "--client")).isEqualTo(new Ran(0, VERSION));
    var noCluster =
        run("doctor", "--kubeconfig", FakeApi.kubeconfig("https://127.0.0.1:1").toString());
    assertThat(noCluster.status()).isEqualTo(1);
    assertThat(noCluster.said()).contains("the API server cannot be reached").hasLineCount(1);
    assertThat(home()).doesNotExist();
  }

  /**
   * All jars became one module, in which services and reflection have other rules than on a class
   * path.
   */
  @Test
  void eachCommandSaysWhatItSaysInTheTests() throws Exception {
    try (var api = FakeApi.overTls()) {
      api.withProbes(1)
          .answering(
              FakeApi.metricsOf(0), FakeApi.probe(FakeApi.listener("shop", "full", 3, 5, 6, 6, 34)))
          .answering(
              "/apis/listenbacklog.io/v1alpha1/nodebacklogs",
              FakeApi.list("NodeBacklogList", FakeApi.nodeBacklog()));
      var commands = new ArrayList<>(BadInputTest.COMMANDS);
      commands.addAll(List.of("--help", "top -o json", "top -o yaml", "doctor -o json"));
      for (String each : commands) {
        var expected = api.run(each.split(" "));
        var ran = run(unpacked, Map.of("KUBECONFIG", api.kubeconfig().toString()), each.split(" "));
        assertThat(ran.said()).as(each).contains(expected.out()).contains(expected.err());
        assertThat(ran.status()).as(each).isEqualTo(expected.status());
      }
    }
  }

  /** As an administrator installs it for others. */
  @Test
  void itRunsFromAFolderWithSpacesThatCannotBeWrittenAndForWhoHasNoHome() throws Exception {
    Path program = Files.createDirectories(folder.resolve("with a space")).resolve("backlog");
    Files.move(unpack(archive, "-x"), program);
    try (var files = Files.walk(program)) {
      for (Path each : files.toList()) assertThat(each.toFile().setWritable(false)).isTrue();
    }
    var process =
        new ProcessBuilder(program.resolve("kubectl-backlog").toString(), "version", "--client");
    process.environment().keySet().retainAll(Set.of("PATH"));

    var running = process.redirectErrorStream(true).start();

    assertThat(running.getInputStream().readAllBytes()).asString().isEqualTo(VERSION);
    assertThat(running.waitFor()).isZero();
    try (var files = Files.walk(program)) {
      for (Path each : files.toList()) assertThat(each.toFile().setWritable(true)).isTrue();
    }
  }

  /** As krew unpacks: all files are of now. */
  @Test
  void itsStartIsPreparedWhereverAndWheneverItWasUnpacked() throws Exception {
    for (Path each : List.of(unpacked, unpack(archive, "-x", "-m"))) {
      var prepared = each.resolve("java/lib/kubectl-backlog.aot");
      assertThat(start(each, "-XX:AOTMode=on", "-XX:AOTCache=" + prepared)).isZero();
    }
    // It is the flag that tells: without a prepared start Java refuses.
    assertThat(start(unpacked, "-XX:AOTMode=on", "-XX:AOTCache=" + folder.resolve("none")))
        .isNotZero();
  }

  /** Starts the archive's Java as its launcher does, with these options too. */
  private static int start(Path installed, String... options) throws Exception {
    var command = new ArrayList<>(List.of(installed.resolve("java/bin/java").toString()));
    command.addAll(launcherOptions());
    command.addAll(List.of(options));
    command.addAll(List.of("-m", "listenbacklog.cli/io.listenbacklog.cli.BacklogCommand"));
    command.addAll(List.of("version", "--client"));
    return exitStatus(command);
  }

  private static int exitStatus(List<String> command) throws Exception {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private static List<String> launcherOptions() throws IOException {
    return Files.readAllLines(unpacked.resolve("kubectl-backlog")).stream()
        .filter(each -> each.startsWith("options="))
        .map(each -> each.substring("options=".length()).replace("\"", ""))
        .flatMap(each -> Stream.of(each.split(" ")))
        .toList();
  }

  @Test
  void aPreparedStartThatDoesNotFitIsPassedOverInSilence() throws Exception {
    Path other = unpack(archive, "-x");
    Path prepared = other.resolve("java/lib/kubectl-backlog.aot");
    byte[] whole = Files.readAllBytes(prepared);

    Files.write(prepared, Arrays.copyOf(whole, whole.length / 2));
    assertThat(run(other, Map.of(), "version", "--client")).isEqualTo(new Ran(0, VERSION));

    Files.write(prepared, new byte[100_000]);
    assertThat(run(other, Map.of(), "version", "--client")).isEqualTo(new Ran(0, VERSION));

    Files.write(prepared, whole);
    // Another layout of objects than it was prepared for.
    assertThat(
            run(other, Map.of("JDK_JAVA_OPTIONS", "-XX:-UseCompressedOops"), "version", "--client"))
        .satisfies(ran -> assertThat(ran.status()).isZero())
        .satisfies(ran -> assertThat(ran.said()).endsWith(VERSION).hasLineCount(2));
  }

  /** Which has no Java of its own: the first start prepares the next ones. */
  @Test
  void thePlainArchiveLearnsFromItsFirstStart() throws Exception {
    Path cache = folder.resolve("cache");
    var environment =
        Map.of("JAVA_HOME", System.getProperty("java.home"), "XDG_CACHE_HOME", cache.toString());

    try (var threads = Executors.newCachedThreadPool()) {
      var two = new ArrayList<Callable<Ran>>();
      for (int i = 0; i < 2; i++) two.add(() -> run(plain, environment, "version", "--client"));
      for (var ran : threads.invokeAll(two)) assertThat(ran.get()).isEqualTo(new Ran(0, VERSION));
    }

    var prepared = onlyFile(cache.resolve("kubectl-backlog"));
    assertThat(prepared.getFileName().toString()).endsWith(".aot");
    var before = Files.getLastModifiedTime(prepared);
    assertThat(run(plain, environment, "version", "--client")).isEqualTo(new Ran(0, VERSION));
    assertThat(Files.getLastModifiedTime(prepared)).isEqualTo(before);
    // And it fits, without which Java refuses this.
    var started = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    started.addAll(launcherOptions());
    started.addAll(List.of("-XX:AOTMode=on", "-XX:AOTCache=" + prepared, "-cp"));
    started.add(onlyJar(plain.resolve("target")).toString());
    started.addAll(List.of("io.listenbacklog.cli.BacklogCommand", "version", "--client"));
    assertThat(exitStatus(started)).isZero();
  }

  private static Path onlyJar(Path in) throws IOException {
    try (var files = Files.list(in)) {
      return files.filter(each -> each.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
  }

  /** Once whoever prepares has ended: each has removed what it worked with. */
  private static Path onlyFile(Path in) throws Exception {
    for (long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(10); System.nanoTime() < end; ) {
      try (var files = Files.list(in)) {
        var all = files.toList();
        if (all.size() == 1 && all.getFirst().toString().endsWith(".aot")) return all.getFirst();
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    throw new AssertionError("no start was prepared in " + in);
  }

  @Test
  void whereNothingCanBeKeptThePlainArchiveRunsAsWell() throws Exception {
    var environment =
        Map.of("JAVA_HOME", System.getProperty("java.home"), "XDG_CACHE_HOME", "/proc/none");

    assertThat(run(plain, environment, "version", "--client")).isEqualTo(new Ran(0, VERSION));
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

  @Test
  void eachTellsWhatItConsistsOfAndBringsTheLicences() throws Exception {
    for (Path each : List.of(unpacked, plain)) tellsWhatItConsistsOf(each);
    for (Path each : foreign) tellsWhatItConsistsOf(unpack(each, "-x"));
    assertThat(PublishedSbom.read(unpacked, "kubectl-backlog.cdx.json").withParts())
        .anyMatch(component -> PublishedSbom.name(component).equals("openjdk/java.base"))
        .noneMatch(component -> PublishedSbom.name(component).startsWith("openjdk/listenbacklog"));
  }

  private static void tellsWhatItConsistsOf(Path archive) throws Exception {
    var sbom = PublishedSbom.read(archive, "kubectl-backlog.cdx.json");
    assertThat(sbom.components())
        .anyMatch(
            component ->
                PublishedSbom.name(component)
                    .startsWith("pkg:maven/com.fasterxml.jackson.core/jackson-databind@"));
    sbom.tellsEachFileOnce();
    sbom.tellsTheSumsOfJars();
    sbom.hidesNoJarInAnother();
    sbom.hasPermittedLicencesAndTheirTexts();
  }

  /** With the start that was prepared for it: Java refuses to begin without, if it is told to. */
  @Test
  void oneForArm64RunsInQemu() throws Exception {
    var sysroot = Path.of("/usr/aarch64-linux-gnu");
    var made = foreign.stream().filter(each -> each.toString().contains("arm64")).findFirst();
    assumeTrue(made.isPresent(), "no archive for arm64 was made (-Darchive.architecture=arm64)");
    assumeTrue(
        Files.exists(Path.of("/usr/bin/qemu-aarch64-static")) && Files.exists(sysroot),
        "needs qemu-user-static and libc6-arm64-cross");
    Path folder = unpack(made.get(), "-x");
    var command =
        new ArrayList<>(
            List.of(
                "qemu-aarch64-static",
                "-L",
                sysroot.toString(),
                folder.resolve("java/bin/java").toString()));
    command.addAll(launcherOptions());
    command.add("-XX:AOTMode=on");
    command.add("-XX:AOTCache=" + folder.resolve("java/lib/kubectl-backlog.aot"));
    command.add("-m");
    command.add("listenbacklog.cli/" + BacklogCommand.class.getName());
    command.addAll(List.of("version", "--client"));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(VERSION);
    assertThat(process.waitFor()).isZero();
    String sum =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(made.get())));
    assertThat(Files.readString(Path.of(made.get() + ".sha256"))).startsWith(sum + "  ");
    assertThat(Files.readString(TARGET.resolve("backlog.yaml")))
        .contains("arch: arm64", "arch: amd64", "sha256: " + sum);
  }
}
