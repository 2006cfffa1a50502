import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes what an image or an archive of ours consists of, as CycloneDX, and the licences of it all.
 * Not cyclonedx-maven-plugin: it refuses to run offline, and knows jars alone.
 *
 * <p>Arguments are NAME=VALUE, with the folders of this machine and, after a colon, what they are
 * called in what is published:
 *
 * <ul>
 *   <li>{@code name}, {@code version}, {@code type}: of the whole; {@code time}: of the SBOM, which
 *       has to be the same in each build of the same sources
 *   <li>{@code dependencies}: what "dependency:tree -DoutputType=json" wrote
 *   <li>{@code jars}: the jars, as a class path or {@code java.class.path} for that of this
 *       program, and their folder
 *   <li>{@code linked}: jars, likewise, whose classes are in the runtime
 *   <li>{@code runtime}: the Java runtime; {@code debian}: the files of Debian's packages, with
 *       status.d; {@code own}: other files, which are ours: any number of each
 *   <li>{@code file}: one more file that is ours, and comes into being later
 *   <li>{@code licences}, {@code sbom}: what is written; {@code copyright}: for people, likewise,
 *       if it is given
 * </ul>
 *
 * <p>Ends with 1 where a component has no licence, one that is not permitted, or no text of it.
 */
final class Sbom {
  private static final Pattern VERSION = Pattern.compile("(.*?),? (?:v ?|Version )?([0-9]\\S*)");

  private static final String OWN_CLASS_PATH = "java.class.path";
  private static final String OWN_LIBRARIES = "pkg:maven/io.listenbacklog/";

  /** A folder or file of this machine, and its path in what is published. */
  private record Place(Path here, String there) {
    static Place of(String argument) {
      int colon = argument.lastIndexOf(':');
      return new Place(Path.of(argument.substring(0, colon)), argument.substring(colon + 1));
    }

    String there(Path file) {
      String inside = here.relativize(file).toString();
      return there.isEmpty() ? inside : there + "/" + inside;
    }

    List<Path> files() throws IOException {
      try (Stream<Path> files = Files.walk(here)) {
        return files
            .filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
            .sorted()
            .toList();
      }
    }
  }

  private final Map<String, List<String>> arguments = new LinkedHashMap<>();
  private final Licences licences;
  private final List<Component> components = new ArrayList<>();
  private final TreeSet<String> owned = new TreeSet<>();

  private Sbom(String[] args) throws IOException {
    for (String arg : args) {
      int equals = arg.indexOf('=');
      arguments
          .computeIfAbsent(arg.substring(0, equals), _ -> new ArrayList<>())
          .add(arg.substring(equals + 1));
    }
    Place texts = Place.of(argument("licences"));
    Path source = Path.of(System.getProperty("jdk.launcher.sourcefile")).toAbsolutePath();
    licences = new Licences(source.getParent(), texts.here(), texts.there());
  }

  private String argument(String name) {
    return arguments.get(name).getFirst();
  }

  private List<String> all(String name) {
    return arguments.getOrDefault(name, List.of());
  }

  public static void main(String[] args) throws IOException {
    var sbom = new Sbom(args);
    remove(Place.of(sbom.argument("licences")).here());
    sbom.write();
    if (sbom.licences.problems().isEmpty()) return;
    sbom.licences.problems().forEach(problem -> System.err.println("licences: " + problem));
    System.exit(1);
  }

  private void write() throws IOException {
    var tree = new JsonMapper().readTree(Path.of(argument("dependencies")).toFile());
    jars(tree);
    for (String runtime : all("runtime")) components.add(runtime(Place.of(runtime)));
    for (String debian : all("debian")) packages(Place.of(debian));
    components.sort(Comparator.comparing(Component::ref));
    for (Component each : components) owned.addAll(each.files());

    Place sbom = Place.of(argument("sbom"));
    var whole = new LinkedHashMap<String, Object>();
    whole.put("bomFormat", "CycloneDX");
    whole.put("specVersion", "1.6");
    whole.put("version", 1);
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("timestamp", argument("time"));
    metadata.put("component", subject(sbom).toCycloneDx());
    whole.put("metadata", metadata);
    whole.put("components", components.stream().map(Component::toCycloneDx).toList());
    whole.put("dependencies", dependencies(tree));
    var json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    // The same content has the same number.
    whole.put("serialNumber", "urn:uuid:" + UUID.nameUUIDFromBytes(json.writeValueAsBytes(whole)));
    Files.createDirectories(sbom.here().getParent());
    Files.writeString(sbom.here(), json.writeValueAsString(whole) + "\n");
    for (String copyright : all("copyright")) writeCopyright(Path.of(copyright));
  }

