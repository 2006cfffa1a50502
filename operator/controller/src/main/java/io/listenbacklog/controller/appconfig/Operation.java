package io.listenbacklog.controller.appconfig;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation of a JSON patch (RFC 6902).
 *
 * @param path as RFC 6901 has it
 * @param value null: it has none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Operation(String op, String path, @Nullable Object value) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Puts it there, in the place of what is there. */
  static Operation add(String path, Object value) {
    return new Operation("add", path, value);
  }

  static Operation replace(String path, Object value) {
    return new Operation("replace", path, value);
  }

  static Operation remove(String path) {
    return new Operation("remove", path, null);
  }

  /** Refuses the patch where something else is there. */
  static Operation test(String path, Object value) {
    return new Operation("test", path, value);
  }

  /** A key as part of a path. */
  static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  static String json(List<Operation> operations) {
    try {
      return JSON.writeValueAsString(operations);
    } catch (JsonProcessingException e) {
      throw new AssertionError("maps and Kubernetes' types can be written", e);
    }
  }
}
