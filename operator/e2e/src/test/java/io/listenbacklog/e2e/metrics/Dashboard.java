package io.listenbacklog.e2e.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The dashboard, with what Prometheus is asked for it.
 *
 * @param variables the variables that are filled by a question to Prometheus
 */
record Dashboard(List<Variable> variables, List<Panel> panels) {
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), *(\\w+)\\)");
  private static final Pattern IN_LEGEND = Pattern.compile("\\{\\{ *(\\w+) *}}");

  Dashboard {
    variables = List.copyOf(variables);
    panels = List.copyOf(panels);
  }

  /**
   * A variable whose values are those of a label.
   *
   * @param selector of the series whose label it is
   * @param all what stands for it where all values are chosen
   */
  record Variable(String name, String selector, String label, String all) {}

  /**
   * A chart.
   *
   * @param unit as Grafana calls it: {@code s}, {@code percentunit}, {@code short}
   */
  record Panel(String title, String unit, List<Query> queries) {
    Panel {
      queries = List.copyOf(queries);
    }
  }

  /**
   * What is drawn in a panel.
   *
   * @param legend what a line is called, with its labels in double braces
   */
  record Query(String expression, String legend) {
    /** The question, for these values of the variables: regular expressions. */
    String with(Map<String, String> values) {
      String asked = expression;
      for (var each : values.entrySet())
        asked = asked.replace("$" + each.getKey(), each.getValue());
      if (asked.contains("$")) throw new AssertionError("a variable without a value: " + asked);
      return asked;
    }

    /** What a line with these labels is called; a label that it lacks fails the test. */
    String legend(Map<String, String> labels) {
      return IN_LEGEND
          .matcher(legend)
          .replaceAll(
              label -> {
                String value = labels.get(label.group(1));
                if (value == null) throw new AssertionError(legend + ": not in " + labels);
                return Matcher.quoteReplacement(value);
              });
    }
  }

  /** Reads what Grafana imports. */
  static Dashboard of(String json) {
    try {
      JsonNode dashboard = JsonMapper.builder().build().readTree(json);
      return new Dashboard(
          all(dashboard.at("/templating/list"))
              .filter(each -> each.path("type").asText().equals("query"))
              .map(Dashboard::variable)
              .toList(),
          all(dashboard.path("panels"))
              .map(
                  each ->
                      new Panel(
                          each.path("title").asText(),
                          each.at("/fieldConfig/defaults/unit").asText(),
                          all(each.path("targets")).map(Dashboard::query).toList()))
              .toList());
    } catch (JsonProcessingException e) {
      throw new AssertionError("the dashboard is no JSON", e);
    }
  }

  private static Variable variable(JsonNode variable) {
    String asked = variable.at("/query/query").asText();
    var parts = LABEL_VALUES.matcher(asked);
    if (!parts.matches()) throw new AssertionError("not label_values(…): " + asked);
    return new Variable(
        variable.path("name").asText(),
        parts.group(1),
        parts.group(2),
        variable.path("allValue").asText());
  }

  private static Query query(JsonNode target) {
    return new Query(target.path("expr").asText(), target.path("legendFormat").asText());
  }

  private static Stream<JsonNode> all(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
