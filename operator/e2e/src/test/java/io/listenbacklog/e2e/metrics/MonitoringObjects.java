package io.listenbacklog.e2e.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.listenbacklog.e2e.harness.TestCluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * What the chart makes for Prometheus Operator and Grafana, as a Prometheus without that operator
 * takes it.
 */
final class MonitoringObjects {
  /** Where whoever installed the chart would have put docs/runbooks.md. */
  static final String RUNBOOKS = "https://wiki.example/listen-backlog";

  /** From one scrape to the next; the picture of the dashboard has a point for each. */
  static final int SCRAPE_SECONDS = 5;

  private static final List<String> VALUES =
      List.of(
          "podMonitor.enabled=true",
          "podMonitor.interval=" + SCRAPE_SECONDS + "s",
          "podMonitor.authorization.credentials.name=prometheus",
          "podMonitor.authorization.credentials.key=token",
          "prometheusRule.enabled=true",
          "prometheusRule.runbooks=" + RUNBOOKS,
          "grafana.enabled=true",
          "metrics.authorization=true");

  private final TestCluster cluster;

  MonitoringObjects(TestCluster cluster) {
    this.cluster = cluster;
  }

  /** The rules as a file of Prometheus' own: what stands in the PrometheusRule's spec. */
  String rules() {
    return Serialization.asYaml(rendered("prometheusrule.yaml").path("spec"));
  }

  Dashboard dashboard() {
    return Dashboard.of(
        rendered("dashboard.yaml").at("/data/listen-backlog-operator.json").asText());
  }

  /**
   * An entry of {@code scrape_configs}, as Prometheus Operator makes it of the PodMonitor: who it
   * selects, which port, whose token, and the labels that a target gets.
   *
   * @param token the file of the token that the PodMonitor names by a Secret
   */
  Map<String, Object> scrape(String token) {
    JsonNode monitor = rendered("podmonitor.yaml");
    JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");
    String namespace = monitor.at("/metadata/namespace").asText();
    String job = namespace + "/" + monitor.at("/metadata/name").asText();
    var relabelings = new ArrayList<Map<String, Object>>();
    relabelings.add(keep("pod_phase", "Pending|Running|Unknown"));
    for (var each : monitor.at("/spec/selector/matchLabels").properties()) {
      relabelings.add(keep(label(each.getKey()), each.getValue().asText()));
    }
    for (JsonNode each : monitor.at("/spec/selector/matchExpressions")) {
      relabelings.add(
          keep(label(each.path("key").asText()), String.join("|", texts(each.path("values")))));
    }
    relabelings.add(keep("pod_container_port_name", endpoint.path("port").asText()));
    relabelings.add(target("namespace", "namespace"));
    relabelings.add(target("pod_container_name", "container"));
    relabelings.add(target("pod_name", "pod"));
    relabelings.add(Map.of("target_label", "job", "replacement", job));
    relabelings.add(
        Map.of("target_label", "endpoint", "replacement", endpoint.path("port").asText()));
    for (JsonNode each : endpoint.path("relabelings")) {
      relabelings.add(
          Map.of(
              "source_labels",
              texts(each.path("sourceLabels")),
              "target_label",
              each.path("targetLabel").asText()));
    }
    var scrape = new LinkedHashMap<String, Object>();
    scrape.put("job_name", "podMonitor/" + job);
    scrape.put("honor_labels", endpoint.path("honorLabels").asBoolean());
    scrape.put("scrape_interval", endpoint.path("interval").asText());
    scrape.put("scrape_timeout", endpoint.path("interval").asText());
    scrape.put("metrics_path", endpoint.path("path").asText());
    scrape.put("authorization", Map.of("type", "Bearer", "credentials_file", token));
    scrape.put("static_configs", discovered(namespace));
    scrape.put("relabel_configs", relabelings);
    return scrape;
  }

  /**
   * Each port of each pod of a namespace, with the labels that Prometheus' own discovery of pods
   * gives it: Debian builds Prometheus without that.
   */
  private List<Map<String, Object>> discovered(String namespace) {
    var targets = new ArrayList<Map<String, Object>>();
    for (Pod pod : cluster.client().pods().inNamespace(namespace).list().getItems()) {
      for (Container container : pod.getSpec().getContainers()) {
        for (ContainerPort port : container.getPorts()) {
          var labels = new TreeMap<String, String>();
          labels.put("__meta_kubernetes_namespace", namespace);
          labels.put("__meta_kubernetes_pod_name", pod.getMetadata().getName());
          labels.put("__meta_kubernetes_pod_phase", pod.getStatus().getPhase());
          labels.put("__meta_kubernetes_pod_node_name", pod.getSpec().getNodeName());
          labels.put("__meta_kubernetes_pod_container_name", container.getName());
          labels.put("__meta_kubernetes_pod_container_port_name", port.getName());
          pod.getMetadata()
              .getLabels()
              .forEach((name, value) -> labels.put("__meta_kubernetes_" + label(name), value));
          targets.add(
              Map.of(
                  "targets",
                  List.of(pod.getStatus().getPodIP() + ":" + port.getContainerPort()),
                  "labels",
                  labels));
        }
      }
    }
    return targets;
  }

  private JsonNode rendered(String template) {
    String text =
        cluster
            .helm(
                "template",
                TestCluster.RELEASE,
                TestCluster.chart().toString(),
                "--namespace",
                TestCluster.OPERATOR_NAMESPACE,
                "--show-only",
                "templates/" + template)
            .and(VALUES.stream().map("--set="::concat).toList())
            .succeed();
    return Serialization.unmarshal(text, JsonNode.class);
  }

  private static Map<String, Object> keep(String meta, String regex) {
    return Map.of(
        "source_labels",
        List.of("__meta_kubernetes_" + meta),
        "regex",
        "(" + regex + ")",
        "action",
        "keep");
  }

  private static Map<String, Object> target(String meta, String label) {
    return Map.of("source_labels", List.of("__meta_kubernetes_" + meta), "target_label", label);
  }

  private static String label(String name) {
    return "pod_label_" + name.replaceAll("[^a-zA-Z0-9_]", "_");
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
