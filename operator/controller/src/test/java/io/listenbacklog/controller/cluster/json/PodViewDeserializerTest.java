package io.listenbacklog.controller.cluster.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.listenbacklog.policy.resolve.KubeletProbes;
import io.listenbacklog.policy.resolve.KubeletProbes.Kind;
import io.listenbacklog.policy.resolve.KubeletProbes.Probe;
import io.listenbacklog.policy.resolve.KubeletProbes.Restarts;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PodFacts.NamedPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodViewDeserializerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String POD =
      """
      {"apiVersion": "v1", "kind": "Pod",
       "metadata": {
         "namespace": "shop", "name": "api-1", "uid": "6b0c", "resourceVersion": "17",
         "labels": {"app": "api", "tier": "front"},
         "annotations": {"listenbacklog.io/minimum": "64", "prometheus.io/scrape": "true"},
         "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {"f:containers": {}}}}]},
       "spec": {
         "nodeName": "node-1", "hostNetwork": true,
         "initContainers": [{"name": "proxy", "ports": [{"name": "admin", "containerPort": 15000}]}],
         "containers": [
           {"name": "api",
            "livenessProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 5},
            "readinessProbe": {"tcpSocket": {"port": 9090}, "timeoutSeconds": 1},
            "startupProbe": {"exec": {"command": ["true"]}},
            "ports": [
             {"name": "http", "containerPort": 8080, "protocol": "TCP"},
             {"name": "dns", "containerPort": 53, "protocol": "UDP"},
             {"containerPort": 9090}]},
           {"name": "silent", "readinessProbe": {"grpc": {"port": 8081}},
            "livenessProbe": {"tcpSocket": {"host": "elsewhere", "port": 8081}}}]},
       "status": {
         "phase": "Running",
         "containerStatuses": [
           {"name": "api", "restartCount": 3, "state": {"running": {}}},
           {"name": "silent", "restartCount": 9}],
         "conditions": [
           {"type": "Initialized", "status": "True"},
           {"type": "Ready", "status": "True", "message": null}]}}
      """;

  private static SlimPod read(String json) throws JsonProcessingException {
    return JSON.readValue(json, PodView.class).pod();
  }

  @Test
  void whatIsNeededIsReadAndNothingElse() throws JsonProcessingException {
    SlimPod pod = read(POD);

    assertThat(pod.resourceVersion()).isEqualTo("17");
    assertThat(pod.ready()).isTrue();
    assertThat(pod.facts().namespace()).isEqualTo("shop");
    assertThat(pod.facts().name()).isEqualTo("api-1");
    assertThat(pod.facts().uid()).isEqualTo("6b0c");
    assertThat(pod.facts().nodeName()).isEqualTo("node-1");
    assertThat(pod.facts().labels()).isEqualTo(Map.of("app", "api", "tier", "front"));
    assertThat(pod.facts().annotations()).isEqualTo(Map.of("listenbacklog.io/minimum", "64"));
    assertThat(pod.facts().hostNetwork()).isTrue();
    assertThat(pod.facts().ports())
        .containsExactly(new NamedPort("admin", 15000), new NamedPort("http", 8080));
    assertThat(pod.facts().cgroupUid()).isNull();
    assertThat(pod.facts().finished()).isFalse();
  }

  /** Those that go to the pod by a port; a restart is kept where a probe may have caused it. */
  @Test
  void whereTheKubeletAsksIsKept() throws JsonProcessingException {
    assertThat(read(POD).facts().probes())
        .isEqualTo(
            new KubeletProbes(
                List.of(
                    new Probe("api", Kind.LIVENESS, 8080, false),
                    new Probe("api", Kind.READINESS, 9090, true),
                    new Probe("silent", Kind.READINESS, 8081, false)),
                List.of(new Restarts("api", 3))));
  }

  @Test
  void podsOfWhichTheKubeletAsksTheSameShareIt() throws JsonProcessingException {
    var one = read(POD).facts().probes();
    assertThat(read(POD.replace("api-1", "api-2")).facts().probes()).isSameAs(one);
  }

  /** A pod of another's making: 2,000 containers, each with a probe and restarts. */
  @Test
  void soManyProbesAreKeptAndNoMore() throws JsonProcessingException {
    var pod = (ObjectNode) JSON.readTree(POD);
    var containers = ((ObjectNode) pod.get("spec")).putArray("containers");
    var statuses = ((ObjectNode) pod.get("status")).putArray("containerStatuses");
    for (int i = 0; i < 2_000; i++) {
      var container = containers.addObject().put("name", "c" + i);
      container.putObject("livenessProbe").putObject("tcpSocket").put("port", 1 + i);
      statuses.addObject().put("name", "c" + i).put("restartCount", 1 + i);
    }

    var kept = read(pod.toString()).facts().probes();

    assertThat(kept.probes()).hasSize(KubeletProbes.MOST);
    assertThat(kept.restarts()).hasSizeLessThanOrEqualTo(KubeletProbes.MOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "-1", "\"\"", "\"none\"", "\"99999\"", "null", "{}", "1.5"})
  void aProbeOfNoPortIsNone(String port) throws JsonProcessingException {
    String json = POD.replace("\"port\": 9090", "\"port\": " + port);
    assertThat(read(json).facts().probes().probes())
        .extracting(Probe::port)
        .containsExactly(8080, 8081);
  }

  /** Resolution must come to the same for the controller and for those who read whole pods. */
  @ParameterizedTest
  @ValueSource(strings = {"Running", "Succeeded"})
  void itsFactsAreThoseOfTheWholePod(String phase) throws JsonProcessingException {
    for (String json : List.of(POD, annotated("0123456789abcdef0123456789abcdef", true))) {
      String pod = json.replace("Running", phase);

      assertThat(read(pod).facts()).isEqualTo(PodFacts.of(JSON.readValue(pod, Pod.class)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "os": {"name": "windows"}                         | true
          "os": {"name": "linux"}                           | false
          "os": null                                        | false
          "nodeSelector": {"kubernetes.io/os": "windows"}   | true
          "nodeSelector": {"kubernetes.io/os": "linux"}     | false
          "nodeSelector": {"pool": "windows"}               | false
          "os": {"name": "windows"}, "nodeSelector": {}     | true
          """)
  void whatIsForAnotherOperatingSystemIsKnown(String fields, boolean other)
      throws JsonProcessingException {
    String pod = POD.replace("\"nodeName\"", fields + ", \"nodeName\"");

    assertThat(read(pod).facts().otherSystem()).isEqualTo(other);
    assertThat(read(pod).facts()).isEqualTo(PodFacts.of(JSON.readValue(pod, Pod.class)));
  }

  @Test
  void podsWithTheSameLabelsShareOneMap() throws JsonProcessingException {
    SlimPod one = read(POD);
    SlimPod other = read(POD.replace("api-1", "api-2"));

    assertThat(one.facts().labels()).isSameAs(other.facts().labels());
    assertThat(one.facts().ports()).isSameAs(other.facts().ports());
  }

  @Test
  void bookmarksHaveNothingInTheirContainers() throws JsonProcessingException {
    SlimPod bookmark =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () ->
                read(
                    """
                    {"kind": "Pod", "apiVersion": "v1",
                     "metadata": {"resourceVersion": "4711", "creationTimestamp": null},
                     "spec": {"containers": null}, "status": {}}
                    """));

    assertThat(bookmark.resourceVersion()).isEqualTo("4711");
    assertThat(bookmark.facts().ports()).isEmpty();
    assertThat(bookmark.facts().nodeName()).isNull();
  }

  /** Every value of the pod in turn becomes something else: nothing throws, nothing spins. */
  @ParameterizedTest
  @ValueSource(
      strings = {"null", "7", "true", "\"text\"", "[]", "{}", "[[{}], null]", "{\"a\": 1}", "-1.5"})
  void anyValueMayStandAnywhere(String value) throws JsonProcessingException {
    JsonNode instead = JSON.readTree(value);
    for (List<Object> path : paths(JSON.readTree(POD))) {
      JsonNode pod = JSON.readTree(POD);
      replace(pod, path, instead);
      assertTimeoutPreemptively(
          Duration.ofSeconds(10),
          () -> {
            // From a list a pod is streamed; from a watch it is read as a tree first.
            SlimPod streamed = read(pod.toString());
            SlimPod fromTree = JSON.treeToValue(pod, PodView.class).pod();
            assertThat(fromTree).as("%s at %s", value, path).isEqualTo(streamed);
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "7", "\"\"", "{}"})
  void whatIsNoPodAtAllHangsNothing(String json) {
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> JSON.readValue(json, PodView.class));
  }

  @Test
  void aPodThatBreaksOffIsAnErrorAndNotHalfAPod() {
    String half = POD.substring(0, POD.indexOf("8080"));

    assertThatThrownBy(() -> read(half)).isInstanceOf(JsonProcessingException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "65536", "99999999999999999999", "80.5", "\"80\""})
  void aPortThatIsNoPortIsNotThere(String port) throws JsonProcessingException {
    assertThat(read(POD.replace("8080", port)).facts().ports())
        .containsExactly(new NamedPort("admin", 15000));
  }

  @Test
  void finishedPodsAreKnownAsSuch() throws JsonProcessingException {
    assertThat(read(POD.replace("Running", "Succeeded")).facts().finished()).isTrue();
    assertThat(read(POD.replace("Running", "Failed")).facts().finished()).isTrue();
  }

  @Test
  void aStaticPodsCgroupsAreNamedAfterItsConfigHash() throws JsonProcessingException {
    SlimPod mirror = read(annotated("0123456789abcdef0123456789abcdef", true));

    assertThat(mirror.facts().cgroupUid()).isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(mirror.facts().annotations()).isEmpty();
  }

  @Test
  void nobodyCanPointTheProbeAtAnotherPodByAnnotation() throws JsonProcessingException {
    SlimPod impostor = read(annotated("1b4e28ba-2fa1-11d2-883f-0016d3cca427", true));
    SlimPod notAMirror = read(annotated("0123456789abcdef0123456789abcdef", false));

    assertThat(impostor.facts().cgroupUid()).isNull();
    assertThat(notAMirror.facts().cgroupUid()).isNull();
  }

  @Test
  void aMirrorThatNoKubeletWroteIsNone() throws JsonProcessingException {
    String hash = "0123456789abcdef0123456789abcdef";
    String mirror = annotated(hash, true);
    assertThat(
            read(mirror.replace("\"kind\":\"Node\"", "\"kind\":\"ReplicaSet\""))
                .facts()
                .cgroupUid())
        .as("owned by no node")
        .isNull();
    assertThat(
            read(mirror.replace("\"controller\":true", "\"controller\":false")).facts().cgroupUid())
        .as("not managed by it")
        .isNull();
    assertThat(read(mirror.replace("\"file\"", "\"api\"")).facts().cgroupUid())
        .as("from the API server")
        .isNull();
    assertThat(read(mirror.replace("\"etcd-", "\"etcd.")).facts().cgroupUid())
        .as("not named as the node's")
        .isNull();
  }

  @Test
  void ofAnnotationsTheKnownOnesAreKeptAndAFewUnderOurPrefix() throws JsonProcessingException {
    var pod = (ObjectNode) JSON.readTree(POD);
    var annotations = ((ObjectNode) pod.get("metadata")).putObject("annotations");
    for (int i = 0; i < 1_000; i++) {
      annotations.put("listenbacklog.io/x-%03d".formatted(i), "x".repeat(250));
    }
    annotations.put("listenbacklog.io/minimum", "64");
    annotations.put("listenbacklog.io/ports", "8080=64,".repeat(30_000));
    annotations.put("example.com/large", "x".repeat(250_000));

    var kept = read(pod.toString()).facts().annotations();

    assertThat(kept).containsEntry("listenbacklog.io/minimum", "64");
    assertThat(kept).hasSize(2 + PodViewDeserializer.MOST_UNKNOWN_KEYS);
    assertThat(kept.values().stream().mapToInt(String::length).sum()).isLessThan(10_000);
    assertThat(read(pod.toString()).facts().asksByAnnotation()).isTrue();
  }

  @Test
  void soManyLabelsAndPortsAreKeptAndNoMore() throws JsonProcessingException {
    var pod = (ObjectNode) JSON.readTree(POD);
    var labels = ((ObjectNode) pod.get("metadata")).putObject("labels");
    for (int i = 0; i < 20_000; i++) labels.put("label-" + i, "value");
    var ports = ((ObjectNode) pod.get("spec").get("containers").get(0)).putArray("ports");
    for (int i = 0; i < 20_000; i++)
      ports.addObject().put("name", "p" + i).put("containerPort", 80);

    assertThat(read(pod.toString()).facts().labels()).hasSize(PodViewDeserializer.MOST_LABELS);
    assertThat(read(pod.toString()).facts().ports()).hasSize(PodViewDeserializer.MOST_PORTS);
  }

  private static String annotated(String hash, boolean mirror) throws JsonProcessingException {
    var pod = (ObjectNode) JSON.readTree(POD);
    var annotations = JSON.createObjectNode().put("kubernetes.io/config.hash", hash);
    if (mirror) annotations.put("kubernetes.io/config.mirror", hash);
    annotations.put("kubernetes.io/config.source", "file");
    var metadata = (ObjectNode) pod.get("metadata");
    String node = pod.get("spec").get("nodeName").asText();
    metadata.put("name", "etcd-" + node);
    metadata.set("annotations", annotations);
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "v1")
        .put("kind", "Node")
        .put("name", node)
        .put("controller", true);
    return pod.toString();
  }

  /** The ways to all values below one: names of fields and indices of elements. */
  private static List<List<Object>> paths(JsonNode below) {
    var paths = new ArrayList<List<Object>>();
    for (var field : below.properties()) addPaths(paths, field.getKey(), field.getValue());
    for (int i = 0; below.isArray() && i < below.size(); i++) addPaths(paths, i, below.get(i));
    return paths;
  }

  private static void addPaths(List<List<Object>> paths, Object step, JsonNode to) {
    paths.add(List.of(step));
    for (List<Object> rest : paths(to)) {
      var path = new ArrayList<>(List.of(step));
      path.addAll(rest);
      paths.add(path);
    }
  }

  private static void replace(JsonNode in, List<Object> path, JsonNode with) {
    JsonNode parent = in;
    for (Object step : path.subList(0, path.size() - 1)) {
      parent =
          Objects.requireNonNull(
              step instanceof Integer i ? parent.get(i) : parent.get((String) step));
    }
    switch (path.getLast()) {
      case Integer index -> ((ArrayNode) parent).set(index, with);
      default -> ((ObjectNode) parent).set((String) path.getLast(), with);
    }
  }
}
