import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes target/kubectl-backlog-linux-ARCH.tar.gz, which needs no JDK, kubectl-backlog-java25.tar.gz
 * for those who have one, their sha256, and the manifest for krew:
 *
 * <pre>java Archive.java MODULE_FOLDER VERSION URL_PREFIX [ARCH JMODS_FOLDER]</pre>
 *
 * Of the architecture that it runs on; of another one with the jmods of a JDK for that.
 */
final class Archive {
  /** What people start most, and at least one of each way to answer. */
  private static final List<String> REHEARSED =
      List.of(
          "--help",
          "version",
          "top",
          "top -A -o wide --watch --count 2 --interval 0.5",
          "top -o json",
          "top -o yaml",
          "doctor",
          "explain web-1",
          "events",
          "recommend",
          "pause none",
          "__complete top --");

  /** What runs a program of another architecture, with the C library for that (Debian's). */
  private static final Map<String, List<String>> EMULATORS =
      Map.of(
          "arm64", List.of("qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"),
          "amd64", List.of("qemu-x86_64-static", "-L", "/usr/x86_64-linux-gnu"));

  /** Of all that is in them: the same files make the same bytes. */
  private static final String TIME = "2026-11-22T00:00:00Z";

  private final Path module;
  private final Path target;
  private final String version;

  private Archive(Path module, String version) {
    this.module = module;
    this.version = version;
    target = module.resolve("target");
  }

  public static void main(String[] args) throws Exception {
    var archive = new Archive(Path.of(args[0]).toAbsolutePath(), args[1]);
    String arch = args.length > 3 && !args[3].equals("own") ? args[3] : ownArchitecture();
    boolean isForAnother = !arch.equals(ownArchitecture());
    if (isForAnother && (args.length < 5 || args[4].equals("own"))) {
      throw new IllegalArgumentException(
          "for %s the jmods of a JDK for it are needed".formatted(arch));
    }
    Path jmods = isForAnother ? Path.of(args[4]) : null;
    Path tar = archive.make(arch, jmods);
    Path plain = archive.makePlain();
    archive.manifest(args[2]);
    System.out.println(tar + "\n" + plain);
  }

