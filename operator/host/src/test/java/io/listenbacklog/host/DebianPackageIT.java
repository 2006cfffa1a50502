package io.listenbacklog.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.testing.Need;
import io.listenbacklog.kernel.testing.Needs;
import io.listenbacklog.policy.pages.Pages;
import io.listenbacklog.policy.published.PublishedSbom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package, made from what the build has made, and unpacked. */
@Needs({Need.ROOT, Need.DPKG})
class DebianPackageIT {
  private static final Path MODULE = Pages.REPOSITORY.resolve("operator/host");

  @TempDir Path folder;
  private Path root;
  private String version;

  @BeforeEach
  void make() throws Exception {
    version = versionOfJar();
    run("sh", MODULE + "/src/build/deb", MODULE.toString(), version, folder.toString());
    root = folder.resolve("root");
    run("dpkg-deb", "-x", deb(), root.toString());
  }

  private static String versionOfJar() throws IOException {
    var name = Pattern.compile("listen-backlog-host-([0-9].*)\\.jar");
    try (var built = Files.list(MODULE.resolve("target"))) {
      return built
          .map(each -> name.matcher(each.getFileName().toString()))
          .filter(Matcher::matches)
          .map(each -> each.group(1))
          .findFirst()
          .orElseThrow(() -> new AssertionError("not built: mvn -pl operator/host -am package"));
    }
  }

  private String deb() {
    return folder.resolve("listen-backlog_%s_all.deb".formatted(version)).toString();
  }

  @Test
  void whatItInstallsRuns() throws Exception {
    String backlog = root.resolve("usr/bin/backlog").toString();

    assertThat(run(backlog, "--version")).isEqualTo(version + "\n");
    assertThat(run(backlog, "watch", "--undo", "--journal", folder.resolve("none").toString()))
        .contains("nothing is raised any more");
  }

  @Test
  void theUnitStartsWhatIsInstalled() throws IOException {
    var unit = Files.readString(root.resolve("usr/lib/systemd/system/backlog-watch.service"));
    var command = Pattern.compile("(?m)^ExecStart=/(\\S+)").matcher(unit).results().toList();

    assertThat(command).hasSize(1);
    assertThat(root.resolve(command.getFirst().group(1))).isExecutable();
  }

  @Test
  void theExampleIsAPolicy() throws IOException {
    var example = root.resolve("usr/share/doc/listen-backlog/examples/policy.yaml");

    assertThat(PolicyFile.read(example)).hasSize(1);
  }

  @Test
  void itTellsWhatItConsistsOfAndBringsTheLicences() throws Exception {
    var sbom = PublishedSbom.read(root, "usr/share/sbom/listen-backlog.cdx.json");

    assertThat(sbom.components())
        .anyMatch(each -> PublishedSbom.name(each).startsWith("pkg:maven/info.picocli/picocli@"));
    sbom.tellsEachFileOnce();
    sbom.tellsTheSumsOfJars();
    sbom.hidesNoJarInAnother();
    sbom.hasPermittedLicencesAndTheirTexts();
  }

  @Test
  void itsCopyrightNamesEachForeignLibraryAndWhereItsLicenceIs() throws Exception {
    var copyright = Files.readString(root.resolve("usr/share/doc/listen-backlog/copyright"));

    assertThat(copyright)
        .contains("/usr/share/common-licenses/Apache-2.0")
        .containsPattern("(?m)^picocli [0-9.]+: Apache-2.0$")
        .containsPattern("(?m)^slf4j-api [0-9.]+: MIT$");
    var texts = Pattern.compile("(?m)^  /(\\S+)$").matcher(copyright).results().toList();
    assertThat(texts)
        .isNotEmpty()
        .allSatisfy(each -> assertThat(root.resolve(each.group(1))).isNotEmptyFile());
  }

  /** Later, that is: with other times of its files. */
  @Test
  void madeAgainItHasTheSameBytes() throws Exception {
    Path again = folder.resolve("again");
    run("sh", MODULE + "/src/build/deb", MODULE.toString(), version, again.toString());

    Path first = Path.of(deb());
    assertThat(again.resolve(first.getFileName())).hasSameBinaryContentAs(first);
  }

  /** Nothing of it belongs to who built it, and nobody but root can change it. */
  @Test
  void allOfItIsRoots() throws Exception {
    assertThat(run("dpkg-deb", "-c", deb()).lines())
        .isNotEmpty()
        .allMatch(line -> line.matches("(d|-|l)rw.{5}(-|w).*") && line.contains(" root/root "))
        .noneMatch(line -> line.matches("[d-].{7}w.*"));
    assertThat(run("dpkg-deb", "-f", deb(), "Package", "Version", "Architecture"))
        .contains("Package: listen-backlog", "Version: " + version, "Architecture: all");
  }

  private String run(String... command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("JOURNAL_STREAM");
    var process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s: %s", String.join(" ", command), said).isZero();
    return said;
  }
}
