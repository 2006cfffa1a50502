package io.listenbacklog.controller.uninstall;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a NodeBacklog value by value, and keeps a few. */
final class BacklogSummaryDeserializer extends JsonDeserializer<BacklogSummary> {
  /** {@link io.listenbacklog.api.OnDelete#RESTORE}, as JSON has it. */
  private static final String RESTORE = "Restore";

  /** What a field holds; the parser stands on its first token, and is left on its last. */
  @FunctionalInterface
  private interface Value {
    void read(String field, JsonParser parser) throws IOException;
  }

  private static final class Found {
    private String name = "";
    private long generation;
    private final List<OwnerReference> owners = new ArrayList<>();
    private boolean asking;
    private @Nullable Long observedGeneration;
    private int remedies;
  }

  @Override
  public BacklogSummary deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    var found = new Found();
    fields(
        parser,
        (part, _) -> {
          switch (part) {
            case "metadata" -> fields(parser, (field, _) -> metadata(field, parser, found));
            case "spec" -> fields(parser, (field, _) -> spec(field, parser, found));
            case "status" -> fields(parser, (field, _) -> status(field, parser, found));
            default -> parser.skipChildren();
          }
        });
    return new BacklogSummary(
        found.name,
        found.generation,
        found.owners,
        found.asking,
        found.observedGeneration,
        found.remedies);
  }

  private static void metadata(String field, JsonParser parser, Found found) throws IOException {
    switch (field) {
      case "name" -> found.name = parser.getText();
      case "generation" -> found.generation = parser.getValueAsLong();
      case "ownerReferences" ->
          elements(parser, () -> found.owners.add(parser.readValueAs(OwnerReference.class)));
      default -> parser.skipChildren();
    }
  }

  private static void spec(String field, JsonParser parser, Found found) throws IOException {
    if (!field.equals("requirements")) {
      parser.skipChildren();
      return;
    }
    elements(
        parser,
        () -> {
          found.asking = true;
          parser.skipChildren();
        });
  }

  private static void status(String field, JsonParser parser, Found found) throws IOException {
    switch (field) {
      case "observedGeneration" -> {
        if (parser.currentToken().isNumeric()) found.observedGeneration = parser.getLongValue();
      }
      case "listeners", "sysctls" ->
          elements(parser, () -> fields(parser, (name, _) -> remedied(name, parser, found)));
      default -> parser.skipChildren();
    }
  }

  private static void remedied(String field, JsonParser parser, Found found) throws IOException {
    if (!field.equals("remedy")) {
      parser.skipChildren();
      return;
    }
    fields(
        parser,
        (name, _) -> {
          if (name.equals("onDelete") && RESTORE.equals(parser.getText())) found.remedies++;
          else parser.skipChildren();
        });
  }

  /** Each field of an object; anything else is skipped. */
  private static void fields(JsonParser parser, Value value) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      value.read(field, parser);
    }
  }

  @FunctionalInterface
  private interface Element {
    void read() throws IOException;
  }

  /** Each element of a list; anything else is skipped. */
  private static void elements(JsonParser parser, Element element) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) element.read();
  }
}