  private static String ownArchitecture() {
    return switch (System.getProperty("os.arch")) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> throw new IllegalStateException("no archive for " + System.getProperty("os.arch"));
    };
  }

  /** With a Java of its own. */
  private Path make(String arch, Path jmods) throws Exception {
    String name = "kubectl-backlog-linux-" + arch;
    Path folder = target.resolve("archive").resolve(name);
    delete(folder);
    Files.createDirectories(folder.getParent());
    var jlink = new ArrayList<String>();
    jlink.add(Path.of(System.getProperty("java.home"), "bin", "jlink").toString());
    Path modules = target.resolve("archive").resolve("modules");
    delete(modules);
    AppModule.write(jars(), modules.resolve(AppModule.NAME));
    // Else the order of its plug-ins is by chance, and what they write: operator/image's BaseImage.
    jlink.addAll(List.of("-J-XX:+UnlockExperimentalVMOptions", "-J-XX:hashCode=2"));
    String built = System.getProperty("java.vendor.version", "");
    if (jmods == null && !built.isEmpty()) {
      jlink.add("--release-info=add:IMPLEMENTOR_VERSION=\"" + built + "\"");
    }
    jlink.addAll(
        List.of(
            "--module-path",
            jmods == null ? modules.toString() : jmods + File.pathSeparator + modules,
            "--add-modules",
            AppModule.NAME,
            // The rest of --strip-debug needs an objcopy for that architecture.
            jmods == null ? "--strip-debug" : "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            folder.resolve("java").toString()));
    run(jlink);
    copyTexts(folder);
    copyLaunchers(folder);
    rehearse(arch, folder.resolve("java"));
    var linked = jars().stream().map(Path::toString).collect(Collectors.joining(":"));
    tellContents(
        folder,
        List.of("linked=" + linked + ":java", "runtime=" + folder.resolve("java") + ":java"));
    return tar(folder.getParent(), name);
  }

  /**
   * Lets the archive's own Java run the commands against a cluster of the tests, and leave beside
   * itself what it prepared (JEP 483). One for another architecture runs in QEMU; without that its
   * first start prepares the next ones of that user.
   */
  private void rehearse(String arch, Path java) throws IOException, InterruptedException {
    var emulator = arch.equals(ownArchitecture()) ? List.<String>of() : EMULATORS.get(arch);
    if (emulator == null || !emulator.stream().allMatch(Archive::isThere)) {
      System.err.printf("No %s: the start is not prepared.%n", emulator);
      return;
    }
    var cluster =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow", // Netty's, in the tests' server.
                "-cp",
                String.join(
                    File.pathSeparator,
                    target.resolve("test-classes").toString(),
                    target.resolve("classes").toString(),
                    target.resolve("test-lib") + File.separator + "*"),
                "io.listenbacklog.cli.FakeCluster",
                "tls",
                "3",
                "20",
                "1",
                "0",
                "1",
                "0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var end = cluster.getOutputStream();
        var said = cluster.inputReader()) {
      rehearse(emulator, java, Path.of(said.readLine()));
    }
    cluster.waitFor();
  }

  /** In two steps: that of JEP 514 lets Java start itself again, which is not emulated then. */
  private void rehearse(List<String> emulator, Path java, Path kubeconfig)
      throws IOException, InterruptedException {
    String seen = "-XX:AOTConfiguration=" + target.resolve("archive").resolve("rehearsal.aotconf");
    rehearse(emulator, java, kubeconfig, "-XX:AOTMode=record", seen);
    String prepared = "-XX:AOTCache=" + java.resolve("lib/kubectl-backlog.aot");
    rehearse(emulator, java, kubeconfig, "-XX:AOTMode=create", seen, prepared);
  }

  private void rehearse(List<String> emulator, Path java, Path kubeconfig, String... step)
      throws IOException, InterruptedException {
    Path commands = target.resolve("archive").resolve("rehearsal");
    Files.write(commands, REHEARSED);
    var command = new ArrayList<String>(emulator);
    command.add(java.resolve("bin/java").toString());
    command.addAll(options());
    command.addAll(List.of(step));
    command.addAll(List.of("-m", AppModule.NAME + "/io.listenbacklog.cli.Rehearsal"));
    var rehearsal =
        new ProcessBuilder(command)
            .redirectInput(commands.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    rehearsal.environment().put("KUBECONFIG", kubeconfig.toString());
    int status = rehearsal.start().waitFor();
    if (status != 0) throw new IOException("the rehearsal ended with status " + status);
  }

  /** A program on PATH, an option, or a file. */
  private static boolean isThere(String word) {
    return word.startsWith("-")
        || Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.exists(Path.of(folder).resolve(word)));
  }

  /** Those that the launcher starts with: others would not fit what is prepared. */
  private List<String> options() throws IOException {
    String line =
        Files.readAllLines(module.resolve("kubectl-backlog")).stream()
            .filter(each -> each.startsWith("options=\""))
            .findFirst()
            .orElseThrow();
    return List.of(line.substring("options=\"".length(), line.length() - 1).split(" "));
  }

  /** For who has a Java 25: jars and the launcher of the sources. */
  private Path makePlain() throws Exception {
    String name = "kubectl-backlog-java25";
    Path folder = target.resolve("archive").resolve(name);
    delete(folder);
    Files.createDirectories(folder);
    for (Path each : jars()) {
      Path to = folder.resolve("target").resolve(target.relativize(each));
      Files.createDirectories(to.getParent());
      Files.copy(each, to);
    }
    copyTexts(folder);
    copyLaunchers(folder);
    Path copies = folder.resolve("target");
    tellContents(
        folder,
        List.of(
            "jars=" + copies.resolve(jars().getFirst().getFileName()) + ":target",
            "jars=" + copies.resolve("lib") + ":target/lib"));
    return tar(folder.getParent(), name);
  }

  private void copyLaunchers(Path folder) throws IOException {
    for (String each : List.of("kubectl-backlog", "kubectl_complete-backlog")) {
      Files.copy(module.resolve(each), folder.resolve(each), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  /** The command's own, which looks for the others in a folder lib beside it, and those. */
  private List<Path> jars() throws IOException {
    var all = new ArrayList<Path>();
    all.add(target.resolve("listen-backlog-cli-" + version + ".jar"));
    try (Stream<Path> others = Files.list(target.resolve("lib"))) {
      others.sorted().forEach(all::add);
    }
    return all;
  }

  /** Leaves an SBOM in an archive's folder, and the licences of all that is in it. */
  private void tellContents(Path folder, List<String> what) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", target.resolve("lib") + File.separator + "*"));
    command.add(module.resolve("../image/src/build/Sbom.java").toString());
    command.addAll(List.of("name=kubectl-backlog", "version=" + version, "type=application"));
    command.add("time=" + TIME);
    command.add("dependencies=" + target.resolve("dependencies.json"));
    command.addAll(what);
    command.add("own=" + folder + ":");
    command.add("licences=" + folder.resolve("licences") + ":licences");
    command.add("sbom=" + folder.resolve("kubectl-backlog.cdx.json") + ":kubectl-backlog.cdx.json");
    run(command);
  }

  private void copyTexts(Path folder) throws IOException {
    Files.copy(module.resolve("../../LICENSE"), folder.resolve("LICENSE"));
    Files.copy(
        module.resolve("../image/src/main/resources/META-INF/NOTICE"), folder.resolve("NOTICE"));
  }

  /** The same files make the same bytes. */
  private Path tar(Path in, String name) throws Exception {
    Path tar = target.resolve(name + ".tar.gz");
    run(
        List.of(
            "tar",
            "--sort=name",
            "--mtime=" + TIME,
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            "-I",
            "gzip -n",
            "-C",
            in.toString(),
            "-cf",
            tar.toString(),
            name));
    Files.writeString(
        target.resolve(name + ".tar.gz.sha256"), sha256(tar) + "  " + name + ".tar.gz\n");
    return tar;
  }

  /**
   * For krew, as its indexes want it: of this archive, and of one for another architecture that was
   * made, or copied here, before.
   */
  private void manifest(String urls) throws Exception {
    var text =
        new StringBuilder(
            """
            apiVersion: krew.googlecontainertools.github.com/v1alpha2
            kind: Plugin
            metadata:
              name: backlog
            spec:
              version: v%s
              homepage: https://listenbacklog.io
              shortDescription: Accept queues that are too small or stuck, and why
              description: |
                Shows the TCP listeners of your pods as the Listen Backlog Operator sees them: live
                queues and their peaks, what holds for a pod, what each node can do, and which backlog to
                ask for. Needs the operator in the cluster.
              platforms:
            """
                .formatted(version));
    for (String arch : List.of("amd64", "arm64")) {
      String name = "kubectl-backlog-linux-" + arch;
      Path tar = target.resolve(name + ".tar.gz");
      if (!Files.exists(tar)) continue;
      text.append(
          """
              - selector: {matchLabels: {os: linux, arch: %s}}
                uri: %s/%s.tar.gz
                sha256: %s
                bin: %s/kubectl-backlog
          """
              .formatted(arch, urls, name, sha256(tar), name));
    }
    Files.writeString(target.resolve("backlog.yaml"), text);
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) throw new IOException(command.getFirst() + " ended with status " + status);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) return;
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, IOException failure)
              throws IOException {
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
