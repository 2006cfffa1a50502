package io.listenbacklog.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import io.listenbacklog.policy.published.PublishedSbom;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the image says it consists of, compared with what it consists of; and the licences. */
class SbomIT {
  private static final String PLACE = "usr/share/sbom/listen-backlog-operator.cdx.json";

  private static Path root = Path.of("");
  private static PublishedSbom sbom = new PublishedSbom(root, MissingNode.getInstance());

  @BeforeAll
  static void read() throws Exception {
    root = UnpackedImage.get().root();
    sbom = PublishedSbom.read(root, PLACE);
  }

  @Test
  void eachFileIsOfOneComponentAndEachOfThoseFilesIsThere() throws Exception {
    sbom.tellsEachFileOnce();
  }

  @Test
  void noComponentIsWithoutFilesAndThoseOfOneFileHaveItsSum() throws Exception {
    assertThat(sbom.components())
        .allSatisfy(
            each ->
                assertThat(PublishedSbom.files(each)).as(PublishedSbom.name(each)).isNotEmpty());
    sbom.tellsTheSumsOfJars();
  }

  @Test
  void eachModuleOfTheRuntimeIsInItWithItsVersion() throws Exception {
    var modules =
        UnpackedImage.get().runInside("/opt/java/bin/java", "--list-modules").lines().toList();
    var told =
        sbom.withParts().stream()
            .filter(each -> PublishedSbom.name(each).startsWith("openjdk/"))
            .map(each -> each.path("name").asText() + "@" + each.path("version").asText())
            .toList();
    assertThat(modules).isNotEmpty();
    assertThat(told).containsAll(modules);
    // A library in C that java.base holds: scanners know holes of it.
    assertThat(told).anyMatch(each -> each.startsWith("zlib@1."));
  }

  @Test
  void eachPackageOfDebianIsInItWithItsVersion() throws IOException {
    try (var records = Files.list(root.resolve("var/lib/dpkg/status.d"))) {
      for (Path each : records.filter(file -> !file.toString().endsWith(".md5sums")).toList()) {
        String version =
            Files.readAllLines(each).stream()
                .filter(line -> line.startsWith("Version: "))
                .findFirst()
                .orElseThrow()
                .substring("Version: ".length());
        String purl =
            "pkg:deb/debian/%s@%s?"
                .formatted(each.getFileName().toString(), version.replace("+", "%2B"));
        assertThat(sbom.components())
            .anyMatch(component -> PublishedSbom.name(component).startsWith(purl));
      }
    }
  }

  @Test
  void noJarHoldsAnotherWithoutSayingSo() throws IOException {
    sbom.hidesNoJarInAnother();
  }

  @Test
  void eachComponentIsUnderAPermittedLicenceWhoseTextIsThere() throws IOException {
    sbom.hasPermittedLicencesAndTheirTexts();
  }

  @Test
  void itIsWhatCycloneDxCallsOne() {
    var schema =
        JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V7,
                factory ->
                    factory.schemaMappers(
                        mappers -> mappers.mapPrefix("http://cyclonedx.org/schema/", "classpath:")))
            .getSchema(SchemaLocation.of("http://cyclonedx.org/schema/bom-1.6.schema.json"));
    assertThat(schema.validate(sbom.json().toString(), InputFormat.JSON)).isEmpty();
    assertThat(schema.validate("{\"bomFormat\":\"Else\"}", InputFormat.JSON)).isNotEmpty();
  }

  /**
   * Parts of the Kubernetes client's model are left out (the root pom's dependencyManagement). What
   * is called of the client, also by reflection, must do without: each class of it and of ours
   * links, and tells its methods, but for those that ask for metrics of pods, addresses of
   * Ingresses and uploads, which nobody here does.
   */
  @Test
  void eachClassFindsTheClassesThatItsMethodsName() throws Exception {
    var jars =
        sbom.components().stream()
            .flatMap(each -> PublishedSbom.files(each).stream())
            .filter(file -> file.endsWith(".jar"))
            .map(root::resolve)
            .toList();
    var urls = new ArrayList<URL>();
    for (Path jar : jars) urls.add(jar.toUri().toURL());
    var incomplete = new TreeSet<String>();
    int methods = 0;
    var platform = ClassLoader.getPlatformClassLoader();
    try (var loader = new URLClassLoader(urls.toArray(URL[]::new), platform)) {
      for (Path jar : jars) {
        if (!jar.getFileName().toString().matches("(kubernetes-[ch]|operator-|listen-).*"))
          continue;
        for (String name : classes(jar)) {
          try {
            // HotSpot links, and so verifies, a class before it tells its methods.
            methods += Class.forName(name, false, loader).getDeclaredMethods().length;
          } catch (NoClassDefFoundError e) {
            incomplete.add(name);
          }
        }
      }
    }
    assertThat(methods).isGreaterThan(10_000);
    assertThat(incomplete)
        .allMatch(
            name ->
                name.startsWith("io.fabric8.kubernetes.client.")
                    && name.matches(
                        ".*[.](NodeMetricOperation|PodMetricOperation|NodeMetricOperationsImpl"
                            + "|PodMetricOperationsImpl|PodUpload|PodOperationsImpl[$]1|URLFromServiceUtil)"));
  }

  private static List<String> classes(Path jar) throws IOException {
    try (var archive = new JarFile(jar.toFile())) {
      return archive.stream()
          .map(entry -> entry.getName())
          .filter(entry -> entry.endsWith(".class"))
          .filter(entry -> !entry.startsWith("META-INF") && !entry.endsWith("-info.class"))
          .map(entry -> entry.replace('/', '.').substring(0, entry.length() - ".class".length()))
          .toList();
    }
  }
}
