package io.listenbacklog.controller.cluster;

import com.fasterxml.jackson.core.JsonParser;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.util.Map;

/** Of an object of which only its metadata counts: the little of that that is needed. */
record SlimMetadata(String name, String uid, String resourceVersion, Map<String, String> labels) {
  private static final Interner<String> STRINGS = new Interner<>();

  static SlimMetadata read(JsonParser parser) throws IOException {
    var draft = new Draft();
    Fields.each(
        parser,
        (name, value) -> {
          if (name.equals("metadata")) {
            Fields.each(value, draft::metadata);
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
        case "name" -> name = Fields.text(value);
        case "uid" -> uid = Fields.text(value);
        case "resourceVersion" -> resourceVersion = Fields.text(value);
        case "labels" -> labels = Fields.strings(value, any -> true, STRINGS);
        default -> value.skipChildren();
      }
    }
  }
}
