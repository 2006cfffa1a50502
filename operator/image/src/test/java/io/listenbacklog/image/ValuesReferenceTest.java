package io.listenbacklog.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/values.md: the chart's values, their defaults and what the comments of values.yaml say. */
class ValuesReferenceTest {
  private static final Path PAGE = Path.of("../../docs/values.md");
  private static final Path VALUES = Chart.FOLDER.resolve("values.yaml");
  private static final String HEAD =
      """
      # Values of the chart

      Made from the comments of [values.yaml](../helm/listen-backlog-operator/values.yaml). What the schema does not know is refused.

      | value | default | what it does |
      |---|---|---|
      """;
  private static final Pattern KEY = Pattern.compile("(?<indent> *)(?<key>\\w+):(?<value>.*)");
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void theReferenceIsWhatTheCommentsSay() throws Exception {
    String page = HEAD + rows();
    if ("write".equals(System.getProperty("docs"))) {
      Files.writeString(PAGE, page);
      return;
    }
    assertThat(Files.readString(PAGE)).as("renew it with -Ddocs=write").isEqualTo(page);
  }

  private static String rows() throws Exception {
    JsonNode values = Chart.YAML.readTree(VALUES.toFile());
    var path = new ArrayList<String>();
    var comments = new HashMap<String, String>();
    var comment = new StringBuilder();
    var rows = new StringBuilder();
    for (String line : Files.readAllLines(VALUES)) {
      var key = KEY.matcher(line);
      if (line.strip().startsWith("#")) {
        comment.append(comment.isEmpty() ? "" : " ").append(line.strip().substring(1).strip());
      } else if (line.isBlank()) {
        comment.setLength(0);
      } else if (key.matches()) {
        int depth = key.group("indent").length() / 2;
        while (path.size() > depth) path.removeLast();
        path.add(key.group("key"));
        String name = String.join(".", path);
        comments.put(name, comment.toString());
        comment.setLength(0);
        JsonNode value = values.at("/" + String.join("/", path));
        boolean isGroup = key.group("value").isBlank() && value.isObject();
        String said = comments.get(name);
        if (isGroup) {
          if (!said.isEmpty())
            rows.append("| **`%s`** | | %s |\n".formatted(name, said.replace("|", "\\|")));
        } else {
          rows.append(
              "| `%s` | `%s` | %s |\n"
                  .formatted(name, JSON.writeValueAsString(value), said.replace("|", "\\|")));
        }
      } else {
        comment.setLength(0);
      }
    }
    return rows.toString();
  }

  @Test
  void whatUsersAskEachChartForIsThere() {
    var chart =
        Chart.with(
            Map.of(
                "commonLabels.team", "net",
                "controller.serviceAccount.annotations.role", "r",
                "controller.extraEnv[0].name", "HTTPS_PROXY",
                "probe.extraEnv[0].name", "TZ",
                "controller.topologySpreadConstraints[0].topologyKey", "zone",
                "podMonitor.enabled", "true",
                "extraObjects[0]", "kind: Extra\nmetadata: {name: '{{ .Release.Name }}-x'}"));

    assertThat(chart.objects())
        .filteredOn(each -> !each.path("kind").asText().equals("CustomResourceDefinition"))
        .filteredOn(each -> !each.path("kind").asText().equals("Extra"))
        .allSatisfy(
            each ->
                assertThat(each.at("/metadata/labels/team").asText())
                    .as("%s", each)
                    .isEqualTo("net"));
    assertThat(chart.one("ServiceAccount", "-controller").at("/metadata/annotations/role").asText())
        .isEqualTo("r");
    assertThat(chart.one("Extra", "-x").at("/metadata/name").asText()).isEqualTo("lbo-x");
    assertThat(environment(chart.one("Deployment", "-controller")))
        .contains("HTTPS_PROXY", "POD_NAME");
    assertThat(environment(chart.one("DaemonSet", "-probe"))).contains("TZ", "NODE_NAME");
    assertThat(
            chart
                .one("Deployment", "-controller")
                .at("/spec/template/spec/topologySpreadConstraints/0/topologyKey")
                .asText())
        .isEqualTo("zone");
    assertThat(chart.one("Deployment", "-controller").at("/spec/selector/matchLabels").toString())
        .doesNotContain("team");
  }

  private static List<String> environment(JsonNode workload) {
    return workload.at("/spec/template/spec/containers/0/env").findValuesAsText("name");
  }
}
