package io.listenbacklog.controller.uninstall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.listenbacklog.controller.ControllerSettings;
import io.listenbacklog.controller.MockApi;
import io.listenbacklog.controller.Writer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class UninstallTest {
  private static final String DEPLOYMENT =
      "/apis/apps/v1/namespaces/operator/deployments/controller";
  private static final String BACKLOGS = "/apis/listenbacklog.io/v1alpha1/nodebacklogs";
  private static final String PROBES =
      "/api/v1/namespaces/operator/pods?labelSelector=app.kubernetes.io%2Fcomponent%3Dprobe";
  private static final String NODE =
      "{\"kind\": \"NodeBacklog\", \"apiVersion\": \"listenbacklog.io/v1alpha1\", \"metadata\": {\"name\": \"node-1\", \"generation\": 2}, \"spec\": {\"requirements\": []}, \"status\": {\"observedGeneration\": 2}}";

  private final MockApi api = MockApi.told();

  @BeforeEach
  void start() {
    get(
        DEPLOYMENT,
        "{\"kind\": \"Deployment\", \"apiVersion\": \"apps/v1\", \"metadata\": {\"name\": \"controller\"}, \"spec\": {\"selector\": {\"matchLabels\": {\"app\": \"controller\"}}}}");
    api.server().expect().patch().withPath(DEPLOYMENT + "/scale").andReturn(200, "{}").always();
    get(BACKLOGS + "?limit=500", list(NODE));
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
  void withoutTheKindOfTheirOrdersTheProbesUndoNothingAndThatIsSaid() throws Exception {
    api.server().clearExpectations(); // what nobody expects is answered with 404
    get(
        DEPLOYMENT,
        "{\"kind\": \"Deployment\", \"apiVersion\": \"apps/v1\", \"metadata\": {\"name\": \"controller\"}, \"spec\": {\"selector\": {\"matchLabels\": {\"app\": \"controller\"}}}}");
    api.server().expect().patch().withPath(DEPLOYMENT + "/scale").andReturn(200, "{}").always();
    get("/api/v1/namespaces/operator/pods?labelSelector=app%3Dcontroller", list(""));
    get(PROBES, list(""));
    var said = new ListAppender<ILoggingEvent>();
    said.start();
    var logger = (Logger) LoggerFactory.getLogger(Uninstall.class);
    logger.addAppender(said);
    try {
      uninstall().run();
    } finally {
      logger.detachAppender(said);
    }

    assertThat(said.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(each -> each.contains("all remedies are undone"))
        .anyMatch(each -> each.startsWith("nothing is undone: there is no kind NodeBacklog"));
  }

  private Uninstall uninstall() {
    var settings =
        ControllerSettings.of(
            Map.of(
                "POD_NAMESPACE", "operator",
                "POD_NAME", "uninstall",
                "CONTROLLER_DEPLOYMENT", "controller",
                "UNINSTALL_TIMEOUT_SECONDS", "3"));
    var writer = new Writer(api.client(), new SimpleMeterRegistry());
    return new Uninstall(api.client(), settings, writer, Duration.ofSeconds(1));
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
