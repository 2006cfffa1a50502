package io.listenbacklog.controller.cluster.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import io.listenbacklog.policy.resolve.NamespaceFacts;
import java.io.IOException;

/** Of a Namespace, that it exists, and its labels. */
@Group("")
@Version("v1")
@Kind("Namespace")
@Plural("namespaces")
@JsonDeserialize(using = NamespaceView.Deserializer.class)
public final class NamespaceView implements HasMetadata {
  private static final long serialVersionUID = 1;

  private final transient SlimMetadata metadata;

  private NamespaceView(SlimMetadata metadata) {
    this.metadata = metadata;
  }

  public NamespaceFacts facts() {
    return new NamespaceFacts(metadata.name(), metadata.labels());
  }

  @Override
  public ObjectMeta getMetadata() {
    return metadata.asObjectMeta();
  }

  @Override
  public void setMetadata(ObjectMeta unused) {
    throw new UnsupportedOperationException("a NamespaceView is only read");
  }

  @Override
  public String getApiVersion() {
    return "v1";
  }

  /** Does nothing: the client calls it for each object of a list. */
  @Override
  public void setApiVersion(String same) {}

  static final class Deserializer extends JsonDeserializer<NamespaceView> {
    @Override
    public NamespaceView deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return new NamespaceView(SlimMetadata.read(parser));
    }
  }
}
