package io.listenbacklog.controller.cluster.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reading of JSON by streaming, with any value in any place: what has another type than expected is
 * skipped as if it were not there. The API server itself sends {@code "containers":null} in
 * bookmarks.
 */
final class JsonFields {
  /** Takes the value that the parser stands on; what it does not want it skips. */
  interface Reader {
    void read(String name, JsonParser parser) throws IOException;
  }

  /** Takes the array element that the parser stands on. */
  interface ElementReader {
    void read(JsonParser parser) throws IOException;
  }

  /** Gives each field of the object that the parser stands on to a reader. */
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

  /** Gives each element of the array that the parser stands on to a reader. */
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

  /** The string that the parser stands on; empty where it is something else. */
  static String text(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) return parser.getText();
    parser.skipChildren();
    return "";
  }

  /** The whole number that the parser stands on; 0 where it is something else or out of range. */
  static int number(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() == JsonParser.NumberType.INT) {
      return parser.getIntValue();
    }
    parser.skipChildren();
    return 0;
  }

  /** Those string fields of an object whose names are wanted. */
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
