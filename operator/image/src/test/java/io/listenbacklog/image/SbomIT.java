package io.listenbacklog.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the image says it consists of, compared with what it consists of; and the licences. */
class SbomIT {
  private static final String PLACE = "usr/share/sbom/listen-backlog-operator.cdx.json";

  /** What the text of a licence says that no other says, for those whose text we add or rely on. */
  private static final Map<String, Pattern> SAYS =
      Map.of(
          "Apache-2.0", Pattern.compile("Apache License\\s+Version 2.0, January 2004"),
          "BSD-2-Clause", Pattern.compile("Redistribution and use in source and binary forms"),
          "GPL-2.0-only", Pattern.compile("GNU General Public License"),
          "LGPL-2.1-only", Pattern.compile("GNU LESSER GENERAL PUBLIC LICENSE\\s+Version 2.1"),
          "LGPL-2.1-or-later", Pattern.compile("GNU Lesser General Public\\s+License"),
          "MIT", Pattern.compile("Permission is hereby granted, free\\s+of charge"),
          "Zlib", Pattern.compile("This notice may not be removed or altered"));

  private static final Pattern BOTH = Pattern.compile(" AND | WITH ");
  private static final Pattern EITHER = Pattern.compile(" OR ");

  private static Path root = Path.of("");
  private static JsonNode sbom = MissingNode.getInstance();

  @BeforeAll
  static void read() throws Exception {
    root = UnpackedImage.get().root();
    sbom = UnpackedImage.JSON.readTree(root.resolve(PLACE).toFile());
  }

  private static List<JsonNode> components() {
    return sbom.path("components").valueStream().toList();
  }

  private static Stream<JsonNode> withParts(JsonNode component) {
    return Stream.concat(
        Stream.of(component),
        component.path("components").valueStream().flatMap(SbomIT::withParts));
  }

  private static List<String> files(JsonNode component) {
    return component
        .at("/evidence/occurrences")
        .valueStream()
        .map(each -> each.path("location").asText())
        .toList();
  }

  private static String name(JsonNode component) {
    return component.path("bom-ref").asText();
  }

  @Test
  void eachFileIsOfOneComponentAndEachOfThoseFilesIsThere() throws Exception {
    var told = new ArrayList<>(files(sbom.at("/metadata/component")));
    components().forEach(each -> told.addAll(files(each)));
    assertThat(told).doesNotHaveDuplicates();

    var there = new TreeSet<String>();
    for (Path file : UnpackedImage.get().files()) there.add(root.relativize(file).toString());
    assertThat(new TreeSet<>(told)).isEqualTo(there);
  }

  @Test
  void noComponentIsWithoutFilesAndThoseOfOneFileHaveItsSum() throws Exception {
    for (JsonNode component : components()) {
      assertThat(files(component)).as(name(component)).isNotEmpty();
      JsonNode sum = component.at("/hashes/0/content");
      if (files(component).getFirst().endsWith(".jar")) {
        assertThat(sum.asText())
            .as(name(component))
            .isEqualTo(sha256(root.resolve(files(component).getFirst())));
      }
    }
  }

  private static String sha256(Path file) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(digest);
  }

  @Test
  void eachModuleOfTheRuntimeIsInItWithItsVersion() throws Exception {
    String java = root.resolve("opt/java/bin/java").toString();
    var modules = UnpackedImage.run(List.of(java, "--list-modules")).lines().toList();
    var told =
        components().stream()
            .flatMap(SbomIT::withParts)
            .filter(each -> name(each).startsWith("openjdk/"))
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
        assertThat(components()).anyMatch(component -> name(component).startsWith(purl));
      }
    }
  }

  /** A library inside another's jar would be in no list. */
  @Test
  void noJarHoldsAnotherWithoutSayingSo() throws IOException {
    for (JsonNode component : components()) {
      for (String file : files(component)) {
        if (!file.endsWith(".jar")) continue;
        try (var jar = new JarFile(root.resolve(file).toFile())) {
          var poms =
              jar.stream()
                  .map(entry -> entry.getName())
                  .filter(entry -> entry.matches("META-INF/maven/.*/pom[.]properties"))
                  .toList();
          assertThat(poms).as(file).hasSizeLessThanOrEqualTo(1);
          assertThat(jar.stream().map(entry -> entry.getName()))
              .as(file)
              .noneMatch(entry -> entry.endsWith(".jar"));
        }
      }
    }
  }

  @Test
  void eachComponentIsUnderAPermittedLicenceWhoseTextIsThere() throws IOException {
    var permitted =
        Files.readAllLines(Path.of("src/build/permitted-licences.txt")).stream()
            .filter(line -> !line.startsWith("#"))
            .collect(Collectors.toCollection(HashSet::new));
    var all = components().stream().flatMap(SbomIT::withParts).toList();
    assertThat(all).isNotEmpty();
    for (JsonNode component : all) {
      String licence = component.at("/licenses/0/expression").asText();
      var ids =
          Pattern.compile("[ ()]+")
              .splitAsStream(licence)
              .filter(word -> !Set.of("AND", "OR", "WITH").contains(word))
              .toList();
      assertThat(permitted).as(name(component)).containsAll(ids);

      var text = new StringBuilder();
      for (JsonNode reference : component.path("externalReferences")) {
        if (!reference.path("type").asText().equals("license")) continue;
        text.append(Files.readString(root.resolve(reference.path("url").asText()), UTF_8));
      }
      assertThat(text).as("texts of %s", name(component)).isNotEmpty();
      // Of "A OR B" one is enough, of "A AND B" each has to be there.
      assertThat(EITHER.splitAsStream(licence))
          .as("texts of %s, which is under %s", name(component), licence)
          .anySatisfy(
              choice -> {
                for (String id : BOTH.splitAsStream(choice).toList()) {
                  Pattern says = SAYS.get(id);
                  if (says != null) assertThat(text.toString()).containsPattern(says);
                }
              });
    }
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
    assertThat(schema.validate(sbom.toString(), InputFormat.JSON)).isEmpty();
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
        components().stream()
            .flatMap(each -> files(each).stream())
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
