package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is not as it should be, a user is told what to do about it, and no stack. */
class RefusalTest {
  private final FakeApi api = new FakeApi();

  @AfterEach
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"top", "doctor", "recommend", "events", "explain web-1", "version"})
  void anApiServerThatIsNotThereIsSaidNotToBe(String command) {
    var ran =
        FakeApi.run(FakeApi.kubeconfig("http://localhost:1"), Terminal.NONE, command.split(" "));

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .contains("the API server cannot be reached")
        .hasLineCount(1)
        .doesNotContain("Exception", "\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x: [", "{a: b}", "clusters: 7", "\u0001"})
  void aKubeconfigThatCannotBeReadIsSaidToBeInvalid(String text) throws IOException {
    var file = Files.writeString(Files.createTempFile("kubeconfig", ".yaml"), text);

    var ran = FakeApi.run(file, Terminal.NONE, "top");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .startsWith("kubectl backlog: the kubeconfig is not valid")
        .hasLineCount(1)
        .doesNotContain("\tat ");
  }

  /** As kubectl does. */
  @Test
  void noOtherAuthorityIsTrustedThanTheKubeconfigNames() throws Exception {
    try (var secure = FakeApi.overTls()) {
      var backlog = new BacklogCommand();
      backlog.kubeconfig = secure.kubeconfig();
      try (var client = backlog.client()) {
        var trust = (X509TrustManager) SSLUtils.trustManagers(client.getConfiguration())[0];

        assertThat(trust.getAcceptedIssuers())
            .singleElement()
            .returns("CN=localhost", each -> each.getSubjectX500Principal().getName());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"doctor", "explain web-1"})
  void withoutTheOperatorItIsAskedWhetherItIsInstalled(String command) {
    var ran = api.run(command.split(" "));

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("is the operator installed?").hasLineCount(1);
  }

  @Test
  void withoutProbesTopAsksTheSame() {
    api.answering("/api/v1/pods", FakeApi.list("PodList", ""));

    var ran = api.run("top");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("is the operator installed?");
  }

  @Test
  void theMissingRightIsNamed() {
    api.forbidding(
        "/apis/listenbacklog.io/v1alpha1/nodebacklogs",
        "list",
        "nodebacklogs",
        "listenbacklog.io",
        "at the cluster scope");

    var ran = api.run("doctor");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo(
            "kubectl backlog: you lack the right to list nodebacklogs.listenbacklog.io in the whole cluster; ask who"
                + " administers the cluster\n");
  }

  @Test
  void theMissingRightInANamespaceToo() {
    api.forbidding(
        "/apis/events.k8s.io/v1/namespaces/shop/events",
        "list",
        "events",
        "events.k8s.io",
        "in the namespace \"shop\"");

    assertThat(api.run("events").err())
        .contains("the right to list events.events.k8s.io in namespace shop;");
  }

  @Test
  void aPodThatIsGoneIsSaidToBe() {
    api.withReadyProbes()
        .answering(
            "/apis/listenbacklog.io/v1alpha1/nodebacklogs", FakeApi.list("NodeBacklogList", ""));

    var ran = api.run("explain", "web-1");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .isEqualTo("kubectl backlog: there is no pod web-1 in namespace shop (any more)\n");
  }

  @Test
  void aKubeconfigOrContextThatDoesNotExistIsNamed() {
    var noFile = FakeApi.run(Path.of("/nonexistent/config"), Terminal.NONE, "top");
    assertThat(noFile.err()).contains("the kubeconfig /nonexistent/config cannot be read");
    assertThat(noFile.status()).isEqualTo(1);

    var noContext = api.run("top", "--context", "prod");
    assertThat(noContext.err()).contains("no kubeconfig has a context prod");
    assertThat(noContext.status()).isEqualTo(1);
  }

  @Test
  void wrongUsageIsAnsweredWithTheRight() {
    var format = api.run("top", "-o", "xml");
    assertThat(format.status()).isEqualTo(2);
    assertThat(format.err())
        .contains("'xml' is none of wide, json, yaml", "Usage: kubectl backlog top");
    assertThat(api.run("top", "--watch", "--interval", "0").status()).isEqualTo(2);
    assertThat(api.run().status()).isEqualTo(2);
    assertThat(api.run("--help").out()).startsWith("Usage: kubectl backlog ");
  }
}
