package io.listenbacklog.image;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The chart as Helm renders it with some values: release {@code lbo}, namespace {@code backlog}.
 */
record Chart(List<JsonNode> objects) {
  static final Path FOLDER = Path.of("../../helm/listen-backlog-operator");

  /** Refuses a mapping in which a key is twice. */
  static final YAMLMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY).build();

  private static final Path RENDERED = copyWithVisibleHooks();

  static Chart withDefaults() {
    return with(Map.of());
  }

  /**
   * Renders it.
   *
   * @param values by path, as {@code --set} takes them
   * @throws RuntimeException with Helm's message
   */
  static Chart with(Map<String, ?> values) {
    var template = template();
    values.forEach(template::set);
    return of(template);
  }

  /** The same with a file of values, as {@code --values} takes it. */
  static Chart with(Path values) {
    return of(template().withValuesFile(values));
  }

  /** The same as a release of another name, in another namespace. */
  static Chart of(String release, String namespace, Path values) {
    return of(template().withName(release).withNamespace(namespace).withValuesFile(values));
  }

  private static TemplateCommand template() {
    return new Helm(RENDERED)
        .template()
        .withName("lbo")
        .withNamespace("backlog")
        .withKubeVersion("1.34.0");
  }

  private static Chart of(TemplateCommand template) {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(template.call())) {
      return new Chart(documents.readAll().stream().filter(JsonNode::isObject).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A copy whose hooks are ordinary objects that bear the annotation under another name, for
   * helm-java leaves hooks out of what it renders.
   */
  private static Path copyWithVisibleHooks() {
    try (var files = Files.walk(FOLDER)) {
      Path copy = Files.createTempDirectory(Path.of("target"), "chart-");
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(FOLDER.relativize(file));
        Files.createDirectories(to.getParent());
        Files.writeString(to, Files.readString(file).replace("helm.sh/hook", "visible/hook"));
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Stream<JsonNode> kind(String kind) {
    return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
  }

  /** The only object of a kind whose name ends so. */
  JsonNode one(String kind, String suffix) {
    List<JsonNode> found =
        kind(kind).filter(object -> object.at("/metadata/name").asText().endsWith(suffix)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " of kind " + kind + " named …" + suffix);
    }
    return found.getFirst();
  }

  /** The specs of all pods that the chart leads to. */
  List<JsonNode> pods() {
    return Stream.of("Deployment", "DaemonSet", "Job")
        .flatMap(this::kind)
        .map(object -> object.at("/spec/template/spec"))
        .toList();
  }

  JsonNode probe() {
    return one("DaemonSet", "-probe").at("/spec/template/spec");
  }
}
