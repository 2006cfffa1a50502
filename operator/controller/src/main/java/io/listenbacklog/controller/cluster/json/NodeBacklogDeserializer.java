package io.listenbacklog.controller.cluster.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.controller.telemetry.LogKeys;
import io.listenbacklog.controller.telemetry.LogThrottle;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a NodeBacklog without the parts of it that are invalid. The API server goes by a schema in
 * which an integer has no bounds and a time zone may be {@code +99:99}, so a probe can write what
 * cannot be read. It must not keep those of other nodes from being read, which arrive in the same
 * list.
 */
public final class NodeBacklogDeserializer extends JsonDeserializer<NodeBacklog> {
  private static final KubernetesSerialization STRICT = new KubernetesSerialization();
  private static final Logger log = LoggerFactory.getLogger(NodeBacklogDeserializer.class);

  private final LogThrottle trouble = new LogThrottle(Clock.systemUTC());

  @Override
  public NodeBacklog deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    JsonNode read = parser.readValueAsTree();
    // What a probe writes first, then what only somebody with the controller's rights does.
    for (String part : List.of("status", "spec")) {
      try {
        return STRICT.convertValue(read, NodeBacklog.class);
      } catch (IllegalArgumentException e) {
        said(read, part, e);
        if (read instanceof ObjectNode object) object.remove(part);
      }
    }
    return STRICT.convertValue(read, NodeBacklog.class);
  }

  private void said(JsonNode read, String part, IllegalArgumentException e) {
    if (!trouble.isNews()) return;
    log.atWarn()
        .addKeyValue(LogKeys.NODE, read.at("/metadata/name").asText())
        .addKeyValue(LogKeys.OBJECT, part)
        .addKeyValue(LogKeys.CAUSE, e.getMessage())
        .log("cannot parse a part of a NodeBacklog, ignoring it");
  }
}
