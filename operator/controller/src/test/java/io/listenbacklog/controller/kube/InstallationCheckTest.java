package io.listenbacklog.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.controller.MockApi;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InstallationCheckTest {
  private static final String KINDS = "/apis/listenbacklog.io/v1alpha1";
  private static final String SELECTOR =
      "?labelSelector=app.kubernetes.io%%2Fname%%3Dlisten-backlog-operator%%2Capp.kubernetes.io%%2Fcomponent%%3D%s";
  private static final String CONTROLLERS =
      "/apis/apps/v1/namespaces/operator/deployments" + SELECTOR.formatted("controller");
  private static final String PROBES =
      "/apis/apps/v1/namespaces/operator/daemonsets" + SELECTOR.formatted("probe");

  private final MockApi api = MockApi.answering();

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void whereAllPartsAreReadyNothingIsWrong() throws Exception {
    kinds("backlogpolicies", "clusterbacklogpolicies", "nodebacklogs");
    controller(1);
    probe(3, 3);

    assertThat(problems()).isEmpty();
  }

  @Test
  void aKindThatIsNotServedIsNamed() throws Exception {
    kinds("backlogpolicies", "clusterbacklogpolicies");
    controller(1);
    probe(3, 3);

    assertThat(problems()).containsExactly("nodebacklogs are not served: apply the chart's crds/");
  }

  @Test
  void withoutTheCrdsAllAreNamed() throws Exception {
    controller(1);
    probe(3, 3);

    assertThat(problems()).hasSize(3).allMatch(each -> each.contains("are not served"));
  }

  @Test
  void whatIsNotReadyIsNamedWithItsNumbers() throws Exception {
    kinds("backlogpolicies", "clusterbacklogpolicies", "nodebacklogs");
    controller(0);
    probe(3, 1);
    pods(
        "controller",
        """
        {"metadata": {"name": "controller-1"}, "spec": {},
         "status": {"phase": "Pending", "conditions": [
           {"type": "PodScheduled", "status": "False", "message": "0/3 nodes are available"}]}}
        """);
    pods(
        "probe",
        pod("probe-1", "worker-1", "True", "\"running\": {}"),
        pod("probe-2", "worker-2", "False", "\"waiting\": {\"reason\": \"CrashLoopBackOff\"}"),
        pod("probe-3", "worker-3", "False", "\"waiting\": {\"reason\": \"ImagePullBackOff\"}"));

    assertThat(problems())
        .containsExactly(
            "no replica of Deployment controller is ready: pod controller-1 is not scheduled (0/3"
                + " nodes are available)",
            "DaemonSet probe is ready on 1 of 3 nodes: pod probe-2 on node worker-2:"
                + " CrashLoopBackOff, pod probe-3 on node worker-3: ImagePullBackOff");
  }

  @Test
  void ofWhatRunsAndIsNotReadyTheLastEndIsToldIfThereWasOne() throws Exception {
    kinds("backlogpolicies", "clusterbacklogpolicies", "nodebacklogs");
    controller(1);
    probe(2, 0);
    pods(
        "probe",
        pod("probe-1", "worker-1", "False", "\"running\": {}"),
        pod(
            "probe-2",
            "worker-2",
            "False",
            "\"running\": {}",
            "\"terminated\": {\"reason\": \"OOMKilled\", \"exitCode\": 137}"));

    assertThat(problems())
        .containsExactly(
            "DaemonSet probe is ready on 0 of 2 nodes: pod probe-1 on node worker-1: not ready, pod"
                + " probe-2 on node worker-2: OOMKilled");
  }

  @Test
  void whereNoPodIsMadeIsSaidWhoKnowsWhy() throws Exception {
    kinds("backlogpolicies", "clusterbacklogpolicies", "nodebacklogs");
    controller(1);
    probe(3, 0);
    pods("probe");

    assertThat(problems())
        .containsExactly(
            "DaemonSet probe is ready on 0 of 3 nodes: it has no pod, kubectl describe says why"
                + " none is made");
  }

  @Test
  void ofManyPodsTenAreNamed() throws Exception {
    kinds("backlogpolicies", "clusterbacklogpolicies", "nodebacklogs");
    controller(1);
    probe(60, 0);
    pods(
        "probe",
        IntStream.range(100, 160)
            .mapToObj(i -> pod("probe-" + i, "worker-" + i, "False", "\"running\": {}"))
            .toArray(String[]::new));

    assertThat(problems())
        .singleElement()
        .asString()
        .contains("probe-109")
        .doesNotContain("probe-110")
        .endsWith(", and 50 more");
  }

  @Test
  void aProbeWithoutNodesIsNoProbe() throws Exception {
    kinds("backlogpolicies", "clusterbacklogpolicies", "nodebacklogs");
    controller(2);
    probe(0, 0);

    assertThat(problems()).containsExactly("DaemonSet probe has no node to run on");
  }

  @Test
  void partsThatAreNotThereAreMissed() throws Exception {
    kinds("backlogpolicies", "clusterbacklogpolicies", "nodebacklogs");
    answer(CONTROLLERS, "{\"kind\": \"DeploymentList\", \"apiVersion\": \"apps/v1\"}");
    answer(PROBES, "{\"kind\": \"DaemonSetList\", \"apiVersion\": \"apps/v1\"}");

    assertThat(problems())
        .containsExactly(
            "no controller is installed in namespace operator",
            "no probe is installed in namespace operator");
  }

  /** Right after an installation: it looks again as long as it has patience. */
  @Test
  void whatBecomesReadyMeanwhileIsNotWrong() throws Exception {
    kinds("backlogpolicies", "clusterbacklogpolicies", "nodebacklogs");
    controller(1);
    api.server().expect().get().withPath(PROBES).andReturn(200, probes(1, 0)).once();
    api.server().expect().get().withPath(PROBES).andReturn(200, probes(1, 1)).always();

    assertThat(
            new InstallationCheck(api.client(), "operator", System::nanoTime)
                .await(Duration.ofMinutes(5)))
        .isEmpty();
  }

  private List<String> problems() throws InterruptedException {
    return new InstallationCheck(api.client(), "operator", () -> 0).await(Duration.ZERO);
  }

  private void kinds(String... served) {
    var resources = new StringBuilder();
    for (String each : served) {
      if (!resources.isEmpty()) resources.append(',');
      resources.append(
          "{\"name\": \"%s\", \"kind\": \"K\", \"namespaced\": true, \"verbs\": []}"
              .formatted(each));
    }
    answer(
        KINDS,
        "{\"kind\": \"APIResourceList\", \"apiVersion\": \"v1\", \"groupVersion\": \"listenbacklog.io/v1alpha1\", \"resources\": [%s]}"
            .formatted(resources));
  }

  private void controller(int ready) {
    answer(
        CONTROLLERS,
        """
        {"kind": "DeploymentList", "apiVersion": "apps/v1", "items": [
          {"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "controller"}, "status": {"readyReplicas": %d}}]}
        """
            .formatted(ready));
  }

  private void probe(int wanted, int ready) {
    answer(PROBES, probes(wanted, ready));
  }

  private void pods(String component, String... pods) {
    answer(
        "/api/v1/namespaces/operator/pods" + SELECTOR.formatted(component),
        "{\"kind\": \"PodList\", \"apiVersion\": \"v1\", \"items\": [%s]}"
            .formatted(String.join(", ", pods)));
  }

  private static String pod(String name, String node, String ready, String... states) {
    String last = states.length > 1 ? ", \"lastState\": {%s}".formatted(states[1]) : "";
    return """
    {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "%s"}, "spec": {"nodeName": "%s"},
     "status": {"conditions": [{"type": "Ready", "status": "%s"}],
       "containerStatuses": [{"name": "probe", "state": {%s}%s}]}}
    """
        .formatted(name, node, ready, states[0], last);
  }

  private static String probes(int wanted, int ready) {
    return """
    {"kind": "DaemonSetList", "apiVersion": "apps/v1", "items": [
      {"kind": "DaemonSet", "apiVersion": "apps/v1", "metadata": {"name": "probe"},
       "status": {"desiredNumberScheduled": %d, "numberReady": %d}}]}
    """
        .formatted(wanted, ready);
  }

  private void answer(String path, String body) {
    api.server().expect().get().withPath(path).andReturn(200, body).always();
  }
}
