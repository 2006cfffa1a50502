package io.listenbacklog.policy.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.listenbacklog.api.NodeBacklog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The bounds in the CRD of NodeBacklog refuse nothing that the parts write or have written: an
 * object that is there before an upgrade must still be one that can be written after it.
 */
class NodeBacklogSchemaTest {
  private static final Path RESOURCES = Path.of("src/test/resources");
  private static final YAMLMapper YAML = new YAMLMapper();

  private final Schema schema;

  NodeBacklogSchemaTest() throws IOException {
    schema = Schema.of("nodebacklogs");
  }

  @Test
  void whatReleasesWroteIsStillValidAndReadTheSame() throws IOException {
    try (var files = Files.list(RESOURCES.resolve("released"))) {
      for (Path each : files.toList()) {
        var written = YAML.readTree(each.toFile());
        assertThat(schema.problems(written)).as(each.toString()).isEmpty();
        var read = GoldenCase.YAML.convertValue(written, NodeBacklog.class);
        var again = YAML.readTree(GoldenCase.YAML.asYaml(read));
        assertThat(again.get("status")).isEqualTo(written.get("status"));
        assertThat(again.get("spec")).isEqualTo(written.get("spec"));
      }
    }
  }

  @Test
  void whatProbesTellIsValid() throws IOException {
    int seen = 0;
    try (var files = Files.walk(RESOURCES.resolve("report"))) {
      for (Path each : files.filter(NodeBacklogSchemaTest::isInput).toList()) {
        for (var document : documents(each)) {
          if (!document.path("kind").asText().equals("NodeBacklog")) continue;
          seen++;
          assertThat(schema.problems(document)).as(each.toString()).isEmpty();
        }
      }
    }
    assertThat(seen).isGreaterThan(50);
  }

  @Test
  void numbersThatNobodyCouldReadAndListsWithoutEndAreRefused() throws IOException {
    var released = RESOURCES.resolve("released/nodebacklog-0.1.0.yaml").toFile();
    var object = (ObjectNode) YAML.readTree(released);
    var listeners = (ArrayNode) object.at("/status/listeners");
    var listener = (ObjectNode) listeners.get(0);
    listener.put("backlog", Integer.MAX_VALUE + 1L);
    listener.put("inode", Long.MAX_VALUE);
    ((ObjectNode) listener.get("hindrance")).put("message", "x".repeat(40_000));
    ((ObjectNode) object.at("/spec/requirements/0")).put("minimum", 65_536);
    for (int i = 0; i < 4_000; i++) listeners.add(listeners.get(1));

    assertThat(schema.problems(object))
        .containsExactlyInAnyOrder(
            "spec.requirements[].minimum is not from 1 to 65535",
            "status.listeners has more than 4000",
            "status.listeners[].backlog is not from -2147483648 to 2147483647",
            "status.listeners[].inode is not from -9007199254740991 to 9007199254740991",
            "status.listeners[].hindrance.message is longer than 32768");
  }

  /** But for names that no kernel lets anybody have, which are for the cleaning of texts. */
  private static boolean isInput(Path file) {
    return Files.isRegularFile(file)
        && file.getFileName().toString().startsWith("in")
        && !file.toString().contains("of-strangers");
  }

  private static List<JsonNode> documents(Path file) throws IOException {
    var documents = new ArrayList<JsonNode>();
    try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      while (values.hasNextValue()) documents.add(values.nextValue());
    }
    return documents;
  }
}
