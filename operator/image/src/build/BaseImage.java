import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * Makes what the operator's image stands on, without root and without a container engine: {@code
 * runtime/}, a Java runtime with the modules that are named, and {@code base.tar}, an image of it
 * and of Debian's C library. No shell, no package manager, no other program.
 *
 * <p>Arguments: the folder to write to; the architecture, as container images name it; the modules;
 * the folder of the jmods of a JDK for that architecture, or nothing for the JDK that this runs on;
 * the public image that takes the place of {@code base.tar}, or nothing; {@code true} where a
 * machine that cannot make it is an error.
 */
class BaseImage {
  /** Of all entries: the same input makes the same bytes. */
  private static final String TIME = "1970-01-01T00:00:01Z";

  /**
   * What the JVM is linked to, the locale that makes it read file names as UTF-8, and what tells
   * which Debian it is of.
   */
  private static final List<String> PACKAGES = List.of("libc6", "libc-bin", "base-files");

  /**
   * Of those packages: the loader, which on amd64 is in lib64 and on arm64 in lib; the libraries
   * that Java needs (not gconv, 8 MB of other charsets, and not those that only debuggers and other
   * programs load), the locale, the licences.
   */
  private static final Pattern WANTED =
      Pattern.compile(
          "(usr/)?lib(64|/[^/]+-linux-gnu)?/(ld-|lib(c|m|dl|pthread|rt|util|resolv|nss_dns|nss_files)[.-])[^/]+"
              + "|usr/lib/locale/C.utf8/.+|usr/share/doc/[^/]+/copyright"
              + "|etc/os-release|usr/lib/os-release|usr/share/common-licenses/(GPL-2|LGPL-2.1)");

  private static final String TRANSLATIONS =
      "regex:.*_(de|es|fr|it|ja|ko|pt|pt_BR|sv|zh_CN|zh_HK|zh_TW)[.](class|properties)";

  /**
   * Of the probe's classes, what it talks to the API server with. Prepared, a class takes 3 KB less
   * of the memory of each probe, and 7 KB more of the image: all of them would make it larger than
   * 80 MB.
   */
  private static final List<String> PREPARED = List.of("java/net/http/", "sun/security/ssl/");

  private final Path target;
  private final Path work;
  private final String architecture;
  private final String modules;
  private final String jmods;

  private BaseImage(Path target, String architecture, String modules, String jmods) {
    this.target = target;
    this.work = target.resolve("base");
    this.architecture = architecture;
    this.modules = modules;
    this.jmods = jmods;
  }

  public static void main(String[] args) throws IOException {
    var image = new BaseImage(Path.of(args[0]), args[1], args[2], args[3]);
    if (image.isForAnother() && image.jmods.isEmpty()) {
      System.err.println(
          "An image for %s needs the jmods of a JDK for that: -Dimage.jmods=FOLDER"
              .formatted(args[1]));
      System.exit(1);
    }
    if (!args[4].isEmpty()) {
      Path runtime = image.runtime();
      if (!image.isForAnother()) image.prepare(runtime, Path.of("/"));
      Files.delete(runtime.resolve("lib/classlist"));
      return;
    }
    if (!onPath("dpkg-deb") || !onPath("apt-get")) {
      System.err.println(
          "The image is not built: its C library comes from Debian packages, and here is no apt-get or no dpkg-deb."
              + " With a public base it can be built anywhere: -Dimage.base=debian:12-slim");
      System.exit(args[5].equals("true") ? 1 : 0);
    }
    try {
      image.make();
    } catch (IOException e) {
      System.err.println(
          "The image cannot be built: "
              + e.getMessage()
              + ". All but the image: -pl '!operator/image,!operator/e2e'");
      System.exit(1);
    }
  }

  private void make() throws IOException {
    var made =
        new StringBuilder(
            "%s %s %s %s %s"
                .formatted(Runtime.version(), architecture, modules, jmods, buildOfJdk()));
    for (Path input :
        List.of(source(), source().resolveSibling("Elf.java"), probeClasses(), probeForms())) {
      made.append(' ').append(digest(Files.readAllBytes(input)));
    }
    Path stamp = work.resolve("made");
    if (Files.exists(stamp) && Files.readString(stamp).contentEquals(made)) return;
    remove(work);
    Files.createDirectories(work);
    Path runtime = runtime();
    Path libc = work.resolve("libc");
    unpack(libc);
    refuseWhatIsMissing(runtime, libc);
    people(libc);
    prepare(runtime, libc);
    // Read by the preparation alone.
    Files.delete(runtime.resolve("lib/classlist"));
    Path libcLayer = layer("libc", libc, ".");
    Path runtimeLayer =
        layer(
            "runtime",
            runtime.getParent(),
            "--transform=s,^runtime,opt/java,",
            runtime.getFileName().toString());
    image(List.of(libcLayer, runtimeLayer));
    Files.writeString(stamp, made);
  }

