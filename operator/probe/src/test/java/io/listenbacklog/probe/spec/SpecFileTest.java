package io.listenbacklog.probe.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.probe.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecFileTest {
  private static final NodeBacklogSpec SPEC =
      new NodeBacklogSpec(
          List.of(
              NodeRequirement.in(Mode.ENFORCE, OnDelete.KEEP)
                  .minimum(64)
                  .remedies(Remedy.RELISTEN)
                  .of(List.of(new NodePod("uid", "kube-system", "etcd", true, "hash")))));

  @TempDir private Path folder;

  private SpecFile file(String bootId) {
    return new SpecFile(folder, bootId, Json.mapper());
  }

  @Test
  void whatWasKeptIsReadInTheSameBoot() throws IOException {
    file("boot").keep("object", 7, Json.mapper().valueToTree(SPEC));

    assertThat(file("boot").read()).contains(NodeSpec.of("object", 7, SPEC));
    assertThat(file("boot").read().orElseThrow().pods()).containsOnlyKeys("hash");
    assertThat(file("another").read()).isEmpty();
  }

  @Test
  void nothingWasKeptAtFirst() throws IOException {
    assertThat(file("boot").read()).isEmpty();
  }

  @Test
  void whatMakesNoSenseIsAnErrorToBeTold() throws IOException {
    Files.writeString(folder.resolve("spec.json"), "{");

    assertThatThrownBy(() -> file("boot").read()).isInstanceOf(IOException.class);
  }
}
