package io.listenbacklog.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartTest {
  private static final Chart CHART = Chart.withDefaults();

  @Test
  void helmLintHasNothingToSay() {
    var result = new Helm(Chart.FOLDER).lint().strict().call();
    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  @Test
  void itsVersionsAreThePomsVersion() throws Exception {
    JsonNode chart = Chart.YAML.readTree(Chart.FOLDER.resolve("Chart.yaml").toFile());
    String version = System.getProperty("project.version");
    assertThat(chart.path("version").asText()).isEqualTo(version);
    assertThat(chart.path("appVersion").asText()).isEqualTo(version);
  }

  @Test
  void theProbeHasFourCapabilitiesAndIsNotPrivileged() throws JsonProcessingException {
    assertThat(CHART.probe().at("/containers/0/securityContext"))
        .isEqualTo(
            yaml(
                """
                runAsNonRoot: false
                runAsUser: 0
                runAsGroup: 0
                privileged: false
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities:
                  drop: [ALL]
                  add: [SYS_ADMIN, SYS_PTRACE, SYSLOG, DAC_READ_SEARCH]
                seccompProfile: {type: RuntimeDefault}
                appArmorProfile: {type: Unconfined}
                """));
  }

  @Test
  void theProbeSeesTheProcessesOfItsNodeAndNothingElseOfIt() throws JsonProcessingException {
    JsonNode probe = CHART.probe();
    assertThat(probe.path("hostPID").asBoolean()).isTrue();
    assertThat(probe.has("hostNetwork")).isFalse();
    assertThat(probe.has("hostIPC")).isFalse();
    assertThat(probe.path("volumes"))
        .isEqualTo(
            yaml(
                """
                - {name: proc, hostPath: {path: /proc, type: Directory}}
                - {name: journal, hostPath: {path: /run/listen-backlog-operator, type: DirectoryOrCreate}}
                - {name: tracing, emptyDir: {}}
                """));
  }

  @Test
  void allOtherPodsAreRestricted() throws JsonProcessingException {
    JsonNode restricted =
        yaml(
            """
            runAsNonRoot: true
            runAsUser: 65532
            runAsGroup: 65532
            privileged: false
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
            seccompProfile: {type: RuntimeDefault}
            """);
    for (String part : List.of("Deployment", "Job")) {
      JsonNode pod = CHART.kind(part).findFirst().orElseThrow().at("/spec/template/spec");
      assertThat(pod.at("/containers/0/securityContext")).as(part).isEqualTo(restricted);
      assertThat(pod.has("hostPID")).as(part).isFalse();
      assertThat(pod.has("volumes")).as(part).isFalse();
    }
  }

  @Test
  void theRightsAreTheseAndNoOthers() {
    var rights = new TreeMap<String, List<String>>();
    for (String kind : List.of("ClusterRole", "Role")) {
      CHART
          .kind(kind)
          .forEach(
              role ->
                  rights.put(
                      kind + " " + role.at("/metadata/name").asText(), rules(role.path("rules"))));
    }
    assertThat(rights)
        .isEqualTo(
            Map.of(
                "ClusterRole lbo-listen-backlog-operator-controller",
                List.of(
                    "pods,namespaces,nodes: list,watch",
                    "listenbacklog.io/backlogpolicies,clusterbacklogpolicies: list,watch",
                    "listenbacklog.io/backlogpolicies/status,clusterbacklogpolicies/status: patch",
                    "listenbacklog.io/nodebacklogs: list,watch,create,patch",
                    "events.k8s.io/events: create,get,patch"),
                "Role lbo-listen-backlog-operator-controller",
                List.of(
                    "coordination.k8s.io/leases: create",
                    "coordination.k8s.io/leases lbo-listen-backlog-operator-controller:"
                        + " get,patch"),
                "ClusterRole lbo-listen-backlog-operator-probe",
                List.of(
                    "listenbacklog.io/nodebacklogs: get,list,watch",
                    "listenbacklog.io/nodebacklogs/status: patch"),
                "ClusterRole lbo-listen-backlog-operator-uninstall",
                List.of("listenbacklog.io/nodebacklogs: list,create,patch,delete"),
                "Role lbo-listen-backlog-operator-uninstall",
                List.of(
                    "apps/deployments lbo-listen-backlog-operator-controller: get",
                    "apps/deployments/scale lbo-listen-backlog-operator-controller: patch",
                    "batch/jobs lbo-listen-backlog-operator-uninstall: get",
                    "pods: list"),
                "Role lbo-listen-backlog-operator-test",
                List.of("apps/deployments,daemonsets: list", "pods: list"),
                "ClusterRole lbo-listen-backlog-operator-view",
                List.of("listenbacklog.io/backlogpolicies: get,list,watch"),
                "ClusterRole lbo-listen-backlog-operator-edit",
                List.of(
                    "listenbacklog.io/backlogpolicies:"
                        + " get,list,watch,create,update,patch,delete,deletecollection")));
  }

  @Test
  void workloadsAreChangedOnlyWhereThatIsGranted() {
    var everywhere =
        Chart.with(Map.of("appConfig.enabled", true)).one("ClusterRole", "-app-config");
    assertThat(rules(everywhere.path("rules")))
        .containsExactly(
            "apps/deployments,statefulsets,daemonsets: get,list,patch",
            "argoproj.io/rollouts: get,list,patch",
            "apps/replicasets: get",
            "configmaps: get,create",
            "policy/poddisruptionbudgets: list");

    var shop = Chart.with(Map.of("appConfig.enabled", true, "appConfig.namespaces[0]", "shop"));
    JsonNode there = shop.one("Role", "-app-config");
    assertThat(there.at("/metadata/namespace").asText()).isEqualTo("shop");
    assertThat(there.path("rules")).isEqualTo(everywhere.path("rules"));
    assertThat(shop.kind("ClusterRole").map(each -> each.at("/metadata/name").asText()))
        .noneMatch(name -> name.endsWith("-app-config"));
  }

  @Test
  void whoLooksAtANamespaceSeesItsPoliciesAndWhoEditsItWritesThem() {
    assertThat(aggregations(CHART))
        .isEqualTo(
            Map.of(
                "lbo-listen-backlog-operator-view",
                List.of(
                    "rbac.authorization.k8s.io/aggregate-to-admin: true",
                    "rbac.authorization.k8s.io/aggregate-to-edit: true",
                    "rbac.authorization.k8s.io/aggregate-to-view: true"),
                "lbo-listen-backlog-operator-edit",
                List.of(
                    "rbac.authorization.k8s.io/aggregate-to-admin: true",
                    "rbac.authorization.k8s.io/aggregate-to-edit: true")));
  }

  @Test
  void theRolesOfUsersCanBeLeftToBeBoundByHand() {
    var chart = Chart.with(Map.of("rbac.aggregateClusterRoles", false));
    assertThat(aggregations(chart)).isEmpty();
    for (String role : List.of("-view", "-edit")) {
      assertThat(chart.one("ClusterRole", role).path("rules"))
          .isEqualTo(CHART.one("ClusterRole", role).path("rules"));
    }
  }

  /** Which ClusterRoles are added to others, by the labels that say so. */
  private static Map<String, List<String>> aggregations(Chart chart) {
    var added = new TreeMap<String, List<String>>();
    chart
        .kind("ClusterRole")
        .forEach(
            role -> {
              List<String> labels =
                  role.at("/metadata/labels").properties().stream()
                      .map(label -> label.getKey() + ": " + label.getValue().asText())
                      .filter(label -> label.startsWith("rbac.authorization.k8s.io/"))
                      .toList();
              if (!labels.isEmpty()) added.put(role.at("/metadata/name").asText(), labels);
            });
    return added;
  }

  @Test
  void eachPodHasAnAccountOfItsOwn() {
    assertThat(CHART.pods().stream().map(pod -> pod.path("serviceAccountName").asText()))
        .doesNotHaveDuplicates()
        .allMatch(name -> CHART.one("ServiceAccount", name) != null);
  }

  /** The image is there for more than one architecture. */
  @Test
  void noPodIsBoundToAnArchitecture() {
    assertThat(CHART.pods())
        .isNotEmpty()
        .allSatisfy(
            pod -> {
              assertThat(pod.path("nodeSelector").propertyStream().map(Map.Entry::getKey))
                  .containsExactly("kubernetes.io/os");
              assertThat(pod.path("affinity").toString()).doesNotContain("kubernetes.io/arch");
            });
  }

  /** No pod of a DaemonSet ever starts there, and each update would wait for it. */
  @Test
  void noProbeIsMadeForANodeThatIsNone() throws JsonProcessingException {
    assertThat(CHART.probe().path("affinity"))
        .isEqualTo(
            yaml(
                """
                nodeAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                    nodeSelectorTerms:
                    - matchExpressions:
                      - {key: eks.amazonaws.com/compute-type, operator: NotIn, values: [fargate]}
                      - {key: type, operator: NotIn, values: [virtual-kubelet]}
                """));
    assertThat(Chart.with(Map.of("probe.affinity", "null")).probe().has("affinity")).isFalse();
  }

  @Test
  void whatUninstallsIsThereOnlyForThatTime() {
    assertThat(CHART.objects())
        .filteredOn(object -> object.at("/metadata/name").asText().endsWith("-uninstall"))
        .hasSize(6)
        .allSatisfy(
            object -> {
              JsonNode annotations = object.at("/metadata/annotations");
              assertThat(annotations.path("visible/hook").asText()).isEqualTo("pre-delete");
              assertThat(annotations.path("visible/hook-delete-policy").asText())
                  .isEqualTo("before-hook-creation,hook-succeeded");
            });
    assertThat(Chart.with(Map.of("uninstall.restore", false)).objects())
        .noneMatch(object -> object.at("/metadata/name").asText().endsWith("-uninstall"));
  }

  /** "helm test": it reads three things in its own namespace, and is there only for that time. */
  @Test
  void whatTestsTheInstallationIsRestrictedAndThereOnlyForThatTime()
      throws JsonProcessingException {
    assertThat(CHART.objects())
        .filteredOn(object -> object.at("/metadata/name").asText().endsWith("-test"))
        .extracting(object -> object.path("kind").asText())
        .containsExactlyInAnyOrder("ServiceAccount", "Role", "RoleBinding", "Pod");
    assertThat(CHART.objects())
        .filteredOn(object -> object.at("/metadata/name").asText().endsWith("-test"))
        .allSatisfy(
            object -> {
              JsonNode annotations = object.at("/metadata/annotations");
              assertThat(annotations.path("visible/hook").asText()).isEqualTo("test");
              assertThat(annotations.path("visible/hook-delete-policy").asText())
                  .isEqualTo("before-hook-creation,hook-succeeded");
            });
    JsonNode pod = CHART.one("Pod", "-test").path("spec");
    assertThat(pod.path("serviceAccountName").asText())
        .isEqualTo(CHART.one("ServiceAccount", "-test").at("/metadata/name").asText());
    assertThat(pod.at("/containers/0/securityContext"))
        .isEqualTo(
            CHART.one("Job", "-uninstall").at("/spec/template/spec/containers/0/securityContext"));
    assertThat(pod.path("restartPolicy").asText()).isEqualTo("Never");
    assertThat(pod.at("/containers/0/args")).isEqualTo(yaml("['@check']"));
    assertThat(ARGUMENT_FILES.resolve("check")).exists();
  }

  /** So that nothing is uninstalled by who applies a rendered chart. */
  @Test
  void whatUninstallsLooksWhoHasMadeItUnlessItIsToldNotTo() throws JsonProcessingException {
    JsonNode asked = yaml("{name: UNINSTALL_JOB, value: lbo-listen-backlog-operator-uninstall}");
    assertThat(CHART.one("Job", "-uninstall").at("/spec/template/spec/containers/0/env"))
        .contains(asked);
    var always = Chart.with(Map.of("uninstall.onlyByHelm", false));
    assertThat(always.one("Job", "-uninstall").at("/spec/template/spec/containers/0/env"))
        .doesNotContain(asked);
    assertThat(rules(always.one("Role", "-uninstall").path("rules")))
        .noneMatch(rule -> rule.contains("jobs"));
  }

  @Test
  void theAdmissionPolicyIsAboutTheProbesAccountAndFailsClosed() {
    JsonNode spec = CHART.one("ValidatingAdmissionPolicy", "-probe").path("spec");
    assertThat(spec.path("failurePolicy").asText()).isEqualTo("Fail");
    assertThat(spec.at("/matchConditions/0/expression").asText())
        .contains(
            "\"system:serviceaccount:backlog:"
                + CHART.probe().path("serviceAccountName").asText()
                + "\"");
    JsonNode binding = CHART.one("ValidatingAdmissionPolicyBinding", "-probe").path("spec");
    assertThat(binding.path("validationActions")).hasToString("[\"Deny\"]");
    assertThat(binding.has("matchResources")).isFalse();
  }

  @Test
  void theAdmissionPolicyForPoliciesIsAboutThoseAloneAndFailsClosed() {
    JsonNode spec = CHART.one("ValidatingAdmissionPolicy", "-policies").path("spec");
    assertThat(spec.path("failurePolicy").asText()).isEqualTo("Fail");
    assertThat(spec.at("/matchConstraints/resourceRules"))
        .singleElement()
        .satisfies(
            rule ->
                assertThat(rule.path("resources"))
                    .hasToString("[\"backlogpolicies\",\"clusterbacklogpolicies\"]"));
    JsonNode binding = CHART.one("ValidatingAdmissionPolicyBinding", "-policies").path("spec");
    assertThat(binding.path("validationActions")).hasToString("[\"Deny\"]");
    assertThat(binding.has("matchResources")).isFalse();
  }

  /** Helm installs nothing that another release has already; two operators would be rivals. */
  @Test
  void anObjectOfTheClusterHasOneNameWhateverTheReleaseIsCalled() {
    for (String kind : List.of("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")) {
      for (Chart chart : List.of(CHART, Chart.with(Map.of("fullnameOverride", "second")))) {
        for (String about : List.of("probe", "policies")) {
          String name = "listen-backlog-operator-" + about;
          JsonNode object = chart.one(kind, "-" + about);
          assertThat(object.at("/metadata/name").asText()).isEqualTo(name);
          assertThat(object.at("/spec/policyName").asText(name)).isEqualTo(name);
        }
      }
    }
  }

  @Test
  void labelsSelectExactlyThePodsOfAComponent() {
    for (String part : List.of("Deployment", "DaemonSet")) {
      JsonNode spec = CHART.kind(part).findFirst().orElseThrow().path("spec");
      JsonNode labels = spec.at("/template/metadata/labels");
      assertThat(labels.path("app.kubernetes.io/name").asText())
          .isEqualTo("listen-backlog-operator");
      spec.at("/selector/matchLabels")
          .properties()
          .forEach(label -> assertThat(labels.get(label.getKey())).isEqualTo(label.getValue()));
    }
  }

  /** Rendering refuses a key that is twice, so this is about whose value counts. */
  @Test
  void whatAUserSaysTakesThePlaceOfWhatTheChartSays() {
    var values =
        new HashMap<String, Object>(
            Map.of("grafana.enabled", true, "prometheusRule.enabled", true));
    values.putAll(Map.of("podMonitor.enabled", true, "priorityQuota.enabled", true));
    values.putAll(Map.of("metrics.authorization", true, "openshift.enabled", true));
    values.putAll(
        Map.of("appConfig.enabled", true, "controller.podDisruptionBudget.enabled", true));
    values.put("commonLabels.app\\.kubernetes\\.io/version", "of-all");
    values.put("commonLabels.rbac\\.authorization\\.k8s\\.io/aggregate-to-view", "no");
    values.put("commonLabels.release", "of-all");
    values.put("podMonitor.labels.release", "of-this");
    values.put("grafana.labels.release", "of-this");
    values.put("prometheusRule.additionalLabels.release", "of-this");
    for (String part : List.of("controller", "probe")) {
      values.put(part + ".nodeSelector.kubernetes\\.io/os", "windows");
      values.put(part + ".podLabels.app\\.kubernetes\\.io/version", "of-this");
      values.put(part + ".podAnnotations.kubectl\\.kubernetes\\.io/default-container", "mine");
    }

    var chart = Chart.with(values);

    assertThat(chart.pods())
        .hasSize(3)
        .extracting(pod -> pod.path("nodeSelector").toString())
        .containsOnly("{\"kubernetes.io/os\":\"windows\"}");
    for (String part : List.of("Deployment", "DaemonSet")) {
      JsonNode template = chart.kind(part).findFirst().orElseThrow().at("/spec/template/metadata");
      assertThat(template.path("labels").path("app.kubernetes.io/version").asText())
          .isEqualTo("of-this");
      assertThat(template.path("annotations").toString())
          .isEqualTo("{\"kubectl.kubernetes.io/default-container\":\"mine\"}");
    }
    for (String kind : List.of("PodMonitor", "PrometheusRule", "ConfigMap")) {
      assertThat(chart.one(kind, "").at("/metadata/labels/release").asText()).isEqualTo("of-this");
    }
    assertThat(chart.one("ClusterRole", "-controller").path("metadata").path("labels"))
        .contains(TextNode.valueOf("of-all"), TextNode.valueOf("no"));
    assertThat(aggregations(chart).get("lbo-listen-backlog-operator-view"))
        .contains("rbac.authorization.k8s.io/aggregate-to-view: true");
  }

  @ParameterizedTest
  @CsvSource({
    "commonLabels, name",
    "commonLabels, component",
    "controller.podLabels, instance",
    "probe.podLabels, component"
  })
  void byWhatThePodsAreSelectedNobodyElseSays(String labels, String label) {
    assertThatThrownBy(() -> Chart.with(Map.of(labels + ".app\\.kubernetes\\.io/" + label, "mine")))
        .hasMessageContaining("'/%s/app.kubernetes.io~1%s'", labels.replace('.', '/'), label)
        .hasMessageContaining("'mine'")
        .hasMessageContaining("by this label the chart selects its pods");
  }

  @Test
  void namesOfDigitsAloneAreTexts() throws IOException {
    Path values = Files.createTempFile(Path.of("target"), "values-", ".yaml");
    Files.writeString(
        values,
        """
        fullnameOverride: "8"
        controller: {priorityClassName: "7", podDisruptionBudget: {enabled: true}}
        appConfig: {enabled: true, namespaces: ["9"]}
        openshift: {enabled: true}
        podMonitor: {enabled: true}
        prometheusRule: {enabled: true}
        grafana: {enabled: true}
        priorityQuota: {enabled: true}
        """);

    var chart = Chart.of("123", "456", values);

    assertThat(chart.objects())
        .allSatisfy(
            object -> {
              assertThat(object.findValues("namespace")).allMatch(JsonNode::isTextual);
              assertThat(object.findValues("name")).allMatch(JsonNode::isTextual);
              assertThat(object.findValues("priorityClassName")).allMatch(JsonNode::isTextual);
              assertThat(object.findValues("app.kubernetes.io/instance"))
                  .allMatch(JsonNode::isTextual);
            });
  }

  /** Without it the API server adds it, and who compares with what he applied sees a difference. */
  @Test
  void aRelabelingSaysWhatItDoes() throws JsonProcessingException {
    assertThat(
            Chart.with(Map.of("podMonitor.enabled", true))
                .one("PodMonitor", "")
                .at("/spec/podMetricsEndpoints/0/relabelings"))
        .isEqualTo(
            yaml(
                "[{action: replace, sourceLabels: [__meta_kubernetes_pod_node_name], targetLabel:"
                    + " node}]"));
  }

  /** As GKE wants it, for pods of these classes outside of kube-system. */
  @Test
  void aQuotaPermitsThePriorityClassesThatPodsHave() throws JsonProcessingException {
    assertThat(CHART.kind("ResourceQuota")).isEmpty();
    JsonNode spec =
        Chart.with(Map.of("priorityQuota.enabled", true)).one("ResourceQuota", "").path("spec");
    assertThat(spec)
        .isEqualTo(
            yaml(
                """
                hard: {pods: 1G}
                scopeSelector:
                  matchExpressions:
                  - scopeName: PriorityClass
                    operator: In
                    values: [system-cluster-critical, system-node-critical]
                """));
    assertThat(spec.at("/scopeSelector/matchExpressions/0/values"))
        .extracting(JsonNode::asText)
        .containsAll(
            CHART.pods().stream().map(pod -> pod.path("priorityClassName").asText()).toList());
  }

  @ParameterizedTest
  @CsvSource({"mine, mine, '[\"mine\"]'", "'', mine, '[\"mine\"]'", "mine, '', '[\"mine\"]'"})
  void aQuotaNamesAClassOnceAndNoneThatIsEmpty(String controller, String probe, String classes) {
    var chart =
        Chart.with(
            Map.of(
                "priorityQuota.enabled", true,
                "controller.priorityClassName", controller,
                "probe.priorityClassName", probe));
    assertThat(chart.one("ResourceQuota", "").at("/spec/scopeSelector/matchExpressions/0/values"))
        .hasToString(classes);
  }

  @Test
  void aQuotaForNoClassIsNone() {
    assertThat(
            Chart.with(
                    Map.of(
                        "priorityQuota.enabled", true,
                        "controller.priorityClassName", "",
                        "probe.priorityClassName", ""))
                .kind("ResourceQuota"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "probee.enabled,     true,        'probee'",
    "controller.replica, 2,           'replica'",
    "controller.replicas, two,        '/controller/replicas'",
    "probe.maxUnavailable, 0,         '/probe/maxUnavailable'",
    "probe.maxUnavailable, 0%,        '/probe/maxUnavailable'",
    "probe.maxUnavailable, 101%,      '/probe/maxUnavailable'",
    "probe.sweepInterval, 99ms,       '/probe/sweepInterval'",
    "probe.sweepInterval, 60001ms,    '/probe/sweepInterval'",
    "probe.sweepInterval, 0s,         '/probe/sweepInterval'",
    "probe.sweepInterval, 61s,        '/probe/sweepInterval'",
    "probe.sweepInterval, 2m,         '/probe/sweepInterval'",
    "probe.sweepInterval, 1h,         '/probe/sweepInterval'",
    "fullnameOverride,   Backlog_One, '/fullnameOverride'",
    "fullnameOverride,   -backlog,    '/fullnameOverride'",
    "image.digest,       sha256:1234, '/image/digest'",
    "image.repository,   registry.example/x:0.1.0, '/image/repository'",
    "image.repository,   x:5000,      '/image/repository'",
    "image.repository,   https://registry.example/x, '/image/repository'",
    "enabled,            maybe,       '/enabled'",
    "limits.maxBacklog,  0,           '/limits/maxBacklog'",
    "limits.maxBacklog,  65536,       '/limits/maxBacklog'",
    "limits.annotations, enforce,     '/limits/annotations'",
    "rbac.aggregateClusterRoles, maybe, '/rbac/aggregateClusterRoles'",
    "metrics.authorization, maybe,    '/metrics/authorization'",
    "networkPolicy.metricsFrom, all,  '/networkPolicy/metricsFrom'",
    "uninstall.timeoutSeconds, 0,     '/uninstall/timeoutSeconds'",
    "rbac,               null,        'missing property ''rbac'''"
  })
  void aValueThatCannotBeIsRefusedByName(String path, String value, String named) {
    assertThatThrownBy(() -> Chart.with(Map.of(path, value))).hasMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource({
    "probe.sweepInterval, 100ms",
    "probe.sweepInterval, 60000ms",
    "probe.sweepInterval, 0250ms",
    "probe.sweepInterval, 1s",
    "probe.sweepInterval, 60s",
    "probe.sweepInterval, 1m",
    "probe.maxUnavailable, 1%",
    "probe.maxUnavailable, 100%",
    "fullnameOverride, backlog-1",
    "image.repository, registry.example:5000/team/x"
  })
  void aValueAtTheEdgeIsTaken(String path, String value) {
    assertThat(Chart.with(Map.of(path, value)).objects()).isNotEmpty();
  }

  /** Helm itself leaves the chart out where its parent's condition is false. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aParentChartMaySayWhetherItIsWanted(boolean enabled) {
    assertThat(Chart.with(Map.of("enabled", enabled))).isEqualTo(CHART);
  }

  /** What "null" means of a value whose default is not empty, for Helm merges an empty map. */
  @Test
  void theRuntimesAppArmorProfileIsHadByNull() throws IOException {
    assertThat(Chart.withDefaults().probe().at("/containers/0/securityContext/appArmorProfile"))
        .isEqualTo(yaml("{type: Unconfined}"));
    assertThat(probeWith("{probe: {appArmorProfile: {}}}")).isEqualTo(yaml("{type: Unconfined}"));
    assertThat(probeWith("{probe: {appArmorProfile: null}}")).isEqualTo(MissingNode.getInstance());
  }

  private static JsonNode probeWith(String values) throws IOException {
    var file =
        Files.writeString(Files.createTempFile(Path.of("target"), "values-", ".yaml"), values);
    return Chart.with(file).probe().at("/containers/0/securityContext/appArmorProfile");
  }

  /**
   * As Helm has it after an upgrade with {@code --reset-then-reuse-values}: a value that the schema
   * no longer knew would be refused.
   */
  @ParameterizedTest
  @ValueSource(strings = {"values-0.1.0.yaml", "values-0.1.0-of-a-user.yaml"})
  void theValuesOf010StillHold(String file) {
    var upgraded = Chart.with(Path.of("src/test/resources").resolve(file));
    assertThat(names(upgraded)).containsAll(names(CHART));
  }

  private static List<String> names(Chart chart) {
    return chart.objects().stream()
        .map(each -> each.path("kind").asText() + " " + each.at("/metadata/name").asText())
        .toList();
  }

  @Test
  void eachValueHasADefaultAndAWord() throws Exception {
    JsonNode values = Chart.YAML.readTree(Chart.FOLDER.resolve("values.yaml").toFile());
    JsonNode schema = Chart.YAML.readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
    var wrong = new ArrayList<String>();
    compare("", values, schema, wrong);
    assertThat(wrong).isEmpty();
  }

  private static void compare(String path, JsonNode values, JsonNode schema, List<String> wrong) {
    JsonNode properties = schema.path("properties");
    properties
        .properties()
        .forEach(
            property -> {
              String name = path + "/" + property.getKey();
              // Helm adds one, a parent chart the other; free-form values have no defaults within.
              if (name.equals("/global") || name.equals("/enabled")) return;
              JsonNode value = values.get(property.getKey());
              if (value == null) wrong.add(name + " has no default");
              else if (value.isObject() && isOurs(property.getValue())) {
                compare(name, value, property.getValue(), wrong);
              } else if (property.getValue().path("description").asText().isEmpty()
                  && !property.getValue().has("enum")) {
                wrong.add(name + " has no description");
              }
            });
  }

  /** Whether the fields are the chart's, not those of a Kubernetes type. */
  private static boolean isOurs(JsonNode schema) {
    return schema.has("properties")
        && !schema.path("description").asText().startsWith("As in a container");
  }

  @Test
  void theControllerIsToldTheLimits() throws JsonProcessingException {
    var chart = Chart.with(Map.of("limits.maxBacklog", 65535, "limits.annotations", "Observe"));
    assertThat(chart.one("Deployment", "-controller").at("/spec/template/spec/containers/0/env"))
        .contains(
            yaml("{name: LIMITS_MAX_BACKLOG, value: '65535'}"),
            yaml("{name: LIMITS_ANNOTATIONS, value: Observe}"));
  }

  /** What strangers do at the port of the metrics does not stand before the kubelet. */
  @Test
  void theKubeletAsksAtAPortOfItsOwn() throws JsonProcessingException {
    for (JsonNode pod : List.of(CHART.pods().getFirst(), CHART.probe())) {
      JsonNode container = pod.at("/containers/0");
      assertThat(container.path("ports"))
          .isEqualTo(
              yaml(
                  """
                  - {name: http, containerPort: 8080}
                  - {name: health, containerPort: 8081}
                  """));
      for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
        assertThat(container.path(probe).at("/httpGet/port").asText()).isEqualTo("health");
      }
      assertThat(container.path("env"))
          .contains(
              yaml("{name: HTTP_PORT, value: '8080'}"), yaml("{name: HEALTH_PORT, value: '8081'}"));
    }
  }

  @Test
  void nobodyButTheNodeIsLetInToThatPort() throws JsonProcessingException {
    JsonNode spec = CHART.kind("NetworkPolicy").findFirst().orElseThrow().path("spec");
    assertThat(spec.path("policyTypes")).isEqualTo(yaml("[Ingress]"));
    assertThat(spec.path("ingress")).isEqualTo(yaml("[{ports: [{port: http, protocol: TCP}]}]"));
    for (String part : List.of("Deployment", "DaemonSet")) {
      JsonNode labels =
          CHART.kind(part).findFirst().orElseThrow().at("/spec/template/metadata/labels");
      spec.at("/podSelector/matchLabels")
          .properties()
          .forEach(label -> assertThat(labels.get(label.getKey())).isEqualTo(label.getValue()));
    }
    assertThat(Chart.with(Map.of("networkPolicy.enabled", false)).kind("NetworkPolicy")).isEmpty();
  }

  @Test
  void metricsMayBeForSomeNamespacesAlone() throws JsonProcessingException {
    var chart =
        Chart.with(
            Map.of("networkPolicy.metricsFrom[0].podSelector.matchLabels.app", "prometheus"));
    assertThat(chart.kind("NetworkPolicy").findFirst().orElseThrow().at("/spec/ingress"))
        .isEqualTo(
            yaml(
                """
                - ports: [{port: http, protocol: TCP}]
                  from: [{podSelector: {matchLabels: {app: prometheus}}}]
                """));
  }

  @Test
  void onlyWhereMetricsAreGuardedAPartMayAskWhoseATokenIs() throws JsonProcessingException {
    var reviews =
        List.of(
            "authentication.k8s.io/tokenreviews: create",
            "authorization.k8s.io/subjectaccessreviews: create");
    var guarded = Chart.with(Map.of("metrics.authorization", true));
    for (String part : List.of("-controller", "-probe")) {
      assertThat(rules(CHART.one("ClusterRole", part).path("rules")))
          .doesNotContainSequence(reviews);
      assertThat(rules(guarded.one("ClusterRole", part).path("rules")))
          .endsWith(reviews.get(0), reviews.get(1));
    }
    assertThat(guarded.one("ClusterRole", "-metrics-reader").path("rules"))
        .isEqualTo(yaml("[{nonResourceURLs: [/metrics], verbs: [get]}]"));
    assertThat(guarded.probe().at("/containers/0/env"))
        .contains(yaml("{name: METRICS_AUTHORIZATION, value: 'true'}"));
    assertThat(CHART.probe().at("/containers/0/env"))
        .contains(yaml("{name: METRICS_AUTHORIZATION, value: 'false'}"));
  }

  @Test
  void aDigestTakesThePlaceOfTheTag() {
    String digest = "sha256:" + "0123456789abcdef".repeat(4);
    var chart =
        Chart.with(Map.of("image.repository", "registry.example/lbo", "image.digest", digest));
    assertThat(chart.pods())
        .allMatch(
            pod -> pod.at("/containers/0/image").asText().equals("registry.example/lbo@" + digest));
  }

  @Test
  void whatIsOffByDefaultCanBeHad() {
    assertThat(CHART.kind("PodMonitor")).isEmpty();
    assertThat(CHART.kind("PodDisruptionBudget")).isEmpty();
    var all =
        Chart.with(
            Map.of("podMonitor.enabled", true, "controller.podDisruptionBudget.enabled", true));
    assertThat(all.kind("PodMonitor")).hasSize(1);
    assertThat(all.kind("PodDisruptionBudget")).hasSize(1);
  }

  /**
   * By the rules of OpenShift's admission: what the pod asks for must be allowed, field by field.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onOpenShiftTheProbeMayWhatItNeedsAndNoMore(boolean unixListenersOfAllUsers) {
    var chart =
        Chart.with(
            Map.of(
                "openshift.enabled",
                true,
                "probe.unixListenersOfAllUsers",
                unixListenersOfAllUsers));
    JsonNode constraints = chart.one("SecurityContextConstraints", "-probe");
    JsonNode probe = chart.probe();
    JsonNode asked = probe.at("/containers/0/securityContext");

    assertThat(constraints.path("allowedCapabilities")).isEqualTo(asked.at("/capabilities/add"));
    assertThat(constraints.path("requiredDropCapabilities"))
        .isEqualTo(asked.at("/capabilities/drop"));
    assertThat(constraints.path("readOnlyRootFilesystem"))
        .isEqualTo(asked.path("readOnlyRootFilesystem"));
    assertThat(fields(constraints).filter(name -> constraints.path(name).asBoolean()))
        .filteredOn(name -> name.startsWith("allow"))
        .containsExactlyInAnyOrder("allowHostPID", "allowHostDirVolumePlugin");
    // "projected" is what the API server adds: the account's token.
    assertThat(constraints.path("volumes"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    StreamSupport.stream(probe.path("volumes").spliterator(), false)
                        .flatMap(volume -> fields(volume).filter(name -> !name.equals("name"))),
                    Stream.of("projected"))
                .distinct()
                .toList());
    assertThat(asked.at("/seLinuxOptions/type").asText()).isEqualTo("spc_t");

    JsonNode binding = chart.one("RoleBinding", "-probe-scc");
    assertThat(binding.at("/subjects/0/name").asText())
        .isEqualTo(probe.path("serviceAccountName").asText());
    assertThat(rules(chart.one("Role", "-probe-scc").path("rules")))
        .containsExactly(
            "security.openshift.io/securitycontextconstraints "
                + constraints.at("/metadata/name").asText()
                + ": use");
    assertThat(constraints.path("users")).isEmpty();
    assertThat(constraints.path("groups")).isEmpty();
  }

  @Test
  void onOpenShiftAllElseRunsAsAUserOfTheImage() {
    var chart = Chart.with(Map.of("openshift.enabled", true));
    JsonNode binding = chart.one("RoleBinding", "-nonroot-scc");
    assertThat(binding.path("subjects"))
        .extracting(subject -> subject.path("name").asText())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(chart.pods().stream(), Stream.of(chart.one("Pod", "-test").path("spec")))
                .map(pod -> pod.path("serviceAccountName").asText())
                .filter(account -> !account.endsWith("-probe"))
                .toList());
  }

  @Test
  void aTypeThatSomebodyNamesIsHisOnOpenShiftToo() {
    var chart =
        Chart.with(
            Map.of("openshift.enabled", true, "probe.seLinuxOptions.type", "container_probe_t"));
    assertThat(chart.probe().at("/containers/0/securityContext/seLinuxOptions/type").asText())
        .isEqualTo("container_probe_t");
    assertThat(CHART.kind("SecurityContextConstraints")).isEmpty();
    assertThat(CHART.probe().at("/containers/0/securityContext").has("seLinuxOptions")).isFalse();
  }

  private static Stream<String> fields(JsonNode object) {
    return object.propertyStream().map(Map.Entry::getKey);
  }

  @Test
  void eachEntryPointIsAnArgumentFileOfTheImage() {
    assertThat(CHART.pods())
        .hasSize(3)
        .allSatisfy(
            pod -> {
              assertThat(pod.at("/containers/0").has("command")).isFalse();
              String argument = pod.at("/containers/0/args/0").asText();
              assertThat(argument).startsWith("@");
              assertThat(Files.exists(ARGUMENT_FILES.resolve(argument.substring(1)))).isTrue();
            });
  }

  private static final Path ARGUMENT_FILES = Path.of("src/main/jib/opt/listen-backlog-operator");

  private static JsonNode yaml(String text) throws JsonProcessingException {
    return Chart.YAML.readTree(text);
  }

  /** {@code group/resources names: verbs}, a line each. */
  private static List<String> rules(JsonNode rules) {
    return StreamSupport.stream(rules.spliterator(), false)
        .map(
            rule -> {
              String group = rule.at("/apiGroups/0").asText();
              String names = rule.has("resourceNames") ? " " + joined(rule, "resourceNames") : "";
              assertThat(rule.path("apiGroups")).hasSize(1);
              return (group.isEmpty() ? "" : group + "/")
                  + joined(rule, "resources")
                  + names
                  + ": "
                  + joined(rule, "verbs");
            })
        .toList();
  }

  private static String joined(JsonNode rule, String field) {
    return String.join(
        ",",
        StreamSupport.stream(rule.path(field).spliterator(), false).map(JsonNode::asText).toList());
  }
}
