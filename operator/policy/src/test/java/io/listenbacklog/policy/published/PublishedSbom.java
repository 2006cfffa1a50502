package io.listenbacklog.policy.published;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.listenbacklog.policy.pages.Pages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What something that we publish says it consists of, compared with what it consists of.
 *
 * @param root where it was unpacked
 * @param json what it says, as CycloneDX
 */
public record PublishedSbom(Path root, JsonNode json) {
  private static final Path PERMITTED =
      Pages.REPOSITORY.resolve("operator/image/src/build/permitted-licences.txt");

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

  /** Reads it at its place below the root. */
  public static PublishedSbom read(Path root, String place) throws IOException {
    return new PublishedSbom(root, new JsonMapper().readTree(root.resolve(place).toFile()));
  }

  /** Those at the top. */
  public List<JsonNode> components() {
    return json.path("components").valueStream().toList();
  }

  /** Those, and what they consist of themselves. */
  public List<JsonNode> withParts() {
    return components().stream().flatMap(PublishedSbom::withParts).toList();
  }

  private static Stream<JsonNode> withParts(JsonNode component) {
    return Stream.concat(
        Stream.of(component),
        component.path("components").valueStream().flatMap(PublishedSbom::withParts));
  }

  /** Where the files of a component are, from the root. */
  public static List<String> files(JsonNode component) {
    return component
        .at("/evidence/occurrences")
        .valueStream()
        .map(each -> each.path("location").asText())
        .toList();
  }

  /** What others call a component: its purl, where it has one. */
  public static String name(JsonNode component) {
    return component.path("bom-ref").asText();
  }

  /** Each file is of one component, and each of those files is there. */
  public void tellsEachFileOnce() throws IOException {
    var told = new ArrayList<>(files(json.at("/metadata/component")));
    components().forEach(each -> told.addAll(files(each)));
    assertThat(told).doesNotHaveDuplicates();
    try (var files = Files.walk(root)) {
      var there =
          files
              .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .map(file -> root.relativize(file).toString())
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(new TreeSet<>(told)).isEqualTo(there);
    }
  }

  /**
   * Each library is one jar, of the sum that is told. Only where all of them were linked together,
   * into a runtime with a module that is none of the JDK's, they have a sum and no jar.
   */
  public void tellsTheSumsOfJars() throws IOException {
    var libraries = components().stream().filter(PublishedSbom::isLibrary).toList();
    assertThat(libraries)
        .isNotEmpty()
        .allSatisfy(
            each -> {
              assertThat(each.at("/hashes/0/alg").asText()).as(name(each)).isEqualTo("SHA-256");
              assertThat(sum(each)).as(name(each)).matches("[0-9a-f]{64}");
            });
    assertThat(jarsOfNoLibrary()).isEmpty();
    if (libraries.stream().allMatch(each -> files(each).isEmpty())) {
      assertThat(linkedModules()).as("modules that libraries were linked into").hasSize(1);
      return;
    }
    for (JsonNode library : libraries) {
      assertThat(files(library))
          .as(name(library))
          .singleElement()
          .satisfies(
              jar -> {
                assertThat(jar).endsWith(".jar");
                assertThat(sum(library)).as(jar).isEqualTo(sha256(root.resolve(jar)));
              });
    }
  }

  private static boolean isLibrary(JsonNode component) {
    return name(component).startsWith("pkg:maven/");
  }

  private static boolean isRuntime(JsonNode component) {
    return name(component).startsWith("pkg:generic/openjdk@");
  }

  private static String sum(JsonNode component) {
    return component.at("/hashes/0/content").asText();
  }

  /** Those of which nobody tells what they are; a runtime has one of its own, jrt-fs.jar. */
  private List<String> jarsOfNoLibrary() {
    return Stream.concat(Stream.of(json.at("/metadata/component")), components().stream())
        .filter(each -> !isLibrary(each) && !isRuntime(each))
        .flatMap(each -> files(each).stream())
        .filter(file -> file.endsWith(".jar"))
        .toList();
  }

  /** What the runtime says it was linked of, without the modules that are told as the JDK's. */
  private Set<String> linkedModules() throws IOException {
    var modules = new TreeSet<String>();
    for (JsonNode runtime : components().stream().filter(PublishedSbom::isRuntime).toList()) {
      for (String file : files(runtime)) {
        if (!file.endsWith("/release")) continue;
        var release = new Properties();
        try (var in = Files.newBufferedReader(root.resolve(file))) {
          release.load(in);
        }
        var all = release.getProperty("MODULES", "").replace("\"", "").split(" ", -1);
        modules.addAll(List.of(all));
      }
      withParts(runtime).forEach(each -> modules.remove(each.path("name").asText()));
    }
    return modules;
  }

  private static String sha256(Path file) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("each JDK has it", e);
    }
  }

  /** A library inside another's jar would be in no list. */
  public void hidesNoJarInAnother() throws IOException {
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

  /** Each component is under a licence that is permitted, and its text is there. */
  public void hasPermittedLicencesAndTheirTexts() throws IOException {
    var permitted =
        Files.readAllLines(PERMITTED).stream()
            .filter(line -> !line.startsWith("#"))
            .collect(Collectors.toCollection(HashSet::new));
    assertThat(withParts()).isNotEmpty();
    for (JsonNode component : withParts()) {
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
}
