package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A generated CRD made complete: what the generator cannot say of our types is added here, and what
 * it says oddly (65535.0, a rule twice, columns by the alphabet of their paths) is put right.
 */
final class CrdDocument {
  private static final String HEADER =
      """
      # Generated from operator/api by CrdsTest; do not edit.
      # To write it anew: mvn -pl operator/api -Dtest=CrdsTest -Dcrds=write test
      """;

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private final Class<? extends HasMetadata> kind;
  private final ObjectNode crd;

  CrdDocument(Class<? extends HasMetadata> kind, String generated) throws JsonProcessingException {
    this.kind = kind;
    this.crd = (ObjectNode) YAML.readTree(generated);
    complete((ObjectNode) crd.at("/spec/versions/0"));
  }

  /** The schema of the kind: {@code openAPIV3Schema}. */
  ObjectNode schema() {
    return (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
  }

  /** The file as it is kept in the repository. */
  String text() throws JsonProcessingException {
    return HEADER + YAML.writeValueAsString(crd);
  }

  private void complete(ObjectNode version) {
    orderColumns((ArrayNode) version.get("additionalPrinterColumns"));
    walk(schema());
    if (kind != NodeBacklog.class) {
      schema().putArray("required").add("spec");
      completePolicyLists((ObjectNode) schema().get("properties"));
    } else {
      NodeBacklogBounds.complete(schema());
    }
    describe(schema(), kind);
  }

  /** Columns in the order in which the types name them; the generator sorts them by path. */
  private void orderColumns(ArrayNode columns) {
    List<String> order =
        Stream.<Class<?>>iterate(kind, Objects::nonNull, Class::getSuperclass)
            .flatMap(type -> Stream.of(type.getAnnotationsByType(AdditionalPrinterColumn.class)))
            .map(AdditionalPrinterColumn::name)
            .toList();
    var sorted =
        StreamSupport.stream(columns.spliterator(), false)
            .sorted(Comparator.comparingInt(column -> order.indexOf(column.get("name").asText())))
            .toList();
    columns.removeAll().addAll(sorted);
    // The default: Helm leaves it out when it applies the CRD, and meets a conflict with what
    // kubectl applied.
    for (JsonNode column : columns) {
      if (column.path("priority").asInt() == 0) ((ObjectNode) column).remove("priority");
    }
  }

  private static void walk(ObjectNode schema) {
    wholeNumber(schema, "minimum");
    wholeNumber(schema, "maximum");
    eachRuleOnce(schema);
    if (schema.path("type").asText().equals("array")) {
      schema.put("x-kubernetes-list-type", "atomic");
    }
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      schema.put("minimum", 1);
      schema.put("maximum", 65535);
      schema.put("maxLength", 15); // CEL must know how long a port's name can be
    }
    if (schema.at("/properties/lastTransitionTime").isObject()) {
      completeCondition((ObjectNode) schema.get("properties"));
    }
    if (schema.at("/properties/matchLabels").isObject()) LabelSelectorSchema.complete(schema);
    schema.path("properties").forEach(property -> walk((ObjectNode) property));
    if (schema.has("items")) walk((ObjectNode) schema.get("items"));
  }

  private static void wholeNumber(ObjectNode schema, String bound) {
    if (schema.path("type").asText().equals("integer") && schema.has(bound)) {
      schema.put(bound, schema.get(bound).asLong());
    }
  }

  private static void eachRuleOnce(ObjectNode schema) {
    if (!(schema.get("x-kubernetes-validations") instanceof ArrayNode rules)) return;
    var once = new LinkedHashSet<JsonNode>();
    rules.forEach(once::add);
    rules.removeAll().addAll(once);
  }

  /** As metav1.Condition has it. */
  private static void completeCondition(ObjectNode properties) {
    ((ObjectNode) properties.get("status"))
        .putArray("enum")
        .add("True")
        .add("False")
        .add("Unknown");
    ((ObjectNode) properties.get("reason"))
        .put("pattern", "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        .put("maxLength", 1024);
    ((ObjectNode) properties.get("message")).put("maxLength", 32768);
  }

  private static void completePolicyLists(ObjectNode properties) {
    var remedies = (ObjectNode) properties.at("/spec/properties/remedies");
    remedies.put("x-kubernetes-list-type", "set");
    var conditions = (ObjectNode) properties.at("/status/properties/conditions");
    conditions.put("x-kubernetes-list-type", "map");
    conditions.putArray("x-kubernetes-list-map-keys").add("type");
  }

  /** The descriptions of the kind, its spec and its status, which stand at their types. */
  private static void describe(ObjectNode schema, Class<? extends HasMetadata> kind) {
    JavaType parts =
        TypeFactory.defaultInstance().constructType(kind).findSuperType(CustomResource.class);
    schema.put("description", description(kind));
    ((ObjectNode) schema.at("/properties/spec"))
        .put("description", description(parts.containedType(0).getRawClass()));
    ((ObjectNode) schema.at("/properties/status"))
        .put("description", description(parts.containedType(1).getRawClass()));
  }

  private static String description(Class<?> type) {
    return type.getAnnotation(JsonClassDescription.class).value();
  }
}
