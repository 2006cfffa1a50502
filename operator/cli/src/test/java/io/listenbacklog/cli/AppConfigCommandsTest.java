package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AppConfigCommandsTest {
  private static final String PATH =
      "/apis/listenbacklog.io/v1alpha1/namespaces/shop/backlogpolicies/web";
  private static final String POLICY =
      """
      {"apiVersion": "listenbacklog.io/v1alpha1", "kind": "BacklogPolicy",
       "metadata": {"namespace": "shop", "name": "web"}, "spec": {},
       "status": {"pods": 2, "appConfig": [%s]}}
      """;
  private static final String ENV =
      """
      {"workload": "Deployment/api", "container": "api", "what": "env OPTIONS", "from": "", "to": "64",
       "phase": "Proposed", "reason": "OwnedByOthers", "message": "Helm", "since": "2026-11-28T10:00:00Z",
       "patch": "spec:\\n  template:\\n    spec:\\n      containers:\\n      - name: api\\n        env:\\n        - name: OPTIONS\\n          value: \\"--backlog=64\\"\\n"}
      """;
  private static final String FILE =
      """
      {"workload": "Deployment/web", "container": "", "what": "configMap web: default.conf", "from": "", "to": "64",
       "phase": "Proposed", "reason": "ObserveMode", "message": "", "since": "2026-11-28T10:00:00Z",
       "patch": "# ConfigMap web, key default.conf\\n@@ line 3 @@\\n-listen 80;\\n+listen 80 backlog=64;\\n"}
      """;

  private final FakeApi api = new FakeApi();

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void aPatchIsAKustomizationThatParses() {
    api.answering(PATH, POLICY.formatted(ENV + "," + FILE));

    String out = api.run("patch", "web").out();

    Map<?, ?> kustomization = new KubernetesSerialization().unmarshal(out, Map.class);
    assertThat(kustomization.get("patches"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .hasSize(1);
    Map<?, ?> patch =
        (Map<?, ?>) ((List<?>) Objects.requireNonNull(kustomization.get("patches"))).getFirst();
    Map<?, ?> body =
        new KubernetesSerialization().unmarshal((String) patch.get("patch"), Map.class);
    assertThat(body.get("kind")).isEqualTo("Deployment");
    assertThat(body.get("metadata")).isEqualTo(Map.of("name", "api"));
    assertThat(out).contains("# +listen 80 backlog=64;");
  }

  @Test
  void aJsonPatchNamesPlacesOfTheWorkloadAsItIs() {
    api.answering(PATH, POLICY.formatted(ENV + "," + FILE));
    api.answering(
        "/apis/apps/v1/namespaces/shop/deployments/api",
        """
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "api"},
         "spec": {"template": {"spec": {"containers": [
           {"name": "proxy"}, {"name": "api", "env": [{"name": "A", "value": "1"}]}]}}}}
        """);

    String out = api.run("patch", "web", "-o", "json-patch").out();

    assertThat(out).contains("# kubectl patch deployment api ", "# +listen 80 backlog=64;");
    List<?> operations = new KubernetesSerialization().unmarshal(out, List.class);
    assertThat(operations)
        .isEqualTo(
            List.of(
                Map.of(
                    "op", "test",
                    "path", "/spec/template/spec/containers/1/name",
                    "value", "api"),
                Map.of(
                    "op",
                    "add",
                    "path",
                    "/spec/template/spec/containers/1/env/-",
                    "value",
                    Map.of("name", "OPTIONS", "value", "--backlog=64"))));
  }

  @Test
  void anArgoRolloutIsOfItsOwnGroup() {
    api.answering(PATH, POLICY.formatted(ENV.replace("Deployment/", "Rollout/")));
    api.answering(
        "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/api",
        """
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "api"},
         "spec": {"template": {"spec": {"containers": [{"name": "api"}]}}}}
        """);

    assertThat(api.run("patch", "web", "-o", "json-patch").out())
        .contains("# kubectl patch rollout api ", "/spec/template/spec/containers/0/env");
    assertThat(api.run("patch", "web").out())
        .contains("apiVersion: argoproj.io/v1alpha1", "# own, other containers and volumes");
  }

  /** As the second finds what the first has written. */
  private static final String AGAIN = ENV.replace("--backlog=64", "--backlog=64 --more");

  private static final String OTHER = ENV.replace("OPTIONS", "OTHER");

  @Test
  void entriesOfOneWorkloadAreOneJsonPatch() {
    api.answering(PATH, POLICY.formatted(ENV + "," + OTHER + "," + AGAIN));
    api.answering(
        "/apis/apps/v1/namespaces/shop/deployments/api",
        """
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "api"},
         "spec": {"template": {"spec": {"containers": [{"name": "api"}]}}}}
        """);

    List<?> operations =
        new KubernetesSerialization()
            .unmarshal(api.run("patch", "web", "-o", "json-patch").out(), List.class);

    assertThat(operations)
        .last()
        .isEqualTo(
            Map.of(
                "op",
                "add",
                "path",
                "/spec/template/spec/containers/0/env",
                "value",
                List.of(
                    Map.of("name", "OPTIONS", "value", "--backlog=64 --more"),
                    Map.of("name", "OTHER", "value", "--backlog=64"))));
    assertThat(operations).hasSize(2);
  }

  /** Where lists are replaced, as in a Rollout, a second patch would undo the first. */
  @Test
  void entriesOfOneWorkloadAreOnePatchOfKustomize() {
    api.answering(PATH, POLICY.formatted((ENV + "," + OTHER).replace("Deployment/", "Rollout/")));

    var patches = patches(api.run("patch", "web").out());

    assertThat(patches).hasSize(1);
    assertThat(String.valueOf(patches.getFirst().get("patch")))
        .contains("metadata: {name: 'api'}\nspec:\n", "OPTIONS", "OTHER");
  }

  @Test
  void aContainerThatIsGoneIsSaidToBeAndOthersArePatched() {
    api.answering(
        PATH, POLICY.formatted(ENV + "," + OTHER.replace("- name: api", "- name: former")));
    api.answering(
        "/apis/apps/v1/namespaces/shop/deployments/api",
        """
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "api"},
         "spec": {"template": {"spec": {"containers": [{"name": "api"}]}}}}
        """);

    var ran = api.run("patch", "web", "-o", "json-patch");

    assertThat(ran.status()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains("# Deployment/api has no container former any more\n", "OPTIONS")
        .doesNotContain("\"OTHER\"");
  }

  @Test
  void workloadsOfTwoNamespacesAreToldApart() {
    String all = ENV.replace("Deployment/api", "shop/Deployment/1.5");
    api.answering(
        "/apis/listenbacklog.io/v1alpha1/clusterbacklogpolicies/all",
        POLICY
            .replace("\"BacklogPolicy\"", "\"ClusterBacklogPolicy\"")
            .formatted(all + "," + all.replace("shop/", "stage/")));

    String out = api.run("patch", "cblp/all").out();

    assertThat(out).startsWith("# A target's namespace is the one in the workload's own file");
    var patches = patches(out);
    assertThat(patches)
        .extracting(each -> each.get("target"))
        .isEqualTo(
            List.of(
                Map.of("kind", "Deployment", "namespace", "shop", "name", "1\\.5"),
                Map.of("kind", "Deployment", "namespace", "stage", "name", "1\\.5")));
    Map<?, ?> body =
        new KubernetesSerialization()
            .unmarshal(String.valueOf(patches.getLast().get("patch")), Map.class);
    assertThat(body.get("metadata")).isEqualTo(Map.of("namespace", "stage", "name", "1.5"));
  }

  /** Its name is that of its content, the same in each namespace. */
  @Test
  void aConfigMapIsSavedOnceForEachNamespace() {
    String map =
        "---\\napiVersion: v1\\nkind: ConfigMap\\nmetadata:\\n  name: python\\ndata:\\n  x: y\\n";
    String all =
        (ENV + "," + OTHER)
            .replace("Deployment/api", "shop/Deployment/api")
            .replace("--backlog=64\\\"\\n", "--backlog=64\\\"\\n" + map);
    api.answering(
        "/apis/listenbacklog.io/v1alpha1/clusterbacklogpolicies/all",
        POLICY
            .replace("\"BacklogPolicy\"", "\"ClusterBacklogPolicy\"")
            .formatted(all + "," + all.replace("shop/", "stage/")));

    String out = api.run("patch", "cblp/all").out();

    assertThat(out.split("to be saved as a file", -1)).hasSize(3);
    assertThat(out)
        .contains(
            "metadata:\n  namespace: 'shop'\n  name: python\n",
            "metadata:\n  namespace: 'stage'\n  name: python\n");
  }

  private static List<Map<?, ?>> patches(String kustomization) {
    Map<?, ?> read = new KubernetesSerialization().unmarshal(kustomization, Map.class);
    return ((List<?>) Objects.requireNonNull(read.get("patches")))
        .stream().<Map<?, ?>>map(each -> (Map<?, ?>) each).toList();
  }

  /** It is of a Deployment then, and that has another name. */
  @Test
  void thePatchOfATemplateElsewhereIsOnlyShown() {
    api.answering(
        PATH,
        POLICY.formatted(
            ENV.replace("Deployment/", "Rollout/").replace("OwnedByOthers", "TemplateElsewhere")));

    for (String format : new String[] {"kustomize", "json-patch"}) {
      assertThat(api.run("patch", "web", "-o", format).out().lines())
          .isNotEmpty()
          .allMatch(line -> line.startsWith("#"));
    }
  }

  @Test
  void aJsonPatchOfAWorkloadThatIsGoneSaysSo() {
    api.answering(PATH, POLICY.formatted(ENV));

    assertThat(api.run("patch", "web", "--output=json-patch").out())
        .contains("it is not there any more");
    assertThat(api.run("patch", "web", "--output=jsonpatch").err()).contains("json-patch");
  }

  @Test
  void helmGetsAHintInComments() {
    api.answering(PATH, POLICY.formatted(ENV));
    assertThat(api.run("patch", "web", "--format=helm").out().lines())
        .allMatch(line -> line.startsWith("#"))
        .anyMatch(line -> line.contains("--backlog=64"));
  }

  @Test
  void nothingToPatchAndNoPolicyAreSaid() {
    api.answering(PATH, POLICY.formatted(""));
    assertThat(api.run("patch", "web").err()).contains("nothing to patch");
    assertThat(api.run("patch", "none").err()).contains("no BacklogPolicy none in namespace shop");
    assertThat(api.run("patch", "none").status()).isEqualTo(1);
    assertThat(api.run("pause", "cblp/none").err()).contains("no ClusterBacklogPolicy none");
  }

  @Test
  void pauseAndResumeSayWhatTheyDid() {
    api.answering(PATH, POLICY.formatted(""));
    assertThat(api.run("pause", "web").out())
        .isEqualTo(
            "web paused: begins no change of applications' configuration; what is raised stays, and raising goes on\n");
    assertThat(api.run("resume", "web").out()).isEqualTo("web resumed\n");
    assertThat(api.run("resume", "web", "-o", "wide").out()).isEqualTo("web resumed\n");
  }

  @Test
  void whoPausesWhatIsNeverConfiguredIsToldHowToEndTheRaising() {
    api.answering(PATH, POLICY.formatted(""));
    assertThat(api.run("pause", "web").err())
        .contains("AppConfig is not among the remedies of web", "mode: Observe ends the raising");
    assertThat(api.run("resume", "web").err()).isEmpty();

    api.answering(
        PATH,
        POLICY
            .formatted("")
            .replace("\"spec\": {}", "\"spec\": {\"remedies\": [\"AppConfig\", \"Relisten\"]}"));
    assertThat(api.run("pause", "web").err()).isEmpty();
  }

  @Test
  void pauseAndResumeAreForProgramsToo() {
    api.answering(PATH, POLICY.formatted(""))
        .answering(
            "/apis/listenbacklog.io/v1alpha1/clusterbacklogpolicies/all",
            "{\"apiVersion\": \"listenbacklog.io/v1alpha1\", \"kind\": \"ClusterBacklogPolicy\", \"metadata\": {\"name\": \"all\"}, \"spec\": {}}");

    assertThat(read("pause", "web", "-o", "json"))
        .isEqualTo(
            Map.of(
                "apiVersion",
                "cli.listenbacklog.io/v1alpha1",
                "kind",
                "PolicyState",
                "policyKind",
                "BacklogPolicy",
                "namespace",
                "shop",
                "policy",
                "web",
                "paused",
                true));
    assertThat(read("resume", "cblp/all", "-o", "yaml"))
        .isEqualTo(
            Map.of(
                "apiVersion",
                "cli.listenbacklog.io/v1alpha1",
                "kind",
                "PolicyState",
                "policyKind",
                "ClusterBacklogPolicy",
                "policy",
                "all",
                "paused",
                false));
  }

  private Map<?, ?> read(String... command) {
    return new KubernetesSerialization().unmarshal(api.run(command).out(), Map.class);
  }
}
