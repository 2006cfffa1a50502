package io.listenbacklog.controller.cluster.json;

import com.fasterxml.jackson.core.JsonParser;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.util.Map;

/** The few fields that are needed of an object of which only the metadata counts. */
record SlimMetadata(String name, String uid, String resourceVersion, Map<String, String> labels) {
  private static final Interner<String> STRINGS = new Interner<>();

  static SlimMetadata read(JsonParser parser) throws IOException {
    var draft = new Draft();
    JsonFields.each(
        parser,
        (name, value) -> {
          if (name.equals("metadata")) {
            JsonFields.each(value, draft::metadata);
          } else {
            value.skipChildren();
          }
        });
    return new SlimMetadata(draft.name, draft.uid, draft.resourceVersion, Map.copyOf(draft.labels));
  }

  ObjectMeta asObjectMeta() {
    return new ObjectMetaBuilder()
        .withName(name)
        .withUid(uid)
        .withResourceVersion(resourceVersion)
        .build();
  }

  private static final class Draft {
    private String name = "";
    private String uid = "";
    private String resourceVersion = "";
    private Map<String, String> labels = Map.of();

    void metadata(String field, JsonParser value) throws IOException {
      switch (field) {
        case "name" -> name = JsonFields.text(value);
        case "uid" -> uid = JsonFields.text(value);
        case "resourceVersion" -> resourceVersion = JsonFields.text(value);
        case "labels" -> labels = JsonFields.strings(value, any -> true, STRINGS);
        default -> value.skipChildren();
      }
    }
  }
}