  /** What Debian wants in each package: under which licences it is, and where their texts are. */
  private void writeCopyright(Path file) throws IOException {
    var text = new StringBuilder();
    text.append(argument("name"))
        .append(
            """
             is under the Apache License 2.0:
            /usr/share/common-licenses/Apache-2.0

            It brings these libraries, each under its own licence:
            """);
    for (Component each : components) {
      if (each.licence().equals("Apache-2.0") && each.ref().startsWith(OWN_LIBRARIES)) continue;
      text.append("\n%s %s: %s\n".formatted(each.name(), each.version(), each.licence()));
      for (String licence : each.texts()) text.append("  /").append(licence).append('\n');
    }
    Files.writeString(file, text);
  }

  /** What is published, with the files that are no component's. */
  private Component subject(Place sbom) throws IOException {
    var own = new TreeSet<>(all("file"));
    own.add(sbom.there());
    Place texts = Place.of(argument("licences"));
    for (Path file : texts.files()) own.add(texts.there(file));
    // What is among Debian's files and is no package's: accounts, resolver.
    var folders = Stream.concat(all("own").stream(), all("debian").stream()).toList();
    for (String folder : folders) {
      Place place = Place.of(folder);
      for (Path file : place.files()) own.add(place.there(file));
    }
    own.removeAll(owned);
    String name = argument("name");
    String version = argument("version");
    return new Component(
        argument("type"),
        "pkg:generic/" + name + "@" + version,
        name,
        version,
        "",
        "",
        "Apache-2.0",
        List.of(),
        List.copyOf(own),
        List.of());
  }

  private void jars(JsonNode tree) throws IOException {
    var known = new TreeMap<String, String>();
    known.put(jarName(tree), purl(tree));
    descendants(tree).forEach(each -> known.put(jarName(each), purl(each)));
    for (String argument : all("jars")) {
      Place folder = Place.of(argument);
      for (Path jar : jars(folder.here())) {
        components.add(library(jar, known, List.of(folder.there() + "/" + jar.getFileName())));
      }
    }
    for (String argument : all("linked")) {
      for (Path jar : jars(Place.of(argument).here())) {
        components.add(library(jar, known, List.of()));
      }
    }
  }

  private Component library(Path jar, Map<String, String> known, List<String> files)
      throws IOException {
    String name = jar.getFileName().toString();
    String ref = known.containsKey(name) ? known.get(name) : purlInside(jar);
    String licence = licences.of(ref);
    String artifact = ref.substring(ref.lastIndexOf('/') + 1, ref.indexOf('@'));
    return new Component(
        "library",
        ref,
        artifact,
        ref.substring(ref.indexOf('@') + 1),
        "",
        digest(Files.readAllBytes(jar)),
        licence,
        licences.textsOf(jar, artifact, licence),
        files,
        List.of());
  }

  private static List<Path> jars(Path where) throws IOException {
    if (Files.isDirectory(where)) {
      try (var files = Files.list(where)) {
        return files.filter(each -> each.toString().endsWith(".jar")).sorted().toList();
      }
    }
    String path = where.toString();
    String paths = path.equals(OWN_CLASS_PATH) ? System.getProperty(path) : path;
    return Stream.of(paths.split(":")).filter(each -> each.endsWith(".jar")).map(Path::of).toList();
  }

  private static Stream<JsonNode> descendants(JsonNode node) {
    return node.path("children")
        .valueStream()
        .flatMap(child -> Stream.concat(Stream.of(child), descendants(child)));
  }

  private static String jarName(JsonNode node) {
    String classifier = node.path("classifier").asText();
    return node.path("artifactId").asText()
        + "-"
        + node.path("version").asText()
        + (classifier.isEmpty() ? "" : "-" + classifier)
        + ".jar";
  }

  private static String purl(JsonNode node) {
    return "pkg:maven/%s/%s@%s"
        .formatted(
            node.path("groupId").asText(),
            node.path("artifactId").asText(),
            node.path("version").asText());
  }

  /** Of a jar that has another name than Maven gave it. */
  private static String purlInside(Path jar) throws IOException {
    try (var archive = new JarFile(jar.toFile())) {
      for (var entry : archive.stream().toList()) {
        if (!entry.getName().matches("META-INF/maven/.*/pom[.]properties")) continue;
        var pom = new Properties();
        pom.load(archive.getInputStream(entry));
        return "pkg:maven/%s/%s@%s"
            .formatted(
                pom.getProperty("groupId"),
                pom.getProperty("artifactId"),
                pom.getProperty("version"));
      }
    }
    throw new IOException(jar + " is none of the dependencies, and does not say what it is");
  }

  /** Who needs whom, as far as Maven's tree tells: each once, where it is nearest to the root. */
  private List<Map<String, Object>> dependencies(JsonNode tree) {
    var refs = components.stream().map(Component::ref).toList();
    var edges = new TreeMap<String, TreeSet<String>>();
    Stream.concat(Stream.of(tree), descendants(tree))
        .filter(node -> refs.contains(purl(node)))
        .forEach(
            node ->
                node.path("children")
                    .valueStream()
                    .map(Sbom::purl)
                    .filter(refs::contains)
                    .forEach(
                        child ->
                            edges.computeIfAbsent(purl(node), _ -> new TreeSet<>()).add(child)));
    var top = new LinkedHashMap<String, Object>();
    top.put("ref", "pkg:generic/" + argument("name") + "@" + argument("version"));
    top.put("dependsOn", refs);
    var list = new ArrayList<Map<String, Object>>(List.of(top));
    edges.forEach((ref, needed) -> list.add(Map.of("ref", ref, "dependsOn", needed)));
    return list;
  }

