package io.listenbacklog.policy.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The schema of a committed CRD, read as the API server reads it, as far as ours go: types,
 * required fields, enums and bounds. What it does not know is an error too, for the API server
 * drops that.
 */
final class Schema {
  private static final Path CRDS = Path.of("../../crds");

  private final JsonNode root;

  private Schema(JsonNode root) {
    this.root = root;
  }

  /** Of a kind, by the plural of its name. */
  static Schema of(String plural) throws IOException {
    var crd = new YAMLMapper().readTree(CRDS.resolve(plural + ".yaml").toFile());
    return new Schema(crd.at("/spec/versions/0/schema/openAPIV3Schema"));
  }

  /** What the API server would have against an object, each with the field. */
  List<String> problems(JsonNode object) {
    var problems = new ArrayList<String>();
    for (var each : object.properties()) {
      if (List.of("spec", "status").contains(each.getKey())) {
        var schema = root.path("properties").path(each.getKey());
        check(each.getKey(), schema, each.getValue(), problems);
      }
    }
    return problems;
  }

  private static void check(String path, JsonNode schema, JsonNode value, List<String> problems) {
    switch (schema.path("type").asText()) {
      case "object" -> object(path, schema, value, problems);
      case "array" -> array(path, schema, value, problems);
      case "integer" -> integer(path, schema, value, problems);
      case "string" -> text(path, schema, value, problems);
      case "boolean" -> when(!value.isBoolean(), path + " is no boolean", problems);
      default -> problems.add(path + " has no type that is known here");
    }
  }

  private static void object(String path, JsonNode schema, JsonNode value, List<String> problems) {
    if (!value.isObject()) {
      problems.add(path + " is no object");
      return;
    }
    for (var required : schema.path("required")) {
      when(!value.has(required.asText()), path + " lacks " + required.asText(), problems);
    }
    for (var each : value.properties()) {
      var property = schema.path("properties").path(each.getKey());
      String name = path + "." + each.getKey();
      if (property.isMissingNode()) {
        problems.add(name + " is not known");
      } else {
        check(name, property, each.getValue(), problems);
      }
    }
  }

  private static void array(String path, JsonNode schema, JsonNode value, List<String> problems) {
    when(!value.isArray(), path + " is no list", problems);
    int most = schema.path("maxItems").asInt(Integer.MAX_VALUE);
    when(value.size() > most, path + " has more than " + most, problems);
    for (var each : value) check(path + "[]", schema.get("items"), each, problems);
  }

  private static void integer(String path, JsonNode schema, JsonNode value, List<String> problems) {
    when(!value.isIntegralNumber(), path + " is no integer", problems);
    long from = schema.path("minimum").asLong(Long.MIN_VALUE);
    long to = schema.path("maximum").asLong(Long.MAX_VALUE);
    boolean within = value.canConvertToLong() && value.asLong() >= from && value.asLong() <= to;
    when(!within, "%s is not from %d to %d".formatted(path, from, to), problems);
  }

  private static void text(String path, JsonNode schema, JsonNode value, List<String> problems) {
    when(!value.isTextual(), path + " is no text", problems);
    String text = value.asText();
    int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
    when(text.codePointCount(0, text.length()) > most, path + " is longer than " + most, problems);
    if (schema.has("enum")) {
      var known = new ArrayList<String>();
      schema.get("enum").forEach(each -> known.add(each.asText()));
      when(!known.contains(text), path + " is none of " + known, problems);
    }
    if (schema.has("pattern")) {
      var pattern = Pattern.compile(schema.get("pattern").asText());
      when(!pattern.matcher(text).find(), path + " is not like " + pattern, problems);
    }
    if (schema.path("format").asText().equals("date-time")) {
      when(!isMoment(text), path + " is no point in time", problems);
    }
  }

  private static boolean isMoment(String text) {
    try {
      var _ = Instant.parse(text);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static void when(boolean wrong, String what, List<String> problems) {
    if (wrong) problems.add(what);
  }
}
