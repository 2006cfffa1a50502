import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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
  /** What "jdeps --print-module-deps" finds, and jdk.crypto.ec for the curves of API servers. */
  private static final String MODULES =
      "java.base,java.logging,java.naming,java.net.http,java.sql,java.xml,jdk.crypto.ec,jdk.unsupported";

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
    String arch = args.length > 3 ? args[3] : ownArchitecture();
    Path jmods = args.length > 4 ? Path.of(args[4]) : null;
    Path tar = archive.make(arch, jmods);
    Path plain = archive.makePlain();
    archive.manifest(args[2], List.of(arch), List.of(tar));
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
    if (jmods != null) jlink.addAll(List.of("--module-path", jmods.toString()));
    jlink.addAll(
        List.of(
            "--add-modules",
            MODULES,
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--generate-cds-archive",
            "--output",
            folder.resolve("java").toString()));
    if (jmods != null) jlink.remove("--generate-cds-archive"); // made by running it
    run(jlink);
    copyJars(folder.resolve("lib"));
    copyTexts(folder);
    for (String each : List.of("kubectl-backlog", "kubectl_complete-backlog")) {
      Path to = folder.resolve(each);
      String text = Files.readString(module.resolve("src/main/archive").resolve(each));
      Files.writeString(to, text.replace("@VERSION@", version));
      Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return tar(folder.getParent(), name);
  }

  /** For who has a Java 25: jars and the launcher of the sources. */
  private Path makePlain() throws Exception {
    String name = "kubectl-backlog-java25";
    Path folder = target.resolve("archive").resolve(name);
    delete(folder);
    Files.createDirectories(folder);
    Path jars = folder.resolve("target");
    copyJars(jars.resolve("lib"));
    Files.move(
        jars.resolve("lib/kubectl-backlog.jar"),
        jars.resolve("listen-backlog-cli-" + version + ".jar"));
    copyTexts(folder);
    for (String each : List.of("kubectl-backlog", "kubectl_complete-backlog")) {
      Files.copy(
          module.resolve(each),
          folder.resolve(each),
          java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }
    return tar(folder.getParent(), name);
  }

  /**
   * The command's own jar looks for the others in a folder lib beside it; here it lies among them.
   */
  private void copyJars(Path lib) throws IOException {
    Files.createDirectories(lib.resolve("lib"));
    Files.copy(
        target.resolve("listen-backlog-cli-" + version + ".jar"),
        lib.resolve("kubectl-backlog.jar"));
    try (Stream<Path> jars = Files.list(target.resolve("lib"))) {
      for (Path each : jars.sorted().toList()) {
        Files.copy(each, lib.resolve("lib").resolve(each.getFileName().toString()));
      }
    }
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
            "--mtime=2026-11-22T00:00:00Z",
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

  /** For krew: as its custom-indexes and its index want it. */
  private void manifest(String urls, List<String> archs, List<Path> tars) throws Exception {
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
    for (int i = 0; i < archs.size(); i++) {
      String name = tars.get(i).getFileName().toString().replace(".tar.gz", "");
      text.append(
          """
              - selector: {matchLabels: {os: linux, arch: %s}}
                uri: %s/%s.tar.gz
                sha256: %s
                bin: %s/kubectl-backlog
          """
              .formatted(archs.get(i), urls, name, sha256(tars.get(i)), name));
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