  /** The runtime, the modules it was linked of, and what of others its legal folders name. */
  private Component runtime(Place place) throws IOException {
    var release = new Properties();
    try (var in = Files.newBufferedReader(place.here().resolve("release"))) {
      release.load(in);
    }
    String version = unquoted(release.getProperty("JAVA_VERSION"));
    String build = unquoted(release.getProperty("IMPLEMENTOR_VERSION", ""));
    String ref = "pkg:generic/openjdk@" + version + (build.isEmpty() ? "" : "?build=" + build);
    ref = ref.replace("+", "%2B");
    String licence = licences.of(ref);
    String legal = place.there() + "/legal/";
    var parts = new ArrayList<Component>();
    for (String module : unquoted(release.getProperty("MODULES")).split(" ")) {
      // One that was linked of our jars.
      if (Files.notExists(place.here().resolve("legal").resolve(module))) continue;
      parts.add(
          new Component(
              "library",
              "openjdk/" + module,
              module,
              version,
              "",
              "",
              licence,
              List.of(legal + module + "/LICENSE"),
              List.of(),
              List.of()));
      parts.addAll(others(place, module));
    }
    return new Component(
        "framework",
        ref,
        "openjdk",
        version,
        "cpe:2.3:a:oracle:openjdk:" + version + ":*:*:*:*:*:*:*",
        "",
        licence,
        List.of(legal + "java.base/ASSEMBLY_EXCEPTION", legal + "java.base/LICENSE"),
        place.files().stream().map(place::there).toList(),
        parts);
  }

  private List<Component> others(Place place, String module) throws IOException {
    var others = new ArrayList<Component>();
    Path legal = place.here().resolve("legal").resolve(module);
    if (!Files.isDirectory(legal)) return others;
    for (Path text : new Place(legal, "").files()) {
      String file = text.getFileName().toString();
      if (!file.endsWith(".md")) continue;
      String id = file.substring(0, file.length() - ".md".length());
      String title =
          Files.readAllLines(text).stream()
              .filter(line -> line.startsWith("## "))
              .findFirst()
              .orElse("## " + id)
              .substring(3)
              .strip();
      var versioned = VERSION.matcher(title);
      boolean hasVersion = versioned.matches();
      others.add(
          new Component(
              "library",
              "openjdk/" + module + "/" + id,
              hasVersion ? versioned.group(1) : title,
              hasVersion ? versioned.group(2) : "",
              "",
              "",
              licences.of("jdk:" + id + "."),
              List.of(place.there(text)),
              List.of(),
              List.of()));
    }
    return others;
  }

  private static String unquoted(String value) {
    return value.replace("\"", "");
  }

  /** The packages of status.d, and which of its files are whose, by their sums. */
  private void packages(Place place) throws IOException {
    var system = new Properties();
    try (var in = Files.newBufferedReader(place.here().resolve("etc/os-release"))) {
      system.load(in);
    }
    String id = unquoted(system.getProperty("ID"));
    String distro = id + "-" + unquoted(system.getProperty("VERSION_ID", ""));
    Path status = place.here().resolve("var/lib/dpkg/status.d");
    for (Path sums : new Place(status, "").files()) {
      String file = sums.getFileName().toString();
      if (!file.endsWith(".md5sums")) continue;
      Path control = status.resolve(file.substring(0, file.length() - ".md5sums".length()));
      var fields = new TreeMap<String, String>();
      for (String line : Files.readAllLines(control)) {
        int colon = line.indexOf(": ");
        if (colon > 0 && line.charAt(0) != ' ') {
          fields.put(line.substring(0, colon), line.substring(colon + 2));
        }
      }
      var files = new TreeSet<>(List.of(place.there(control), place.there(sums)));
      for (String line : Files.readAllLines(sums)) {
        files.add(place.there(place.here().resolve(line.substring(line.indexOf("  ") + 2))));
      }
      String name = fields.get("Package");
      String version = fields.get("Version");
      String ref =
          "pkg:deb/%s/%s@%s?arch=%s&distro=%s"
              .formatted(id, name, version.replace("+", "%2B"), fields.get("Architecture"), distro);
      components.add(
          new Component(
              "library",
              ref,
              name,
              version,
              "",
              "",
              licences.of(ref),
              List.of(place.there(place.here().resolve("usr/share/doc/" + name + "/copyright"))),
              List.copyOf(files),
              List.of()));
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("each JDK has it", e);
    }
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) return;
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }
}