  /** A Java runtime. */
  private Path runtime() throws IOException {
    Path runtime = target.resolve("runtime");
    remove(runtime);
    var jlink = new ArrayList<String>();
    jlink.add(Path.of(System.getProperty("java.home"), "bin", "jlink").toString());
    // jlink keeps its plug-ins in a HashMap by identity (TaskHelper.pluginToMaps), so chance
    // decides
    // whether one that writes classes comes before the one that takes SourceFile out of them. With
    // 2
    // each object's hash is 1, and they stay in the order in which they were found.
    jlink.addAll(List.of("-J-XX:+UnlockExperimentalVMOptions", "-J-XX:hashCode=2"));
    if (!jmods.isEmpty()) jlink.add("--module-path=" + jmods);
    jlink.addAll(
        List.of(
            "--add-modules=" + modules,
            // Not --strip-debug: its other half needs objcopy, which makes other bytes from
            // version to version. See Elf.
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            // Of messages for people; LANG is C.UTF-8.
            "--exclude-resources=" + TRANSLATIONS,
            "--compress=zip-9",
            // Side by side, what the probe reads takes 4 MB of memory instead of 11.
            "--order-resources=@" + probeClasses()));
    String built = buildOfJdk();
    if (!built.isEmpty()) jlink.add("--release-info=add:IMPLEMENTOR_VERSION=\"" + built + "\"");
    jlink.add("--output=" + runtime);
    run(target, jlink);
    for (String unused :
        List.of(
            "bin/jwebserver",
            "bin/keytool",
            "bin/rmiregistry",
            "lib/jexec",
            "lib/jrt-fs.jar",
            // Sorts large arrays of numbers faster; where it is missing the JVM does without.
            "lib/libsimdsort.so",
            // The API server's own authority is the only one that anything in the image trusts.
            // With it Java reads all of the world's at the first handshake (AnchorCertificates),
            // 144 certificates, to see whether a chain ends in one of them.
            "lib/security/cacerts")) {
      Files.deleteIfExists(runtime.resolve(unused));
    }
    for (Path file : libraries(runtime)) Elf.strip(file);
    return runtime;
  }

  /** Who built the JDK that is linked, and which of their builds it is: what "release" says. */
  private String buildOfJdk() throws IOException {
    if (jmods.isEmpty()) return System.getProperty("java.vendor.version", "");
    Path release = Path.of(jmods).resolveSibling("release");
    if (Files.notExists(release)) return "";
    var properties = new Properties();
    try (var in = Files.newBufferedReader(release)) {
      properties.load(in);
    }
    return properties.getProperty("IMPLEMENTOR_VERSION", "").replace("\"", "");
  }

  private static List<Path> libraries(Path runtime) throws IOException {
    try (var files = Files.walk(runtime)) {
      return files.filter(each -> each.toString().endsWith(".so")).sorted().toList();
    }
  }

  /** A distribution's own JDK wants libraries of that distribution, too. */
  private static void refuseWhatIsMissing(Path runtime, Path libc) throws IOException {
    var there = new HashSet<String>();
    for (Path root : List.of(runtime, libc)) {
      try (var files = Files.walk(root)) {
        files.forEach(each -> there.add(each.getFileName().toString()));
      }
    }
    for (Path library : libraries(runtime)) {
      for (String needed : Elf.needed(library)) {
        if (there.contains(needed)) continue;
        throw new IOException(
            "%s of the JDK needs %s, which the image has not; Temurin's needs the C library alone"
                .formatted(library.getFileName(), needed));
      }
    }
  }

