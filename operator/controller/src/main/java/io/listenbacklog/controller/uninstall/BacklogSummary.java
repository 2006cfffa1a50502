package io.listenbacklog.controller.uninstall;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import io.listenbacklog.api.ApiGroup;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an uninstallation needs of a NodeBacklog, which may be a megabyte: read by streaming,
 * skipping the rest.
 */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("NodeBacklog")
@Plural("nodebacklogs")
@JsonDeserialize(using = BacklogSummaryDeserializer.class)
public final class BacklogSummary implements HasMetadata {
  private static final long serialVersionUID = 1;

  private final String name;
  private final long generation;
  private final transient List<OwnerReference> owners;
  private final boolean asking;
  private final @Nullable Long observedGeneration;
  private final int remedies;

  /**
   * @param asking whether its spec asks for anything
   * @param observedGeneration null: its probe has not reported one
   * @param remedies that are in force, and are to be restored
   */
  BacklogSummary(
      String name,
      long generation,
      List<OwnerReference> owners,
      boolean asking,
      @Nullable Long observedGeneration,
      int remedies) {
    this.name = name;
    this.generation = generation;
    this.owners = List.copyOf(owners);
    this.asking = asking;
    this.observedGeneration = observedGeneration;
    this.remedies = remedies;
  }

  String name() {
    return name;
  }

  List<OwnerReference> owners() {
    return owners;
  }

  boolean isAsking() {
    return asking;
  }

  /** Whether its probe has seen what it asks for now. */
  boolean isTakenUp() {
    return observedGeneration != null && observedGeneration == generation;
  }

  int remedies() {
    return remedies;
  }

  /**
   * What is written of it: that it asks for nothing. With the ownerReferences that the controller
   * applies: server-side apply would remove them otherwise.
   */
  @JsonValue
  Map<String, Object> asksForNothing() {
    return Map.of(
        "apiVersion",
        getApiVersion(),
        "kind",
        "NodeBacklog",
        "metadata",
        Map.of("name", name, "ownerReferences", owners),
        "spec",
        Map.of("requirements", List.of()));
  }

  @Override
  public ObjectMeta getMetadata() {
    return new ObjectMetaBuilder().withName(name).withOwnerReferences(owners).build();
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    throw new UnsupportedOperationException("a BacklogSummary is only read");
  }

  @Override
  public String getApiVersion() {
    return ApiGroup.NAME + "/" + ApiGroup.VERSION;
  }

  /** Does nothing: the client calls it for each object of a list. */
  @Override
  public void setApiVersion(String same) {}
}
