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
import io.listenbacklog.policy.resolve.OperatingSystem;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;

/** Of a Node, that it exists, its uid, and whether a probe can be there. */
@Group("")
@Version("v1")
@Kind("Node")
@Plural("nodes")
@JsonDeserialize(using = NodeView.Deserializer.class)
public final class NodeView implements HasMetadata {
  private static final long serialVersionUID = 1;

  /** Labels of nodes that start no pod of a DaemonSet; the chart keeps the probe off them. */
  private static final Map<String, String> WITHOUT_DAEMONS =
      Map.of("eks.amazonaws.com/compute-type", "fargate", "type", "virtual-kubelet");

  private final transient SlimMetadata metadata;

  private NodeView(SlimMetadata metadata) {
    this.metadata = metadata;
  }

  /** Whether it is of Linux, or does not say: on others there can be no probe. */
  public boolean isLinux() {
    return !OperatingSystem.isOther(metadata.labels());
  }

  /** Whether a probe is to be expected there: not where no pod of a DaemonSet starts. */
  public boolean mayHaveProbe() {
    return Collections.disjoint(metadata.labels().entrySet(), WITHOUT_DAEMONS.entrySet());
  }

  @Override
  public ObjectMeta getMetadata() {
    return metadata.asObjectMeta();
  }

  @Override
  public void setMetadata(ObjectMeta unused) {
    throw new UnsupportedOperationException("a NodeView is only read");
  }

  @Override
  public String getApiVersion() {
    return "v1";
  }

  /** Does nothing: the client calls it for each object of a list. */
  @Override
  public void setApiVersion(String same) {}

  static final class Deserializer extends JsonDeserializer<NodeView> {
    @Override
    public NodeView deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return new NodeView(SlimMetadata.read(parser));
    }
  }
}
