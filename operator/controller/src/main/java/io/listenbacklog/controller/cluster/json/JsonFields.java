package io.listenbacklog.controller.cluster.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Streaming JSON reader that accepts any value anywhere: a value of another type than expected is
 * skipped as if it were absent. The API server itself sends {@code "containers":null} in bookmarks.
 */
final class JsonFields {
  /** Consumes the value at the parser's position; skips what it does not need. */
  interface Reader {
    void read(String name, JsonParser parser) throws IOException;
  }

  /** Consumes the array element at the parser's position. */
  interface ElementReader {
    void read(JsonParser parser) throws IOException;
  }

  /** Passes each field of the object at the parser's position to a reader. */
  static void each(JsonParser parser, Reader reader) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      reader.read(name, parser);
    }
  }

  /** Passes each element of the array at the parser's position to a reader. */
  static void elements(JsonParser parser, ElementReader reader) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      reader.read(parser);
    }
  }

  /** The string at the parser's position; empty if it is something else. */
  static String text(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) return parser.getText();
    parser.skipChildren();
    return "";
  }

  /** The integer at the parser's position; 0 if it is something else or out of range. */
  static int number(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() == JsonParser.NumberType.INT) {
      return parser.getIntValue();
    }
    parser.skipChildren();
    return 0;
  }

  /** The string fields of an object with the given names. */
  static Map<String, String> strings(
      JsonParser parser, Predicate<String> wanted, Interner<String> strings) throws IOException {
    var found = new HashMap<String, String>();
    each(
        parser,
        (name, value) -> {
          if (value.currentToken() == JsonToken.VALUE_STRING && wanted.test(name)) {
            found.put(strings.intern(name), strings.intern(value.getText()));
          } else {
            value.skipChildren();
          }
        });
    return found;
  }

  private JsonFields() {}
}
