package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonPatchTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  private static final String WORKLOAD =
      """
      spec:
        template:
          spec:
            containers:
            - name: web
              command: [run]
              env: [{name: A, value: "1"}, {name: OPTIONS, value: "5"}]
            volumes: [{name: data}, {name: conf, configMap: {name: web}}]
      """;

  @Test
  void whatIsThereIsReplacedAndTheRestPutAtTheEnd() {
    var operations =
        operations(
            """
            spec:
              template:
                spec:
                  containers:
                  - name: web
                    args: [--backlog, "64"]
                    env: [{name: OPTIONS, value: "64"}, {name: B, value: "2"}]
                    volumeMounts: [{name: more, mountPath: /more}]
                  volumes: [{name: conf, configMap: {name: web-1a2b}}, {name: more, configMap: {name: m}}]
            """);

    String web = "/spec/template/spec/containers/0";
    String volumes = "/spec/template/spec/volumes";
    assertThat(operations)
        .containsExactly(
            operation("test", web + "/name", "web"),
            operation("add", web + "/args", List.of("--backlog", "64")),
            operation("test", web + "/env/1/name", "OPTIONS"),
            operation("replace", web + "/env/1", Map.of("name", "OPTIONS", "value", "64")),
            operation("add", web + "/env/-", Map.of("name", "B", "value", "2")),
            operation(
                "add",
                web + "/volumeMounts",
                List.of(Map.of("name", "more", "mountPath", "/more"))),
            operation("test", volumes + "/1/name", "conf"),
            operation("add", volumes + "/1/configMap/name", "web-1a2b"),
            operation(
                "add", volumes + "/-", Map.of("name", "more", "configMap", Map.of("name", "m"))));
  }

  @Test
  void aContainerThatIsNotThereIsNoPlaceForAnything() {
    assertThatThrownBy(
            () -> operations("spec: {template: {spec: {containers: [{name: gone, env: []}]}}}"))
        .hasMessage("it has no container gone");
  }

  /** An operation of JSON Patch replaces the list that one before it has made. */
  @Test
  void twoPatchesAreMergedByNames() {
    var merged =
        JsonPatch.merged(
            patch("env: [{name: A, value: '1'}, {name: B, value: '2'}], args: [--a]"),
            patch("env: [{name: C, value: '3'}, {name: B, value: '4'}], args: [--a, --b]"));

    assertThat(merged)
        .isEqualTo(
            patch(
                "env: [{name: A, value: '1'}, {name: B, value: '4'}, {name: C, value: '3'}], args: [--a, --b]"));
  }

  private static Map<?, ?> patch(String ofWeb) {
    return YAML.unmarshal(
        "spec: {template: {spec: {containers: [{name: web, %s}], volumes: [{name: data}]}}}"
            .formatted(ofWeb),
        Map.class);
  }

  @Test
  void containersThatAreNotThereAreNamed() {
    assertThat(
            JsonPatch.missing(
                YAML.unmarshal(
                    "spec: {template: {spec: {containers: [{name: web}, {name: gone}]}}}",
                    Map.class),
                YAML.unmarshal(WORKLOAD, Map.class)))
        .containsExactly("gone");
  }

  private static List<Map<String, Object>> operations(String patch) {
    return JsonPatch.of(YAML.unmarshal(patch, Map.class), YAML.unmarshal(WORKLOAD, Map.class));
  }

  private static Map<String, Object> operation(String op, String path, Object value) {
    return Map.of("op", op, "path", path, "value", value);
  }
}
