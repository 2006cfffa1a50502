package io.listenbacklog.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds {@code crds/}, and the chart's copy of it, to the types of this module; {@code
 * -Dcrds=write} writes both instead.
 */
class CrdsTest {
  private static final List<Path> FOLDERS =
      List.of(Path.of("../../crds"), Path.of("../../helm/listen-backlog-operator/crds"));
  private static final Map<String, String> GENERATED = GeneratedCrds.yamlByName();

  @ParameterizedTest
  @ValueSource(classes = {BacklogPolicy.class, ClusterBacklogPolicy.class, NodeBacklog.class})
  void theCommittedFileEqualsTheGeneratedOne(Class<? extends HasMetadata> kind) throws IOException {
    String text = document(kind).text();
    for (Path folder : FOLDERS) {
      Path file = folder.resolve(HasMetadata.getPlural(kind) + ".yaml");
      if (System.getProperty("crds", "compare").equals("write")) {
        Files.createDirectories(folder);
        Files.writeString(file, text);
      }
      assertThat(file).hasContent(text);
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {BacklogPolicy.class, ClusterBacklogPolicy.class, NodeBacklog.class})
  void kubectlExplainHasAWordOnEachField(Class<? extends HasMetadata> kind) throws IOException {
    var undescribed = new ArrayList<String>();
    collectUndescribed("", document(kind).schema(), undescribed);
    assertThat(undescribed).isEmpty();
  }

  @Test
  void eachListTextAndNumberOfANodeBacklogHasABound() throws IOException {
    var unbounded = new ArrayList<String>();
    collectUnbounded("", document(NodeBacklog.class).schema(), unbounded);
    assertThat(unbounded).isEmpty();
  }

  /**
   * Before Kubernetes 1.34 an API server takes such a value for as long as the longest request, and
   * refuses a CRD with a rule that compares it or looks into it. What a rule may do: ask whether it
   * is there, and look for it in a list.
   */
  @ParameterizedTest
  @ValueSource(classes = {BacklogPolicy.class, ClusterBacklogPolicy.class, NodeBacklog.class})
  void noRuleLooksIntoAValueThatIsANumberOrAText(Class<? extends HasMetadata> kind)
      throws IOException {
    var schema = document(kind).schema();
    var names = new TreeSet<String>();
    collectNumbersOrTexts(schema, names);
    assertThat(names.isEmpty()).isEqualTo(kind == NodeBacklog.class);

    for (JsonNode rule : schema.findValues("rule")) {
      for (String name : names) {
        String value = "\\w+\\." + name + "\\b";
        assertThat(
                rule.asText()
                    .replaceAll("has\\(" + value + "\\)", "")
                    .replaceAll(value + " in \\[" + value + "]", ""))
            .doesNotContainPattern(value);
      }
    }
  }

  private static void collectNumbersOrTexts(JsonNode schema, Set<String> names) {
    schema
        .path("properties")
        .properties()
        .forEach(
            each -> {
              if (each.getValue().path("x-kubernetes-int-or-string").asBoolean()) {
                names.add(each.getKey());
              }
              collectNumbersOrTexts(each.getValue(), names);
            });
    if (schema.has("items")) collectNumbersOrTexts(schema.get("items"), names);
  }

  @Test
  void noFileIsLeftOver() throws IOException {
    for (Path folder : FOLDERS) {
      try (var files = Files.list(folder)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder(
                "backlogpolicies.yaml", "clusterbacklogpolicies.yaml", "nodebacklogs.yaml");
      }
    }
  }

  private static CrdDocument document(Class<? extends HasMetadata> kind) throws IOException {
    String name = HasMetadata.getPlural(kind) + "." + ApiGroup.NAME + "-v1";
    return new CrdDocument(kind, requireNonNull(GENERATED.get(name), name));
  }

  private static void collectUndescribed(String path, ObjectNode schema, List<String> undescribed) {
    if (!path.endsWith("[]") && schema.path("description").asText().isEmpty()) {
      undescribed.add(path);
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            property ->
                collectUndescribed(
                    path + "." + property.getKey(), (ObjectNode) property.getValue(), undescribed));
    if (schema.has("items")) {
      collectUndescribed(path + "[]", (ObjectNode) schema.get("items"), undescribed);
    }
  }

  private static void collectUnbounded(String path, JsonNode schema, List<String> unbounded) {
    boolean isBounded =
        switch (schema.path("type").asText()) {
          case "array" -> schema.has("maxItems");
          case "string" -> schema.has("maxLength") || schema.has("enum") || schema.has("format");
          case "integer" -> schema.has("minimum") && schema.has("maximum");
          default -> true;
        };
    if (!isBounded) unbounded.add(path);
    schema
        .path("properties")
        .properties()
        .forEach(each -> collectUnbounded(path + "." + each.getKey(), each.getValue(), unbounded));
    if (schema.has("items")) collectUnbounded(path + "[]", schema.get("items"), unbounded);
  }
}
