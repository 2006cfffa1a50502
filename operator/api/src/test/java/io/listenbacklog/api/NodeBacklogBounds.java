package io.listenbacklog.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How much a NodeBacklog may hold, by the schema: what the parts write at most stays well below it,
 * so it stops whoever has taken over one of them, and nobody else.
 *
 * <p>Lists and texts have bounds of their own. A number of the spec is one that makes sense; one of
 * the status only fits the type it is read into, for a status that is refused tells nobody
 * anything.
 */
final class NodeBacklogBounds {
  /** JSON numbers are read as doubles by some: above this they are not exact. */
  private static final long EXACT = (1L << 53) - 1;

  private static final int BACKLOG = 65_535;

  /** Characters of a text, by its name: the same name means the same everywhere. */
  private static final Map<String, Integer> CHARACTERS =
      Map.ofEntries(
          Map.entry("uid", 128),
          Map.entry("cgroupUid", 128),
          Map.entry("namespace", 63),
          Map.entry("name", 253),
          Map.entry("kind", 63),
          Map.entry("path", 109),
          Map.entry("bootId", 64),
          Map.entry("container", 253),
          Map.entry("process", 128),
          Map.entry("application", 128),
          Map.entry("address", 1_024), // a UNIX path has 108, with what is escaped of it more
          Map.entry("what", 1_024),
          Map.entry("cookie", 16),
          Map.entry("type", 316),
          Map.entry("reason", 1_024),
          Map.entry("message", 32_768),
          Map.entry("limitedBy", 64),
          Map.entry("call", 64),
          Map.entry("target", 4_096),
          Map.entry("peer", 128));

  /** Entries of a list, by its name. */
  private static final Map<String, Integer> ENTRIES =
      Map.ofEntries(
          // 400,000 bytes of a spec hold fewer: SpecRoom of the policy module.
          Map.entry("requirements", 2_000),
          Map.entry("pods", 5_000),
          Map.entry("containers", 256),
          // 64 rules of a policy or of an annotation, of which a name can mean 512 numbers.
          Map.entry("ports", 1_024),
          Map.entry("paths", 256),
          Map.entry("remedies", 8),
          Map.entry("capabilities", 32),
          Map.entry("policies", 2_000),
          // StatusReport of the probe has 1,200, 1,000 and 500.
          Map.entry("listeners", 4_000),
          Map.entry("sysctls", 4_000),
          Map.entry("restorations", 2_000));

  /** Numbers of the spec, from and to, by name. */
  private static final Map<String, long[]> NUMBERS = new HashMap<>();

  static {
    Stream.of("minimum", "maximum", "port", "last", "somaxconn", "tcpMaxSynBacklog")
        .forEach(each -> NUMBERS.put(each, new long[] {1, BACKLOG}));
    NUMBERS.put("stallAfterMillis", new long[] {0, 3_600_000});
  }

  /** Bounds the schema of a NodeBacklog. */
  static void complete(ObjectNode schema) {
    var properties = (ObjectNode) schema.get("properties");
    record((ObjectNode) properties.get("spec"), NodeBacklogSpec.class, true);
    record((ObjectNode) properties.get("status"), NodeBacklogStatus.class, false);
  }

  private static void record(ObjectNode schema, Class<?> type, boolean ofSpec) {
    for (RecordComponent each : type.getRecordComponents()) {
      var property = (ObjectNode) schema.at("/properties/" + each.getName());
      value(property, each.getName(), each.getGenericType(), ofSpec);
    }
  }

  private static void value(ObjectNode schema, String name, Type type, boolean ofSpec) {
    if (type instanceof ParameterizedType list) {
      if (!schema.has("maxItems")) schema.put("maxItems", known(ENTRIES, name));
      value((ObjectNode) schema.get("items"), name, list.getActualTypeArguments()[0], ofSpec);
    } else if (type == int.class || type == Integer.class) {
      number(schema, name, ofSpec, Integer.MIN_VALUE, Integer.MAX_VALUE);
    } else if (type == long.class || type == Long.class) {
      number(schema, name, ofSpec, -EXACT, EXACT);
    } else if (type == String.class) {
      if (!schema.has("enum") && !schema.has("maxLength")) {
        schema.put("maxLength", known(CHARACTERS, name));
      }
    } else if (type instanceof Class<?> some && some.isRecord()) {
      record(schema, some, ofSpec);
    }
  }

  private static void number(ObjectNode schema, String name, boolean ofSpec, long from, long to) {
    var sensible = ofSpec ? NUMBERS.getOrDefault(name, new long[] {from, to}) : null;
    schema.put("minimum", sensible == null ? from : sensible[0]);
    schema.put("maximum", sensible == null ? to : sensible[1]);
  }

  private static int known(Map<String, Integer> bounds, String name) {
    Integer bound = bounds.get(name);
    if (bound == null) throw new IllegalStateException("NodeBacklogBounds says nothing of " + name);
    return bound;
  }

  private NodeBacklogBounds() {}
}