  /**
   * Prepares the runtime's classes for the headers and the collector that the argument files name.
   * One for another architecture runs in QEMU; without that its classes stay unprepared, and each
   * start takes longer. Beside those that the JDK lists, and any program needs, some of the
   * probe's.
   */
  private void prepare(Path runtime, Path libc) throws IOException {
    Path classes = target.resolve("prepared-classes.txt");
    Files.copy(runtime.resolve("lib/classlist"), classes, StandardCopyOption.REPLACE_EXISTING);
    try (var probes = Files.lines(probeClasses())) {
      var some = probes.filter(each -> PREPARED.stream().anyMatch(each::startsWith)).toList();
      Files.write(classes, some, StandardOpenOption.APPEND);
    }
    Files.write(classes, Files.readAllLines(probeForms()), StandardOpenOption.APPEND);
    var command = new ArrayList<String>();
    if (isForAnother()) {
      String emulator = "qemu-" + Map.of("arm64", "aarch64", "amd64", "x86_64").get(architecture);
      if (!onPath(emulator + "-static")) {
        System.err.println("No " + emulator + "-static: the image's classes are not prepared.");
        return;
      }
      command.addAll(List.of(emulator + "-static", "-L", libc.toString()));
    }
    command.addAll(
        List.of(
            runtime.resolve("bin/java").toString(),
            "-Xshare:dump",
            "-XX:SharedClassListFile=" + classes,
            "-Xlog:disable",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders"));
    run(runtime, command);
  }

  /**
   * The newest packages that this machine's sources offer; without a network, those in this
   * machine's cache.
   */
  private void unpack(Path root) throws IOException {
    Path downloads = Files.createDirectories(work.resolve("packages"));
    var download = apt();
    download.add("download");
    download.addAll(PACKAGES);
    if (isForAnother()) {
      freshLists(downloads);
    } else {
      try {
        run(downloads, download);
      } catch (IOException e) {
        freshLists(downloads);
      }
    }
    for (Path archive : list(downloads, ".deb")) {
      Path own = Files.createDirectories(work.resolve("unpacked").resolve(packageOf(archive)));
      run(work, List.of("dpkg-deb", "-x", archive.toString(), own.toString()));
      keepWanted(own);
      run(work, List.of("cp", "-a", own + "/.", root.toString()));
    }
    // From Debian 13 on the libraries are below usr alone, and the loader's path in each program is
    // still /lib64.
    for (String name : List.of("lib", "lib64")) {
      Path usr = root.resolve("usr").resolve(name);
      if (Files.notExists(root.resolve(name)) && Files.exists(usr)) {
        Files.createSymbolicLink(root.resolve(name), Path.of("usr", name));
      }
    }
    for (Path archive : list(downloads, ".deb")) record(archive, root);
  }

  private static String packageOf(Path archive) {
    String name = archive.getFileName().toString();
    return name.substring(0, name.indexOf('_'));
  }

  private static void keepWanted(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          if (list(file, "").isEmpty()) Files.delete(file);
        } else if (!WANTED.matcher(root.relativize(file).toString()).matches()) {
          Files.delete(file);
        }
      }
    }
  }

  /**
   * A machine whose package lists were never read, or which may not read them: with lists of our
   * own.
   */
  private void freshLists(Path downloads) throws IOException {
    Path state = Files.createDirectories(work.resolve("apt"));
    Files.createDirectories(state.resolve("lists/partial"));
    Files.createDirectories(state.resolve("cache/archives/partial"));
    var own =
        List.of(
            "-o",
            "Dir::State::Lists=" + state.resolve("lists"),
            "-o",
            "Dir::Cache=" + state.resolve("cache"),
            "-o",
            "APT::Architecture=" + architecture,
            "-o",
            "APT::Architectures=" + architecture);
    var update = apt();
    update.addAll(own);
    update.add("update");
    run(downloads, update);
    var download = apt();
    download.addAll(own);
    download.add("download");
    download.addAll(PACKAGES);
    run(downloads, download);
  }

  private static List<String> apt() {
    return new ArrayList<>(List.of("apt-get", "-qq", "-o", "APT::Sandbox::User="));
  }

  /** What vulnerability scanners read in an image that has no dpkg, and which files are whose. */
  private void record(Path archive, Path root) throws IOException {
    Path status = Files.createDirectories(root.resolve("var/lib/dpkg/status.d"));
    String name = packageOf(archive);
    run(
        status,
        List.of("dpkg-deb", "-f", archive.toString()),
        ProcessBuilder.Redirect.to(status.resolve(name).toFile()));
    Path own = work.resolve("unpacked").resolve(name);
    var sums = new StringBuilder();
    try (var files = Files.walk(own)) {
      for (Path file : files.filter(BaseImage::plain).sorted().toList()) {
        sums.append(digest("MD5", Files.readAllBytes(file)))
            .append("  ")
            .append(own.relativize(file))
            .append('\n');
      }
    }
    Files.writeString(status.resolve(name + ".md5sums"), sums);
  }

  private static boolean plain(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static void people(Path root) throws IOException {
    Path etc = Files.createDirectories(root.resolve("etc"));
    Files.writeString(
        etc.resolve("passwd"),
        "root:x:0:0:root:/:/nologin\nnonroot:x:65532:65532:nonroot:/:/nologin\n");
    Files.writeString(etc.resolve("group"), "root:x:0:\nnonroot:x:65532:\n");
    Files.writeString(etc.resolve("nsswitch.conf"), "hosts: files dns\n");
  }

  private Path layer(String name, Path directory, String... what) throws IOException {
    Path layer = work.resolve(name + ".tar");
    var tar =
        new ArrayList<>(
            List.of(
                "tar",
                "--create",
                "--file=" + layer,
                "--directory=" + directory,
                "--format=gnu",
                "--sort=name",
                "--mtime=" + TIME,
                "--owner=0",
                "--group=0",
                "--numeric-owner",
                "--mode=u+rwX,go+rX,go-w"));
    tar.addAll(List.of(what));
    run(work, tar);
    return layer;
  }

  /** An archive as "docker save" writes it, which Jib takes as a base. */
  private void image(List<Path> layers) throws IOException {
    var digests = new ArrayList<String>();
    for (Path layer : layers) digests.add("\"sha256:" + digest(Files.readAllBytes(layer)) + "\"");
    String names =
        String.join(",", layers.stream().map(layer -> "\"" + layer.getFileName() + "\"").toList());
    Files.writeString(
        work.resolve("config.json"),
        """
        {"architecture":"%s","os":"linux","created":"%s","config":{},
         "rootfs":{"type":"layers","diff_ids":[%s]}}
        """
            .formatted(architecture, TIME, String.join(",", digests)));
    Files.writeString(
        work.resolve("manifest.json"),
        "[{\"Config\":\"config.json\",\"RepoTags\":null,\"Layers\":[%s]}]".formatted(names));
    var tar =
        new ArrayList<>(
            List.of(
                "tar",
                "-cf",
                target.resolve("base.tar").toString(),
                "manifest.json",
                "config.json"));
    layers.forEach(layer -> tar.add(layer.getFileName().toString()));
    run(work, tar);
  }

  private boolean isForAnother() {
    String name = System.getProperty("os.arch");
    return !architecture.equals(name.equals("aarch64") ? "arm64" : name);
  }

  private static Path source() {
    return Path.of(System.getProperty("jdk.launcher.sourcefile"));
  }

  /** What the probe loads of the runtime: operator/probe/bench/memory writes it. */
  private static Path probeClasses() {
    return source().resolveSibling("probe-classes.txt");
  }

  /**
   * The forms of method handles that the probe makes. Prepared, all those of one kind are one class
   * of the archive; else each is a class of its own, that each probe makes anew: 260 of them.
   */
  private static Path probeForms() {
    return source().resolveSibling("probe-forms.txt");
  }

  private static boolean onPath(String program) {
    for (String directory : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(directory, program))) return true;
    }
    return false;
  }

  private static List<Path> list(Path directory, String suffix) throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static void run(Path directory, List<String> command) throws IOException {
    run(directory, command, ProcessBuilder.Redirect.INHERIT);
  }

  private static void run(Path directory, List<String> command, ProcessBuilder.Redirect output)
      throws IOException {
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(output)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    // As in the image. The class archive holds what Java made of it, so other languages make other
    // bytes.
    builder.environment().put("LC_ALL", "C.UTF-8");
    var process = builder.start();
    try {
      int status = process.waitFor();
      if (status != 0) throw new IOException(String.join(" ", command) + " ended with " + status);
    } catch (InterruptedException e) {
      process.destroy();
      throw new IOException("interrupted", e);
    }
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) return;
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }

  private static String digest(byte[] bytes) {
    return digest("SHA-256", bytes);
  }

  private static String digest(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("each JDK has it", e);
    }
  }
}
