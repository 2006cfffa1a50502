import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/**
 * Under which licence each component is passed on (licences.tsv), whether that may be
 * (permitted-licences.txt), and its text: the one it brings, else the licence's own from the folder
 * licences.
 */
final class Licences {
  private static final Pattern TEXT_IN_JAR =
      Pattern.compile("META-INF/(?<name>[^/]*(LICENSE|NOTICE)[^/]*)");

  private final Path source;
  private final Path target;
  private final String place;
  private final Map<String, String> expressions = new LinkedHashMap<>();
  private final Set<String> permitted;
  private final Set<String> problems = new TreeSet<>();

  /** Texts are written to {@code target}, which in what is published is called {@code place}. */
  Licences(Path source, Path target, String place) throws IOException {
    this.source = source;
    this.target = target;
    this.place = place;
    for (String line : lines(source.resolve("licences.tsv"))) {
      String[] fields = line.split("\t");
      expressions.put(fields[0], fields[1]);
    }
    permitted = new HashSet<>(lines(source.resolve("permitted-licences.txt")));
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).toList();
  }

  /** What has no licence, or one that is not permitted, or no text: for people. */
  Set<String> problems() {
    return problems;
  }

  /** The licence of a component by its purl, or by another name of licences.tsv. */
  String of(String component) {
    for (var line : expressions.entrySet()) {
      if (!component.startsWith(line.getKey())) continue;
      for (String id : ids(line.getValue())) {
        if (!permitted.contains(id)) {
          problems.add(component + " is under " + id + ", which permitted-licences.txt has not");
        }
      }
      return line.getValue();
    }
    problems.add(component + " has no line in licences.tsv");
    return "NOASSERTION";
  }

  private static List<String> ids(String expression) {
    return Arrays.stream(expression.split("[ ()]+"))
        .filter(word -> !word.isEmpty() && !Set.of("AND", "OR", "WITH").contains(word))
        .toList();
  }

  /** The texts of a jar, in a folder of its name, and where they are in what is published. */
  List<String> textsOf(Path jar, String name, String expression) throws IOException {
    var texts = new ArrayList<String>();
    boolean licence = false;
    try (var archive = new JarFile(jar.toFile())) {
      for (var entry : archive.stream().toList()) {
        var text = TEXT_IN_JAR.matcher(entry.getName());
        if (!text.matches()) continue;
        byte[] bytes = archive.getInputStream(entry).readAllBytes();
        licence |= text.group("name").contains("LICENSE");
        texts.add(write(bytes, name + "/" + text.group("name")));
      }
    }
    // Some bring a notice that only names their licence.
    for (String id : ids(expression)) {
      Path own = source.resolve("licences").resolve(id + ".txt");
      if (Files.notExists(own)) continue;
      texts.add(write(Files.readAllBytes(own), id + ".txt"));
      licence = true;
    }
    if (!licence) problems.add(name + " has no text of " + expression);
    return texts.stream().sorted().distinct().toList();
  }

  /** A text that is one of ours but for its blanks is written once. */
  private String write(byte[] bytes, String name) throws IOException {
    String to = name;
    byte[] content = bytes;
    for (Path own : standardTexts()) {
      byte[] standard = Files.readAllBytes(own);
      if (words(standard).equals(words(bytes))) {
        to = own.getFileName().toString();
        content = standard;
      }
    }
    Path file = target.resolve(to);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    return place + "/" + to;
  }

  private List<Path> standardTexts() throws IOException {
    try (var files = Files.list(source.resolve("licences"))) {
      return files.sorted().toList();
    }
  }

  private static String words(byte[] text) {
    return new String(text, StandardCharsets.UTF_8)
        .replaceAll("\\s+", " ")
        .replace("https:", "http:")
        .strip();
  }
}
