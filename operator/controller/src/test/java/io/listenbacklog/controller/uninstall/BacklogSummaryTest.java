package io.listenbacklog.controller.uninstall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class BacklogSummaryTest {

  @Test
  void itIsWhatAnUninstallationWantsToKnow() throws Exception {
    var summary =
        read(
            """
            {"apiVersion": "listenbacklog.io/v1alpha1", "kind": "NodeBacklog",
             "metadata": {"name": "node-1", "generation": 7, "managedFields": [{"fieldsV1": {"f:spec": {}}}],
               "ownerReferences": [{"apiVersion": "v1", "kind": "Node", "name": "node-1", "uid": "u-1"}]},
             "spec": {"requirements": [{"mode": "Enforce", "pods": [{"name": "api"}]}]},
             "status": {"observedGeneration": 7, "capabilities": [{"type": "Births"}],
               "listeners": [
                 {"address": "[::]:80", "remedy": {"applied": 64, "onDelete": "Restore"}, "backlog": 64},
                 {"address": "[::]:81", "remedy": {"onDelete": "Keep"}},
                 {"address": "[::]:82", "remedy": null, "stall": {"thread": {"remedy": {"onDelete": "Restore"}}}}],
               "sysctls": [{"remedy": {"onDelete": "Restore", "original": 128}}, {"required": 4096}]}}
            """);

    assertThat(summary.name()).isEqualTo("node-1");
    assertThat(summary.owners()).singleElement().returns("u-1", owner -> owner.getUid());
    assertThat(summary.isAsking()).isTrue();
    assertThat(summary.isTakenUp()).isTrue();
    assertThat(summary.remedies()).isEqualTo(2);
  }

  @Test
  void whatMakesNoSenseIsPassedOver() throws Exception {
    var summary =
        read(
            """
            {"metadata": {"name": "n", "generation": 2}, "spec": {"requirements": []},
             "status": {"observedGeneration": "two", "listeners": {"a": [1]}, "sysctls": [7, [], {"remedy": "x"}]}}
            """);
    assertThat(summary.isAsking()).isFalse();
    assertThat(summary.isTakenUp()).isFalse();
    assertThat(summary.remedies()).isZero();
  }

  @Test
  void oneThatNoProbeHasSeenHasNothing() throws Exception {
    var summary = read("{\"metadata\": {\"name\": \"n\", \"generation\": 1}, \"status\": null}");
    assertThat(summary.isTakenUp()).isFalse();
    assertThat(summary.remedies()).isZero();
  }

  private static BacklogSummary read(String json) throws Exception {
    return new ObjectMapper().readValue(json, BacklogSummary.class);
  }
}
