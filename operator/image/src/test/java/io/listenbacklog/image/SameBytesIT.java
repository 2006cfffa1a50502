package io.listenbacklog.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.policy.pages.Pages;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has made two builds of the same sources differ, or would: looked for in one. */
class SameBytesIT {
  private static final String TIME = "1970-01-01 00:00:01";

  @TempDir Path folder;

  @Test
  void eachEntryOfEachLayerIsRootsAndOfTheSameTime() throws Exception {
    var entries =
        UnpackedImage.get().layers().stream()
            .flatMap(layer -> list(layer).lines())
            .filter(line -> !line.isBlank())
            .toList();

    assertThat(entries)
        .hasSizeGreaterThan(100)
        .allMatch(line -> line.contains(" 0/0 ") && line.contains(" " + TIME + " "));
  }

  private static String list(Path layer) {
    try {
      return UnpackedImage.run(
          List.of(
              "tar",
              "--utc",
              "--full-time",
              "--numeric-owner",
              "--warning=no-unknown-keyword",
              "-tvzf",
              layer.toString()));
    } catch (Exception e) {
      throw new AssertionError("tar -t " + layer, e);
    }
  }

  /** Two of jlink's plug-ins wrote them with it or without, as chance had it. */
  @Test
  void theClassesThatJlinkWritesDoNotTellTheirSource() throws Exception {
    Path modules = UnpackedImage.get().root().resolve("opt/java/lib/modules");
    UnpackedImage.run(
        List.of(
            System.getProperty("java.home") + "/bin/jimage",
            "extract",
            "--include=regex:/java.base/jdk/internal/module/SystemModules.*",
            "--dir=" + folder,
            modules.toString()));

    try (var files = Files.walk(folder)) {
      var classes = files.filter(each -> each.toString().endsWith(".class")).toList();
      assertThat(classes).anyMatch(each -> each.toString().contains("SystemModules$"));
      for (Path each : classes) {
        assertThat(ClassFile.of().parse(each).attributes())
            .as("%s", each)
            .noneMatch(SourceFileAttribute.class::isInstance);
      }
    }
  }

  @Test
  void noFileTellsWhereItWasBuilt() throws Exception {
    String where = Pages.REPOSITORY.toAbsolutePath().normalize() + "/";
    for (Path file : UnpackedImage.get().files()) {
      assertThat(new String(Files.readAllBytes(file), ISO_8859_1).contains(where))
          .as("%s names %s", file, where)
          .isFalse();
      if (!file.toString().endsWith(".jar")) continue;
      try (var jar = new ZipFile(file.toFile())) {
        for (var entry : jar.stream().toList()) {
          byte[] content = jar.getInputStream(entry).readAllBytes();
          assertThat(new String(content, ISO_8859_1).contains(where))
              .as("%s in %s names %s", entry, file, where)
              .isFalse();
        }
      }
    }
  }
}
