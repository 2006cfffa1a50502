package io.listenbacklog.controller.uninstall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.listenbacklog.controller.MockApi;
import io.listenbacklog.controller.settings.ControllerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class UninstallTest {
  private static final String DEPLOYMENT =
      "/apis/apps/v1/namespaces/operator/deployments/controller";
  private static final String BACKLOGS = "/apis/listenbacklog.io/v1alpha1/nodebacklogs";
  private static final String PROBES =
      "/api/v1/namespaces/operator/pods?labelSelector=app.kubernetes.io%2Fcomponent%3Dprobe";
  private static final String NODE =
      "{\"kind\": \"NodeBacklog\", \"apiVersion\": \"listenbacklog.io/v1alpha1\", \"metadata\":"
          + " {\"name\": \"node-1\", \"generation\": 2}, \"spec\": {\"requirements\": []},"
          + " \"status\": {\"observedGeneration\": 2}}";

  private static final String JOB = "/apis/batch/v1/namespaces/operator/jobs/uninstall";

  private final MockApi api = MockApi.answering();

  @BeforeEach
  void start() {
    tell("helm");
  }

  /** All that there is, and who made the Job. */
  private void tell(String manager) {
    api.server().clearExpectations(); // of several for one path the first would hold
    jobMadeBy(manager);
    get(
        DEPLOYMENT,
        "{\"kind\": \"Deployment\", \"apiVersion\": \"apps/v1\", \"metadata\": {\"name\":"
            + " \"controller\"}, \"spec\": {\"selector\": {\"matchLabels\": {\"app\":"
            + " \"controller\"}}}}");
    api.server().expect().patch().withPath(DEPLOYMENT + "/scale").andReturn(200, "{}").always();
    get(BACKLOGS + "?limit=10", list(NODE));
    api.server().expect().delete().withPath(BACKLOGS + "/node-1").andReturn(200, "{}").always();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void aControllersPodThatItsNodeCannotEndKeepsNoOtherNodeFromBeingRestored() throws Exception {
    controllerPod("False");
    get(PROBES, list(""));

    uninstall().run();

    assertThat(deleted()).containsExactly(BACKLOGS + "/node-1");
  }

  @Test
  void aControllerThatWorksOnWouldAskForTheRemediesAgainSoNothingIsChanged() {
    controllerPod("True");

    assertThatThrownBy(() -> uninstall().run()).hasMessageContaining("do not end");

    assertThat(deleted()).isEmpty();
  }

  @Test
  void anApiServerThatIsAwayForAMomentDoesNotEndTheWaitForTheProbes() throws Exception {
    get("/api/v1/namespaces/operator/pods?labelSelector=app%3Dcontroller", list(""));
    // As often as the client tries again by itself.
    api.server().expect().get().withPath(PROBES).andReturn(503, "{}").times(3);
    get(PROBES, list(""));

    uninstall().run();

    assertThat(deleted()).containsExactly(BACKLOGS + "/node-1");
  }

  @Test
  void anApiServerThatCannotBeReachedIsAskedAgainUntilTheTimeIsUp() {
    api.server().destroy();
    var messages = new ArrayList<String>();

    assertThatThrownBy(() -> run(uninstall(), messages))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(messages).contains("the API server did not answer, retrying");
  }

  @Test
  void withoutTheKindOfTheirOrdersTheProbesUndoNothingAndThatIsSaid() throws Exception {
    api.server().clearExpectations(); // what nobody expects is answered with 404
    jobMadeBy("helm");
    get(
        DEPLOYMENT,
        "{\"kind\": \"Deployment\", \"apiVersion\": \"apps/v1\", \"metadata\": {\"name\":"
            + " \"controller\"}, \"spec\": {\"selector\": {\"matchLabels\": {\"app\":"
            + " \"controller\"}}}}");
    api.server().expect().patch().withPath(DEPLOYMENT + "/scale").andReturn(200, "{}").always();
    get("/api/v1/namespaces/operator/pods?labelSelector=app%3Dcontroller", list(""));
    get(PROBES, list(""));

    assertThat(messagesOf(uninstall()))
        .noneMatch(each -> each.contains("all remedies are undone"))
        .anyMatch(each -> each.startsWith("nothing is undone: there is no kind NodeBacklog"));
  }

  @Test
  void aKindThatGoesWhileTheProbesAreWaitedForIsNoReportThatAllIsUndone() throws Exception {
    tellOneThatAsks();
    api.server().expect().get().withPath(BACKLOGS + "?limit=10").andReturn(404, "{}").always();

    assertThat(messagesOf(uninstall()))
        .noneMatch(each -> each.contains("all remedies are undone"))
        .anyMatch(each -> each.startsWith("nothing is undone: there is no kind NodeBacklog"));
  }

  /** As while its CustomResourceDefinition is Terminating: it is emptied first. */
  @Test
  void aNodeBacklogThatIsDeletedBeforeItsProbeReportedIsNotUndone() throws Exception {
    tellOneThatAsks();
    get(BACKLOGS + "?limit=10", list(""));

    assertThat(messagesOf(uninstall()))
        .noneMatch(each -> each.contains("all remedies are undone"))
        .anyMatch(each -> each.startsWith("not all is undone: the NodeBacklogs of these nodes"));
  }

  @Test
  void aNodeThatGoesAwayMeanwhileTakesWhatWasRaisedWithIt() throws Exception {
    tellOneThatAsks("node-2");
    get(BACKLOGS + "?limit=10", list(""));

    assertThat(messagesOf(uninstall())).contains("all remedies are undone");
  }

  private void tellOneThatAsks() {
    tellOneThatAsks("node-1");
  }

  /** A NodeBacklog of node-1 that asks for something, and what is said of it the first time. */
  private void tellOneThatAsks(String nodeWithProbe) {
    api.server().clearExpectations();
    jobMadeBy("helm");
    get("/api/v1/namespaces/operator/pods?labelSelector=app%3Dcontroller", list(""));
    get(PROBES, list(probeOn(nodeWithProbe)));
    String asking =
        NODE.replace(
            "\"requirements\": []", "\"requirements\": [{\"mode\": \"Enforce\", \"minimum\": 64}]");
    api.server()
        .expect()
        .get()
        .withPath(BACKLOGS + "?limit=10")
        .andReturn(200, list(asking))
        .once();
    api.server()
        .expect()
        .patch()
        .withPath(BACKLOGS + "/node-1?fieldManager=listenbacklog.io&force=true")
        .andReturn(200, NODE)
        .always();
  }

  private static String probeOn(String node) {
    return "{\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"metadata\": {\"namespace\": \"operator\", \"name\": \"probe-1\"}, \"spec\": {\"nodeName\": \"%s\"}, \"status\": {\"phase\": \"Running\", \"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]}}"
        .formatted(node);
  }

  private static List<String> messagesOf(Uninstall uninstall) throws InterruptedException {
    var messages = new ArrayList<String>();
    run(uninstall, messages);
    return messages;
  }

  /**
   * @param messages gets what is logged, also where it fails
   */
  private static void run(Uninstall uninstall, List<String> messages) throws InterruptedException {
    var logged = new ListAppender<ILoggingEvent>();
    logged.start();
    var logger = (Logger) LoggerFactory.getLogger(Uninstall.class);
    logger.addAppender(logged);
    try {
      uninstall.run();
    } finally {
      logger.detachAppender(logged);
      logged.list.stream().map(ILoggingEvent::getFormattedMessage).forEach(messages::add);
    }
  }

  /** Each program that reads a rendered chart makes the hooks when it installs. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "kubectl-client-side-apply",
        "kubectl",
        "argocd-controller",
        "kustomize-controller",
        "bridge-operator"
      })
  void aJobThatSomebodyElseMadeUninstallsNothing(String manager) throws Exception {
    tell(manager);

    uninstall().run();

    assertThat(requests()).containsExactly("GET " + JOB);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"helm-4.1.4", "helm-controller", "terraform-provider-helm_v3.0.2_x5", "bridge"})
  void aJobThatHelmMadeByAnyNameUninstalls(String manager) throws Exception {
    tell(manager);
    controllerPod("False");
    get(PROBES, list(""));

    uninstall().run();

    assertThat(deleted()).containsExactly(BACKLOGS + "/node-1");
  }

  @Test
  void whatFailsBringsTheControllerBack() {
    api.server().clearExpectations();
    jobMadeBy("helm");
    get(
        DEPLOYMENT,
        "{\"kind\": \"Deployment\", \"apiVersion\": \"apps/v1\", \"metadata\": {\"name\":"
            + " \"controller\"}, \"spec\": {\"replicas\": 3, \"selector\": {\"matchLabels\":"
            + " {\"app\": \"controller\"}}}}");
    api.server().expect().patch().withPath(DEPLOYMENT + "/scale").andReturn(200, "{}").always();
    get("/api/v1/namespaces/operator/pods?labelSelector=app%3Dcontroller", list(""));
    api.server().expect().get().withPath(BACKLOGS + "?limit=10").andReturn(403, "{}").always();

    assertThatThrownBy(() -> uninstall().run()).isInstanceOf(KubernetesClientException.class);

    assertThat(requests())
        .filteredOn(each -> each.startsWith("PATCH"))
        .hasSize(2)
        .last()
        .asString()
        .endsWith("{\"spec\":{\"replicas\":3}}");
  }

  @Test
  void aControllerAtNoughtGetsBackWhatTheChartSays() {
    controllerPod("True"); // does not end

    assertThatThrownBy(() -> uninstall().run()).isInstanceOf(IllegalStateException.class);

    assertThat(requests())
        .filteredOn(each -> each.startsWith("PATCH"))
        .last()
        .asString()
        .endsWith("{\"spec\":{\"replicas\":2}}");
  }

  /** Each of its requests, not the wait for the probes alone. */
  @Test
  void anApiServerThatHasTooMuchToDoIsAskedAgain() throws Exception {
    api.server().clearExpectations();
    int busy = 4; // the client itself tries again twice
    String deployment =
        "{\"kind\": \"Deployment\", \"apiVersion\": \"apps/v1\", \"metadata\": {\"name\":"
            + " \"controller\"}, \"spec\": {\"selector\": {\"matchLabels\": {\"app\":"
            + " \"controller\"}}}}";
    for (String path : List.of(JOB, DEPLOYMENT, BACKLOGS + "?limit=10", PROBES)) {
      api.server().expect().get().withPath(path).andReturn(429, "{}").times(busy);
    }
    api.server().expect().patch().withPath(DEPLOYMENT + "/scale").andReturn(500, "{}").times(busy);
    api.server().expect().delete().withPath(BACKLOGS + "/node-1").andReturn(503, "{}").times(busy);
    jobMadeBy("helm");
    get(DEPLOYMENT, deployment);
    api.server().expect().patch().withPath(DEPLOYMENT + "/scale").andReturn(200, "{}").always();
    get("/api/v1/namespaces/operator/pods?labelSelector=app%3Dcontroller", list(""));
    get(BACKLOGS + "?limit=10", list(NODE));
    get(PROBES, list(""));
    api.server().expect().delete().withPath(BACKLOGS + "/node-1").andReturn(200, "{}").always();

    uninstall(60).run();

    assertThat(deleted()).contains(BACKLOGS + "/node-1");
  }

  private void jobMadeBy(String manager) {
    get(
        JOB,
        """
        {"kind": "Job", "apiVersion": "batch/v1", "metadata": {"name": "uninstall", "managedFields": [
          {"manager": "%s", "operation": "Update"},
          {"manager": "kube-controller-manager", "operation": "Update", "subresource": "status"}]}}
        """
            .formatted(manager));
  }

  /** Method, path and body of each. */
  private List<String> requests() {
    var requests = new ArrayList<String>();
    try {
      for (int left = api.server().getRequestCount(); left > 0; left--) {
        RecordedRequest each = api.server().takeRequest();
        requests.add((each.getMethod() + " " + each.getPath() + " " + each.getUtf8Body()).strip());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return requests;
  }

  private Uninstall uninstall() {
    return uninstall(3);
  }

  private Uninstall uninstall(int timeoutSeconds) {
    var settings =
        ControllerSettings.of(
            Map.of(
                "POD_NAMESPACE", "operator",
                "POD_NAME", "uninstall",
                "CONTROLLER_DEPLOYMENT", "controller",
                "CONTROLLER_REPLICAS", "2",
                "UNINSTALL_JOB", "uninstall",
                "UNINSTALL_TIMEOUT_SECONDS", Integer.toString(timeoutSeconds)));
    return new Uninstall(api.client(), settings, Duration.ofSeconds(1));
  }

  private void controllerPod(String ready) {
    get(
        "/api/v1/namespaces/operator/pods?labelSelector=app%3Dcontroller",
        list(
            "{\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"metadata\": {\"namespace\": \"operator\", \"name\": \"controller-1\"}, \"status\": {\"phase\": \"Running\", \"conditions\": [{\"type\": \"Ready\", \"status\": \"%s\"}]}}"
                .formatted(ready)));
  }

  private void get(String path, String answer) {
    api.server().expect().get().withPath(path).andReturn(200, answer).always();
  }

  private static String list(String items) {
    return "{\"kind\": \"List\", \"apiVersion\": \"v1\", \"metadata\": {}, \"items\": [%s]}"
        .formatted(items);
  }

  private List<String> deleted() {
    var paths = new ArrayList<String>();
    try {
      for (int left = api.server().getRequestCount(); left > 0; left--) {
        RecordedRequest each = api.server().takeRequest();
        if (each.getMethod().equals("DELETE")) paths.add(each.getPath());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return paths;
  }
}
